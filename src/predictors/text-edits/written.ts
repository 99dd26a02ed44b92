/** Choices and what is remembered, on paper. Plain JSON. */
import { readForest, type WrittenForest, writeForest } from "../lifted/written.ts";
import type { CallMemory } from "./calls/proposals.ts";
import type { Choice } from "./engine.ts";
import { createTextMemory, type TextSight } from "./pages/texts.ts";
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
  /** Absent in versions from before there were pages. Each text once; of each key which texts, shown by which origin and how many. */
  readonly texts?: readonly string[];
  /** Absent in versions from before calls were answered. */
  readonly calls?: readonly (readonly [key: string, template: string, sure: boolean])[];
  readonly sights?: readonly (readonly [key: number, ...sights: readonly (readonly [number, number, number])[]])[];
}

/** In the order in which it would be forgotten. */
export function writeRemembered({ places, habits, constants, sources, texts, calls }: Remembered): WrittenRemembered {
  const numbers = new Map<string, number>();
  const numberOf = (text: string): number => {
    const known = numbers.get(text) ?? numbers.size;
    numbers.set(text, known);
    return known;
  };
  const sights = [...texts.all()].map(
    ([key, list]) => [key, ...list.map(({ text, origin, count }) => [numberOf(text), origin, count] as const)] as const,
  );
  return {
    texts: [...numbers.keys()],
    sights,
    ...(calls.size === 0
      ? {}
      : { calls: [...calls].map(([key, { template, sure }]) => [key, template, sure] as const) }),
    places: [...places],
    habits: [...habits],
    constants: [...constants],
    sources: [...sources].map(([key, { hits, tries }]) => [key, hits, tries]),
  };
}

export function readRemembered(
  { places, habits, constants, sources, texts = [], sights = [], calls = [] }: WrittenRemembered,
  textsCharsMax: number,
  once: readonly number[] = [],
): Remembered {
  const read = sights.map(([key, ...list]): [number, readonly TextSight[]] => [
    key,
    list.map(([number, origin, count]) => ({ text: texts[number] ?? "", origin, count })),
  ]);
  return {
    texts: createTextMemory(textsCharsMax, read),
    once: new Map(once.map((hash) => [hash, true])),
    calls: new Map(calls.map(([key, template, sure]): [string, CallMemory] => [key, { template, sure }])),
    places: new Map(places),
    habits: new Map(habits),
    constants: new Map(constants),
    sources: new Map(sources.map(([key, hits, tries]) => [key, { hits, tries }])),
  };
}
