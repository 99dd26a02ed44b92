/** Ends of things, and names that only the wording tells. */
import { describe, expect, it } from "vitest";
import type { Transition } from "../../../../src/codec/records.ts";
import { endsIn, withoutEnds } from "../../../../src/predictors/text-edits/pages/ends.ts";
import { calledInFrame, createFrameCounts } from "../../../../src/predictors/text-edits/pages/frames.ts";
import { hole, shownTemplate } from "../../../../src/predictors/text-edits/reading.ts";
import { createRandom, type Random } from "../../../../src/stats/random.ts";
import { transitionOf } from "../../../support/transitions.ts";
import { learnt, predictAll } from "../toy.ts";

const things = "lamp bell radio fan pump clock heater siren motor drum horn printer kettle scale buzzer toaster".split(
  " ",
);
const pins = ["left pin of", "right pin of"];
const page = `Bench room:\n${things.map((thing) => `\ta ${thing}`).join("\n")}`;

/** On a bench each thing has two pins; the first that is free is taken, and all of a thing come free when it is cut off. */
function bench(random: Random): (() => readonly [action: string, answer: string])[] {
  const taken = new Map(things.map((thing) => [thing, new Map<string, readonly [string, string]>()]));
  const pinsOf = (thing: string) => taken.get(thing) ?? new Map<string, readonly [string, string]>();
  const one = () => things[random.below(things.length)] ?? "";
  const wire = (): readonly [string, string] => {
    const a = one();
    const b = things.filter((thing) => thing !== a)[random.below(things.length - 1)] ?? "";
    const [from, to] = [a, b].map((thing) => pins.find((pin) => !pinsOf(thing).has(pin)));
    if (from === undefined || to === undefined) return [`wire ${a} to ${b}`, "No pin is free."];
    pinsOf(a).set(from, [b, to]);
    pinsOf(b).set(to, [a, from]);
    return [`wire ${a} to ${b}`, `${from} ${a} now meets ${to} ${b}`];
  };
  const cut = (): readonly [string, string] => {
    const a = one();
    for (const [, [other, pin]] of pinsOf(a)) pinsOf(other).delete(pin);
    pinsOf(a).clear();
    return [`cut ${a}`, `${a} is off`];
  };
  const look = (): readonly [string, string] => ["look", page];
  return [wire, wire, cut, look];
}

function work(benches: number, seed: number, length = 24): Transition[] {
  const random = createRandom(seed);
  return Array.from({ length: benches }, (_, number) => {
    const acts = bench(random);
    let state = page;
    return Array.from({ length }, (_, step) => {
      const [action, next] = acts[random.below(acts.length)]?.() ?? ["look", page];
      const transition = transitionOf(state, action, next, { episode: `${seed}/${number}`, step });
      state = next;
      return transition;
    });
  }).flat();
}

describe("ends of things", () => {
  const phrases = new Set(pins);

  it("are taken out with the names behind them, and an argument that is named twice has two", () => {
    const text = "left pin of lamp now meets right pin of lamp";
    const ends = endsIn(text, ["lamp", "lamp"], phrases);
    expect(ends.map(({ at, phrase }) => [at, phrase])).toEqual([
      [0, "left pin of"],
      [1, "right pin of"],
    ]);
    expect(shownTemplate(withoutEnds(text, ends))).toBe("<end 0> now meets <end 1>");
    expect(endsIn("You see lamp", ["lamp"], phrases)).toEqual([]);
  });

  it("are foretold for pairs that were never tied like that before", () => {
    const steps = work(30, 1);
    const judged = predictAll(learnt(steps).current(), work(12, 2));
    const tied = judged.filter(({ transition }) => transition.nextState.includes("now meets"));
    const answers = new Set(steps.map(({ action, nextState }) => action + nextState));
    const unseen = tied.filter(({ transition }) => !answers.has(transition.action + transition.nextState));
    expect(unseen.length).toBeGreaterThan(30);
    expect(unseen.filter(({ right }) => right).length).toBeGreaterThan(0.9 * unseen.length);
  });
});

describe("names that only the wording tells", () => {
  const counts = createFrameCounts();
  const moved = `You move the ${hole("0")} to the ${hole("1")}.`;
  for (let times = 0; times < 3; times++) counts.add("move", moved);
  const shown = ["shelf", "box"];
  const called = (text: string, ...names: string[]) =>
    calledInFrame(counts.frames, "move", text, names, (at) => shown.includes(names[at] ?? ""));

  it("are read where the wording is known", () => {
    expect(called("You move the blue pillow to the shelf.", "something soft", "shelf")).toEqual([
      "blue pillow",
      "shelf",
    ]);
    expect(called("You cannot move the pillow to the shelf.", "something soft", "shelf")[0]).toBe("something soft");
  });

  it("are no names of other arguments, and leave alone what is named", () => {
    expect(called("You move the shelf to the shelf.", "something soft", "shelf")[0]).toBe("something soft");
    expect(called("You move the pillow to the shelf.", "pillow", "shelf")).toEqual(["pillow", "shelf"]);
    expect(called("You move the lid to the shelf.", "box", "shelf")).toEqual(["box", "shelf"]);
  });

  it("are read from wordings that were given often, and that say enough", () => {
    const few = createFrameCounts();
    for (let times = 0; times < 2; times++) few.add("move", moved);
    for (let times = 0; times < 9; times++) {
      few.add("move", `${hole("0")} ok ${hole("1")}`);
      few.add("move", `You move ${hole("0")}\n${hole("1")}`);
      few.add("move", `You move the ${hole("0")} ${hole("1")}.`);
    }
    expect([...few.frames]).toEqual([]);
  });
});
