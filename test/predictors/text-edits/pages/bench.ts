/** A toy world of pages: a bench with things that are wired to each other by their pins. */
import type { Transition } from "../../../../src/codec/records.ts";
import { createRandom, type Random } from "../../../../src/stats/random.ts";
import { transitionOf } from "../../../support/transitions.ts";

const things = "lamp bell radio fan pump clock heater siren motor drum horn printer kettle scale buzzer toaster".split(
  " ",
);
export const pins = ["left pin of", "right pin of"];
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

/** Episodes of `length` steps; other seeds tie other pairs. */
export function work(benches: number, seed: number, length = 24): Transition[] {
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
