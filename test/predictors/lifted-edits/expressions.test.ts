/** Each kind of expression is learnt from a few dozen steps of a toy world and foretold in worlds with other names. */
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { exactness, learnt, type Step, walk } from "./toy.ts";

interface World {
  readonly name: string;
  readonly start: (episode: number) => Record<string, Json>;
  readonly step: Step<Record<string, Json>>;
}

const at = (state: Json | undefined, key: string): Json => (state as Record<string, Json>)[key] ?? null;
const items = (episode: number, make: (n: number) => Json): Record<string, Json> =>
  Object.fromEntries([0, 1, 2].map((n) => [`item ${episode * 3 + n}`, make(episode * 3 + n)]));
const pick = (state: Record<string, Json>, random: { below(n: number): number }) => {
  const keys = Object.keys(at(state, "items") as Record<string, Json>);
  return keys[random.below(keys.length)] ?? "";
};
const withItem = (state: Record<string, Json>, key: string, change: Record<string, Json>) => ({
  ...state,
  items: { ...(state["items"] as object), [key]: { ...(at(state["items"], key) as object), ...change } },
});
const call = (name: string, args: Record<string, Json>): Json => ({ name, arguments: args });

const worlds: readonly World[] = [
  {
    name: "constants under a condition",
    start: (episode) => ({ items: items(episode, (n) => ({ open: false, locked: n % 2 === 0 })) }),
    step: (state, random) => {
      const key = pick(state, random);
      const locked = at(at(state["items"], key), "locked") === true;
      return [call("open", { id: key }), locked ? state : withItem(state, key, { open: true })];
    },
  },
  {
    name: "copies of arguments and of attributes",
    start: (episode) => ({
      here: "nowhere",
      items: items(episode, (n) => ({ place: `place ${(n * 7) % 50}`, label: "" })),
    }),
    step: (state, random) => {
      const key = pick(state, random);
      if (random.below(2) === 0) return [`go to ${key}`, { ...state, here: at(at(state["items"], key), "place") }];
      const text = `label ${random.below(90)}`;
      return [call("name", { id: key, text }), withItem(state, key, { label: text })];
    },
  },
  {
    name: "steps by a number, by an argument, and up to a bound",
    start: (episode) => ({ items: items(episode, (n) => ({ count: n % 5, level: 20, top: 30 + (n % 3) })) }),
    step: (state, random) => {
      const key = pick(state, random);
      const item = at(state["items"], key);
      const [count, level, top] = [Number(at(item, "count")), Number(at(item, "level")), Number(at(item, "top"))];
      if (random.below(3) === 0) return [call("add", { id: key }), withItem(state, key, { count: count + 3 })];
      const by = 5 + random.below(40);
      if (random.below(2) === 0) return [call("put", { id: key, by }), withItem(state, key, { count: count + by })];
      return [call("heat", { id: key }), withItem(state, key, { level: Math.min(level + 7, top) })];
    },
  },
  {
    name: "a look-up of what the argument names, with the error that fits",
    start: (episode) => ({
      result: null,
      items: items(episode, (n) => ({ id: `item ${n}`, price: n * 1.5, tags: ["a", `t${n}`] })),
    }),
    step: (state, random) => {
      const key = random.below(3) === 0 ? `item ${9_000 + random.below(900)}` : pick(state, random);
      const found = at(state["items"], key);
      return [call("show", { id: key }), { ...state, result: found ?? `Error: ${key} not found` }];
    },
  },
  {
    name: "lists: append, remove by identity, take the last",
    start: (episode) => ({ items: items(episode, () => ({ notes: [], held: true })) }),
    step: (state, random) => {
      const key = pick(state, random);
      const notes = at(at(state["items"], key), "notes") as readonly Json[];
      const word = `note ${random.below(60)}`;
      const some = notes[random.below(Math.max(1, notes.length))];
      const kind = random.below(3);
      if (kind === 0 && notes.length > 1)
        return [call("undo", { id: key }), withItem(state, key, { notes: notes.slice(0, -1) })];
      if (kind === 1 && notes.length > 1 && some !== undefined)
        return [
          call("strike", { id: key, word: some }),
          withItem(state, key, { notes: notes.filter((one) => one !== some) }),
        ];
      return [
        call("note", { id: key, word }),
        notes.includes(word) ? state : withItem(state, key, { notes: [...notes, word] }),
      ];
    },
  },
  {
    name: "records made of arguments and attributes",
    start: (episode) => ({ items: items(episode, (n) => ({ price: 10 + n, log: [] })) }),
    step: (state, random) => {
      const key = pick(state, random);
      const item = at(state["items"], key);
      const by = `card ${random.below(80)}`;
      const log = [...(at(item, "log") as readonly Json[]), { kind: "paid", amount: at(item, "price"), by }];
      return [call("pay", { id: key, by }), withItem(state, key, { log })];
    },
  },
  {
    name: "arithmetic in an argument, and sums over what a list names",
    start: (episode) => ({ answer: 0, items: items(episode, (n) => ({ price: 10 + ((n * 37) % 91) })) }),
    step: (state, random) => {
      if (random.below(2) === 0) {
        const [a, b] = [random.below(90) + 3, random.below(90) + 3];
        return [call("reckon", { sum: `${a} * ${b}` }), { ...state, answer: a * b }];
      }
      const ids = Object.keys(state["items"] as object).slice(random.below(2));
      const total = ids.reduce((sum, id) => sum + Number(at(at(state["items"], id), "price")), 0);
      return [call("total", { ids }), { ...state, answer: total }];
    },
  },
  {
    name: "things that come and go",
    start: (episode) => ({ items: items(episode, (n) => ({ open: n % 2 === 0 })), next: `item ${1_000 + episode}` }),
    step: (state, random) => {
      const key = pick(state, random);
      const known = state["items"] as Record<string, Json>;
      if (random.below(2) === 0 && Object.keys(known).length > 2) {
        const { [key]: _, ...rest } = known;
        return [call("drop", { id: key }), { ...state, items: rest }];
      }
      const id = `item ${2_000 + random.below(7_000)}`;
      return [call("make", { id }), { ...state, items: { ...known, [id]: { open: true } } }];
    },
  },
];

describe("expressions", () => {
  for (const { name, start, step } of worlds) {
    it(`learns ${name}`, () => {
      const learner = learnt(walk(start, step, 360));
      const others = walk((episode) => start(episode + 500), step, 96, 2);
      const nothing = others.filter((one) => one.state === one.nextState).length / others.length;
      const exact = exactness(learner.current(), others);
      expect(exact).toBeGreaterThan(0.97);
      expect(exact).toBeGreaterThan(nothing);
    });
  }

  it("moves things between lists as one edit, at the end of the new list", () => {
    const names = ["box 1", "bag 2", "pen 3", "cup 4", "key 5"];
    const stateOf = (boxed: readonly string[], bagged: readonly string[]): Record<string, Json> => ({
      things: names.map((name, n) => ({
        id: n + 1,
        name,
        holds: name === "box 1" ? boxed : name === "bag 2" ? bagged : [],
      })),
    });
    const step: Step<Record<string, Json>> = (state, random) => {
      const [box, bag] = ["box 1", "bag 2"].map((name) =>
        at(
          (state["things"] as readonly Json[]).find((one) => at(one, "name") === name),
          "holds",
        ),
      ) as [string[], string[]];
      const thing = names[2 + random.below(3)] ?? "";
      const to = random.below(2) === 0 ? "box 1" : "bag 2";
      const without = (list: string[]) => list.filter((one) => one !== thing);
      const next =
        to === "box 1"
          ? stateOf([...without(box), thing], without(bag))
          : stateOf(without(box), [...without(bag), thing]);
      return [`put ${thing} in ${to}`, next];
    };
    const learner = learnt(walk(() => stateOf(["pen 3", "cup 4"], ["key 5"]), step, 240));
    expect(
      exactness(
        learner.current(),
        walk(() => stateOf(["key 5"], ["pen 3", "cup 4"]), step, 96, 5),
      ),
    ).toBeGreaterThan(0.95);
  });
});
