/** What becomes of the lists that name a thing when it gets another name. */
import { expect, it } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { exactness, learnt, type Step, walk } from "./toy.ts";

interface Box {
  readonly [key: string]: Json;
  readonly things: readonly { readonly id: number; readonly name: string; readonly holds: readonly string[] }[];
}

it("writes a new name into the list that names the thing, where the old one stood", () => {
  const kinds = ["cup", "pen", "key", "hat"];
  const start = (episode: number): Box => {
    const names = kinds.map((_, at) => `${kinds[(at + episode) % 4]} ${at + 2}`);
    return {
      things: [{ id: 1, name: "box 1", holds: names }, ...names.map((name, at) => ({ id: at + 2, name, holds: [] }))],
    };
  };
  const step: Step<Box> = ({ things }, random) => {
    const own = things.slice(1).filter(({ name }) => !name.startsWith("burnt"));
    const named = own[random.below(own.length)]?.name;
    if (named === undefined || random.below(2) === 0) return ["look", { things }];
    const renamed = (name: string) => (name === named ? `burnt ${name}` : name);
    const next = things.map((one) => ({ ...one, name: renamed(one.name), holds: one.holds.map(renamed) }));
    return [`burn ${named}`, { things: next }];
  };
  const learner = learnt(walk(start, step, 240));
  expect(exactness(learner.current(), walk(start, step, 96, 50))).toBeGreaterThan(0.95);
});
