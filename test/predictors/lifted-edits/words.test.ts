/** Conditions in words: each says something of its own, so that whoever reads one can look whether it holds. */
import { expect, it } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { createShape } from "../../../src/json/shape/shape.ts";
import { emptyLore } from "../../../src/predictors/lifted-edits/learning/lore.ts";
import { createDesk } from "../../../src/predictors/lifted-edits/rules/rows.ts";
import { createScene } from "../../../src/predictors/lifted-edits/situation/scene.ts";
import { createReader } from "../../../src/predictors/lifted-edits/state/canon.ts";

function saidOf(state: Json, action: Json): readonly string[] {
  const shape = createShape();
  shape.observe(state, null);
  const reader = createReader(shape.root, 100);
  const words = new Map<number, string>();
  createDesk(words).begin(createScene(reader.read(state), state, action, null, emptyLore(), reader.paths));
  return [...words.values()];
}

it("name the part that has an argument for a key or an element", () => {
  // It was "argument item is a key of a part of G" of all of them.
  const state = { stock: { tea: 1 }, shop: { prices: { tea: 3 } }, orders: { "#1": ["tea"] } };
  const said = saidOf(state, { name: "add", arguments: { item: "tea", order: "#1" } });
  expect(said).toContain("argument item is a key of G's stock");
  expect(said).toContain("argument item is a key of G's shop/prices");
  expect(said).toContain("argument item is in G's orders/argument order");
  expect(new Set(said).size).toBe(said.length);
});
