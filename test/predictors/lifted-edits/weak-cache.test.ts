/** What is made of objects of states is remembered of the latest alone, however many states are alive. */
import { expect, it } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { createShape } from "../../../src/json/shape/shape.ts";
import { createReader } from "../../../src/predictors/lifted-edits/state/canon.ts";
import { createWeakCache } from "../../../src/predictors/lifted-edits/state/weak-cache.ts";

it("remembers what weighs its size, and forgets before it weighs more than twice as much", () => {
  const cache = createWeakCache<number>(10);
  const keys = Array.from({ length: 40 }, () => ({}));
  for (const [at, key] of keys.entries()) cache.set(key, at, 1);
  const known = keys.map((key) => cache.get(key));
  expect(known.slice(-10)).toEqual([30, 31, 32, 33, 34, 35, 36, 37, 38, 39]);
  expect(known.filter((value) => value !== undefined).length).toBeLessThanOrEqual(20);
});

it("keeps what is asked for again and again", () => {
  const cache = createWeakCache<string>(10);
  const often = {};
  cache.set(often, "often", 1);
  for (let at = 0; at < 100; at++) {
    cache.set({}, "once", 1);
    expect(cache.get(often)).toBe("often");
  }
});

it("lets what is heavy count as much as it weighs", () => {
  const cache = createWeakCache<string>(10);
  const light = {};
  cache.set(light, "light", 1);
  cache.set({}, "heavy", 9);
  cache.set({}, "heavy", 10);
  cache.set({}, "light", 1);
  expect(cache.get(light)).toBeUndefined();
});

it("reads a state alike before and after what was made of it is forgotten", () => {
  const state = (at: number) => ({ things: ["a", "b", "c"].map((name) => ({ name, at })) });
  const shape = createShape();
  shape.observe(state(0), null);
  shape.observe(state(1), state(0));
  const reader = createReader(shape.root, 10_000);
  const told = (one: Json) => reader.read(one).entities.map(({ name, flat }) => [name, ...flat.values]);
  const first = state(1);
  const before = told(first);
  for (let at = 0; at < 20_000; at++) reader.read(state(at));
  expect(told(first)).toEqual(before);
  expect(before).toHaveLength(4);
});
