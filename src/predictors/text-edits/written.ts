/** Choices and what is remembered, on paper. Plain JSON. */
import { readForest, type WrittenForest, writeForest } from "../lifted/written.ts";
import type { CallMemory } from "./calls/proposals.ts";
import type { Choice } from "./engine.ts";
import type { TextOptions } from "./options.ts";
import type { Curve } from "./pages/choice/curves.ts";
import { createTextMemory, type TextMemory, type TextSight } from "./pages/choice/texts.ts";
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
  readonly sights?: readonly WrittenSights[];
  /** Absent in versions from before what followed a text was remembered. */
  readonly after?: readonly WrittenSights[];
  /** Absent in versions from before curves were kept whole. Left out where there are none. */
  readonly curves?: readonly (readonly [around: number, readonly WrittenCurve[]])[];
}

type WrittenCurve = readonly [id: number, world: number, values: readonly (readonly [time: number, said: string])[]];

type WrittenSights = readonly [key: number, ...sights: readonly (readonly [number, number, number])[]];

/** In the order in which it would be forgotten. */
export function writeRemembered({
  places,
  habits,
  constants,
  sources,
  texts,
  after,
  curves,
  calls,
}: Remembered): WrittenRemembered {
  const numbers = new Map<string, number>();
  const numberOf = (text: string): number => {
    const known = numbers.get(text) ?? numbers.size;
    numbers.set(text, known);
    return known;
  };
  const written = (memory: TextMemory) =>
    [...memory.all()].map(
      ([key, list]): WrittenSights => [
        key,
        ...list.map(({ text, origin, count }) => [numberOf(text), origin, count] as const),
      ],
    );
  const [sights, follows] = [written(texts), written(after)];
  return {
    texts: [...numbers.keys()],
    sights,
    after: follows,
    ...(curves.size === 0 ? {} : { curves: [...curves].map(([around, all]) => [around, writtenCurves(all)] as const) }),
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
  {
    places,
    habits,
    constants,
    sources,
    texts = [],
    sights = [],
    after = [],
    curves = [],
    calls = [],
  }: WrittenRemembered,
  { textsCharsMax, afterCharsMax }: Pick<TextOptions, "textsCharsMax" | "afterCharsMax">,
  once: readonly number[] = [],
): Remembered {
  const read = (all: readonly WrittenSights[]) =>
    all.map(([key, ...list]): [number, readonly TextSight[]] => [
      key,
      list.map(([number, origin, count]) => ({ text: texts[number] ?? "", origin, count })),
    ]);
  return {
    texts: createTextMemory(textsCharsMax, read(sights)),
    after: createTextMemory(afterCharsMax, read(after)),
    curves: new Map(curves.map(([around, all]) => [around, readCurves(all)])),
    once: new Map(once.map((hash) => [hash, true])),
    calls: new Map(calls.map(([key, template, sure]): [string, CallMemory] => [key, { template, sure }])),
    places: new Map(places),
    habits: new Map(habits),
    constants: new Map(constants),
    sources: new Map(sources.map(([key, hits, tries]) => [key, { hits, tries }])),
  };
}

function writtenCurves(all: ReadonlyMap<number, Curve>): readonly WrittenCurve[] {
  return [...all].map(([id, { world, values }]) => [id, world, [...values]]);
}

function readCurves(all: readonly WrittenCurve[]): Map<number, Curve> {
  return new Map(all.map(([id, world, values]) => [id, { world, values: new Map(values) }]));
}
