/** A toy world of lamps: one that is lit counts its uses. */
import type { Json } from "../../../src/json/json.ts";
import type { Step } from "./toy.ts";

interface Lamp extends Record<string, Json> {
  readonly lit: boolean;
  readonly uses: number;
}
export type Room = Record<string, Json> & { readonly lamps: Record<string, Lamp>; readonly count: number };

/** `by`: what a lamp that is lit counts. */
export function lampStep(by = 1): Step<Room> {
  return (state, random) => {
    const keys = Object.keys(state.lamps);
    const key = keys[random.below(keys.length)] ?? "";
    const lamp = state.lamps[key];
    const verb = ["light", "darken", "look at"][random.below(3)] ?? "look at";
    if (lamp === undefined || verb === "look at") return [`${verb} ${key}`, state];
    const lit = verb === "light";
    const uses = lamp.uses + by * Number(lit && !lamp.lit);
    return [`${verb} ${key}`, { ...state, lamps: { ...state.lamps, [key]: { lit, uses } } }];
  };
}

export function lamps(episode: number): Room {
  return {
    count: episode,
    lamps: Object.fromEntries([0, 1, 2].map((n) => [`lamp ${episode * 3 + n}`, { lit: n === 0, uses: n }])),
  };
}
