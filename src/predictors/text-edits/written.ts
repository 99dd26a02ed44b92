/** Choices and what is remembered, on paper. Plain JSON. */
import { readForest, type WrittenForest, writeForest } from "../lifted/written.ts";
import type { Choice } from "./engine.ts";
import type { Values } from "./reading.ts";
import type { ListCounts, Remembered } from "./remembered.ts";

export interface WrittenChoice extends WrittenForest {
  readonly form: string;
  readonly templates: readonly (string | null)[];
}

export function writeChoice(form: string, { forest, templates }: Choice): WrittenChoice {
  return { form, templates, ...writeForest(forest) };
}

/** Throws where a label has no template. */
export function readChoice({ templates, ...written }: WrittenChoice): Choice {
  if (templates.length !== written.labels.length) throw new Error("a choice with other templates than labels");
  return { forest: readForest(written), templates };
}

export interface WrittenRemembered {
  readonly places: readonly (readonly [string, Values])[];
  readonly habits: readonly (readonly [string, ListCounts])[];
  readonly constants: readonly (readonly [string, ListCounts])[];
  readonly sources: readonly (readonly [string, number, number])[];
}

/** In the order in which it would be forgotten. */
export function writeRemembered({ places, habits, constants, sources }: Remembered): WrittenRemembered {
  return {
    places: [...places],
    habits: [...habits],
    constants: [...constants],
    sources: [...sources].map(([key, { hits, tries }]) => [key, hits, tries]),
  };
}

export function readRemembered({ places, habits, constants, sources }: WrittenRemembered): Remembered {
  return {
    places: new Map(places),
    habits: new Map(habits),
    constants: new Map(constants),
    sources: new Map(sources.map(([key, hits, tries]) => [key, { hits, tries }])),
  };
}
