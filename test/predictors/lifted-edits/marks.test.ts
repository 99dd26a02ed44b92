/**
 * Worlds whose things have plain names and whose facts come and go: a hand that is empty or full, what stands on what, where a lift is. Nothing
 * in a state says which keys are names, which values say a type, or who is the only one of a kind: all of it is found.
 */
import { describe, expect, it } from "vitest";
import type { Transition } from "../../../src/codec/records.ts";
import type { Json } from "../../../src/json/json.ts";
import { transitionOf } from "../../support/transitions.ts";
import { exactness, learnt, type Step, walk } from "./toy.ts";

type Block = {
  readonly type: string;
  readonly clear?: true;
  readonly table?: true;
  readonly held?: true;
  readonly on?: readonly [string];
};
type Blocks = { readonly objects: { readonly [name: string]: Block | Hand } };
type Hand = { readonly type: "robot"; readonly free?: true; readonly full?: true };

const names = ["ash", "birch", "cedar", "elm", "fir", "oak"];

/** A tower of some, the others on the table. */
function blocks(episode: number): Blocks {
  const own = names.slice(0, 4 + (episode % 3));
  const high = episode % 4;
  const block = (name: string, at: number): Block => ({
    type: "block",
    ...((at === 0 || at > high) && { clear: true }),
    ...(at < high ? { on: [own[at + 1] ?? name] } : { table: true }),
  });
  const objects = Object.fromEntries(own.map((name, at): readonly [string, Block | Hand] => [name, block(name, at)]));
  return { objects: { ...objects, robot: { type: "robot", free: true } } };
}

/** What a random agent asks for is mostly impossible, and then nothing happens. */
const stack: Step<Blocks> = ({ objects }, random) => {
  const own = Object.keys(objects).filter((name) => name !== "robot");
  const pick = () => own[random.below(own.length)] ?? "";
  const [one, other] = [pick(), pick()];
  const isFree = "free" in (objects["robot"] ?? {});
  const block = objects[one] as Block;
  const below = block.on?.[0];
  const hand = (full: boolean) => ({ robot: { type: "robot", ...(full ? { full: true } : { free: true }) } as Hand });
  const set = (more: Blocks["objects"]): Blocks => ({ objects: { ...objects, ...more } });
  const held: Block = { type: "block", held: true };
  switch (random.below(4)) {
    case 0:
      return [`take ${one}`, isFree && block.clear && block.table ? set({ ...hand(true), [one]: held }) : { objects }];
    case 1:
      return [
        `unstack ${one}`,
        isFree && block.clear && below !== undefined
          ? set({ ...hand(true), [one]: held, [below]: { ...(objects[below] as Block), clear: true } })
          : { objects },
      ];
    case 2:
      return [
        `put ${one}`,
        block.held ? set({ ...hand(false), [one]: { type: "block", clear: true, table: true } }) : { objects },
      ];
    default: {
      const { clear, ...rest } = objects[other] as Block;
      return [
        `stack ${one} ${other}`,
        block.held && clear
          ? set({ ...hand(false), [one]: { type: "block", clear: true, on: [other] }, [other]: rest })
          : { objects },
      ];
    }
  }
};

function withoutTypes(state: string | null): Json {
  return JSON.parse(state ?? "null", (key, value) => (key === "type" ? undefined : value));
}

type House = { readonly floors: { readonly [name: string]: Floor } };
type Floor = {
  readonly type: string;
  readonly above: readonly string[];
  readonly lift?: true;
};

/** Floors have other names in each house, so that nothing is known by its name. */
const letters = "abcdefghijklmnopqrstuvwxyz";
const storeysOf = (episode: number) =>
  [0, 1, 2, 3, 4].map((at) => [7, 11, 17].map((by) => letters[(by * (5 * episode + at) + at) % 26]).join(""));

function house(episode: number): House {
  const names = storeysOf(episode);
  const floor = (at: number): Floor => ({
    type: at === 4 ? "top" : "floor",
    above: names.slice(at + 1),
    ...(at === episode % 5 && { lift: true }),
  });
  return { floors: Object.fromEntries(names.map((name, at) => [name, floor(at)])) };
}

/** The lift goes up to what is above the floor where it is, and down to what that is above of; else it stays. */
const ride: Step<House> = ({ floors }, random) => {
  const names = Object.keys(floors);
  const to = names[random.below(names.length)] ?? "";
  const from = names.find((name) => floors[name]?.lift) ?? "";
  const isUp = random.below(2) === 0;
  const goes = (isUp ? floors[from]?.above.includes(to) : floors[to]?.above.includes(from)) === true;
  const { lift: _, ...left } = floors[from] as Floor;
  const arrived: Floor = { ...(floors[to] as Floor), lift: true };
  return [`${isUp ? "up" : "down"} ${to}`, { floors: goes ? { ...floors, [from]: left, [to]: arrived } : floors }];
};

type Visits = { readonly at: string; readonly seen: { readonly [name: string]: { readonly checked: true } } };
const rooms = [..."abcdefghij"].map((name) => `room ${name}`);

/** Who looks is seen himself from then on; a place is seen only where it is looked at. */
const visit: Step<Visits> = ({ at, seen }, random) => {
  const room = rooms[random.below(rooms.length)] ?? "";
  const see = (name: string): Visits["seen"] => ({ ...seen, [name]: { checked: true } });
  const which = random.below(6);
  if (which === 0) return ["look", { at, seen: see("me") }];
  if (which < 3) return [`examine ${room}`, { at, seen: see(room) }];
  return [`go to ${room}`, { at: room, seen }];
};

describe("facts that come and go", () => {
  it("what is there already does not come again, and is no word against its coming", () => {
    const start = (episode: number): Visits => ({ at: rooms[episode % 7] ?? "", seen: {} });
    const rules = learnt(walk(start, visit, 300)).current();
    const others = walk(start, visit, 1_200, 7);
    const looks = others.filter(({ action }) => action === JSON.stringify("look"));
    expect(looks.filter(({ state, nextState }) => state === nextState).length).toBeGreaterThan(40);
    expect(exactness(rules, looks)).toBeGreaterThan(0.98);
    expect(exactness(rules, others)).toBeGreaterThan(0.98);
  });

  it("blocks: who is on whom, and a hand that is told by its type, which is also its name", () => {
    const rules = learnt(walk(blocks, stack, 1_600)).current();
    const others = walk(blocks, stack, 800, 7);
    const changing = others.filter(({ state, nextState }) => state !== nextState);
    expect(changing.length).toBeGreaterThan(60);
    expect(exactness(rules, changing)).toBeGreaterThan(0.95);
    expect(exactness(rules, others)).toBeGreaterThan(0.99);
  });

  it("blocks without types: the hand is told by the fields that it alone has", () => {
    const untyped = (steps: readonly Transition[]) =>
      steps.map(({ state, nextState, action, episode, step }) =>
        transitionOf(withoutTypes(state), JSON.parse(action), withoutTypes(nextState), { episode, step }),
      );
    const rules = learnt(untyped(walk(blocks, stack, 1_600))).current();
    const others = untyped(walk(blocks, stack, 800, 7));
    const changing = others.filter(({ state, nextState }) => state !== nextState);
    expect(exactness(rules, changing)).toBeGreaterThan(0.95);
    expect(exactness(rules, others)).toBeGreaterThan(0.99);
  });

  it("a lift: the only one that is marked is known by its mark", () => {
    const rules = learnt(walk(house, ride, 900)).current();
    const others = walk(house, ride, 600, 7);
    const changing = others.filter(({ state, nextState }) => state !== nextState);
    expect(changing.length).toBeGreaterThan(100);
    expect(exactness(rules, changing)).toBeGreaterThan(0.97);
    expect(exactness(rules, others)).toBeGreaterThan(0.98);
  });
});
