/** Wires that are joined end to end: names of ends are data, and who was at the other end is let go. */
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { exactness, learnt, type Step, walk } from "./toy.ts";

type Peer = readonly [wire: string, end: string] | readonly [null, null];
type Wire = Record<string, Json> & { readonly id: number; readonly name: string; readonly ends: Record<string, Peer> };
type Bench = Record<string, Json> & { readonly wires: readonly Wire[] };

const loose: Peer = [null, null];

const start = (episode: number): Bench => ({
  wires: [0, 1, 2, 3].map((n) => ({
    id: episode * 4 + n,
    name: `wire ${episode * 4 + n}`,
    ends: n === 3 ? { plus: loose, minus: loose } : { left: loose, right: loose },
  })),
});

/** A step joins an end of one wire to an end of another; whoever was there before is let go. */
const step: Step<Bench> = ({ wires }, random) => {
  const [one, other] = [random.below(4), random.below(3)];
  const [a, b] = [wires[one], wires[(one + 1 + other) % 4]];
  if (a === undefined || b === undefined) throw new Error("four wires");
  const endOf = ({ ends }: Wire) => Object.keys(ends)[random.below(2)] ?? "";
  const [x, y] = [endOf(a), endOf(b)];
  const peerOf = (wire: Wire, end: string, peer: Peer): Peer => {
    if (wire === a && end === x) return [b.name, y];
    if (wire === b && end === y) return [a.name, x];
    const isLetGo = (peer[0] === a.name && peer[1] === x) || (peer[0] === b.name && peer[1] === y);
    return isLetGo ? loose : peer;
  };
  const next = wires.map((wire) => ({
    ...wire,
    ends: Object.fromEntries(Object.entries(wire.ends).map(([end, peer]) => [end, peerOf(wire, end, peer)])),
  }));
  return [`join ${a.name} ${x} to ${b.name} ${y}`, { wires: next }];
};

describe("wires", () => {
  const learner = learnt(walk(start, step, 300));

  it("are joined and let go by rules that hold for all ends", () => {
    expect(
      exactness(
        learner.current(),
        walk((episode) => start(episode + 500), step, 120, 3),
      ),
    ).toBeGreaterThan(0.97);
  });

  it("have rules that name no end", () => {
    const says = (learner.current().rules?.() ?? []).map((rule) => rule.says).filter((text) => text.includes("ends."));
    expect(says.length).toBeGreaterThan(0);
    expect(says.filter((text) => !text.includes("ends.*"))).toEqual([]);
  });
});
