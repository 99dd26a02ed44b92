/**
 * Things are listed as a walk through what contains what. The pans of a scale are in no list; they follow it. Where the scale comes last, nothing
 * behind it says so: there it is known by their names, from where it can be seen.
 */
import { expect, it } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { exactness, learnt, type Step, walk } from "./toy.ts";

type Thing = { readonly name: string; readonly contains: readonly string[] };
type Room = { readonly things: readonly Thing[] };
const pans = ["left pan", "right pan"];

function told(contents: ReadonlyMap<string, readonly string[]>): Room {
  const things: Thing[] = [];
  const tell = (name: string) => {
    const contains = contents.get(name) ?? [];
    things.push({ name, contains });
    for (const one of contains) tell(one);
    if (name !== "scale") return;
    for (const pan of pans) things.push({ name: pan, contains: contents.get(pan) ?? [] });
    for (const one of pans.flatMap((pan) => contents.get(pan) ?? [])) tell(one);
  };
  tell("room");
  return { things };
}

const start = (): Room => told(new Map([["room", ["hand", "red cube", "blue cube", "green cube", "scale", "box"]]]));

/** A cube is put here or there; now and then the box, which stands behind the scale, is taken or put down again. */
const step: Step<Json> = (state, random) => {
  const { things } = state as Room;
  const pick = (list: readonly string[]) => list[random.below(list.length)] ?? "";
  const one = random.below(9) === 0 ? "box" : pick(["red cube", "blue cube", "green cube"]);
  const to = one === "box" ? pick(["room", "room", "hand"]) : pick([...pans, "room", "hand"]);
  const contents = new Map(things.map(({ name, contains }) => [name, contains.filter((other) => other !== one)]));
  contents.set(to, [...(contents.get(to) ?? []), one]);
  return [`put ${one} in ${to}`, told(contents)];
};

it("puts parts behind what they are parts of, also where nothing behind them tells", () => {
  const { current } = learnt(walk<Json>(start, step, 300));
  expect(exactness(current(), walk<Json>(start, step, 150, 7))).toBeGreaterThan(0.9);
});
