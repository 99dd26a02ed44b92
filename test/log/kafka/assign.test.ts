/** The assignment: complete, even, sticky, and never to two at once. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assign, type GroupMember } from "../../../src/log/kafka/assign.ts";

/** Rounds until nothing moves: whoever loses a partition gives it up and joins again. */
function settle(members: readonly GroupMember[], partitions: number) {
  let now = members;
  for (let round = 0; round < 10; round++) {
    const given = assign(now, partitions);
    const next = now.map(({ id }) => ({ id, held: given.get(id) ?? [], generation: round + 100 }));
    if (JSON.stringify(next.map(({ held }) => held)) === JSON.stringify(now.map(({ held }) => held)))
      return { now, round };
    now = next;
  }
  throw new Error("the assignment does not settle");
}

const groups = fc
  .record({
    partitions: fc.integer({ min: 1, max: 40 }),
    members: fc.integer({ min: 1, max: 12 }),
    owners: fc.array(fc.integer({ min: -1, max: 11 }), { minLength: 40, maxLength: 40 }),
  })
  .map(({ partitions, members, owners }) => ({
    partitions,
    members: Array.from({ length: members }, (_, number) => ({
      id: `m${number}`,
      held: Array.from({ length: partitions }, (_, at) => at).filter((at) => owners[at] === number),
      generation: 1,
    })),
  }));

describe("the assignment", () => {
  it("gives every partition to one member, as evenly as can be, within two rounds", () => {
    fc.assert(
      fc.property(groups, ({ partitions, members }) => {
        const { now, round } = settle(members, partitions);
        const all = now.flatMap(({ held }) => held).sort((a, b) => a - b);
        expect(all).toEqual(Array.from({ length: partitions }, (_, at) => at));
        const counts = now.map(({ held }) => held.length);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        expect(round).toBeLessThanOrEqual(2);
      }),
      { seed: 1 },
    );
  });

  it("gives nobody a partition that another still holds", () => {
    fc.assert(
      fc.property(groups, ({ partitions, members }) => {
        const holders = new Map(members.flatMap(({ id, held }) => held.map((partition) => [partition, id] as const)));
        for (const [id, its] of assign(members, partitions)) {
          for (const partition of its) expect(holders.get(partition) ?? id).toBe(id);
        }
      }),
      { seed: 2 },
    );
  });

  it("moves nothing where the shares are even already", () => {
    const members = [
      { id: "a", held: [3, 5], generation: 4 },
      { id: "b", held: [0, 1], generation: 4 },
      { id: "c", held: [2, 4], generation: 4 },
    ];
    for (const { id, held } of members) expect(assign(members, 6).get(id)).toEqual(held);
  });

  it("believes the later of two that claim a partition", () => {
    const members = [
      { id: "a", held: [0], generation: 7 },
      { id: "b", held: [0, 1], generation: 3 },
    ];
    expect(assign(members, 2)).toEqual(
      new Map([
        ["a", [0]],
        ["b", [1]],
      ]),
    );
  });

  it("passes over what a member says that cannot be", () => {
    expect(assign([{ id: "a", held: [-1, 9, 0], generation: 1 }], 2)).toEqual(new Map([["a", [0, 1]]]));
  });
});
