/**
 * Curves that go from one thing to another: a number between the same words that has gone the same way as one of another world did, from some reading
 * of it on, goes on as that did ("… 4 % down", "6 %", "8 %": "11 %"), whatever it is said of, and ends in the same words. However far apart the readings
 * are: those are compared between which as much time has passed.
 */
import { hashText, mix } from "../../../lifted/hash.ts";
import { rememberList } from "../../remembered.ts";
import { type Course, numbers, type Reading } from "../events/numbers.ts";

export interface Curve {
  readonly world: number;
  /** What followed, by the time of the episode, the newest last. */
  readonly values: Map<number, string>;
}

/** By the words around the number, then by what it was said of; what was longest not met comes first. */
export type Curves = Map<number, Map<number, Curve>>;

/** Readings that agree, of the sources of texts that curves are. */
const curveLengths = [2, 3, 6] as const;

/** Words of a number, in UTF-16 units on each side: beyond them stands what it is said of. */
const aroundCharsMax = 14;
const aroundMax = 64;
const curvesMax = 256;
const valuesMax = 128;
/** A way that agrees with another for so long says nothing new. */
const knownMin = 8;
const valueMark = "=";
const between = "\u0003";

/** Null: the text has no number, or several. */
function aroundOf({ words }: Course): number | null {
  const at = words.indexOf("#");
  if (at < 0 || words.includes("#", at + 1)) return null;
  return hashText(words.slice(Math.max(0, at - aroundCharsMax), at + 1 + aroundCharsMax));
}

/** What followed: the number, or which words of the text became which. Null: it is another text. */
export function followed({ words }: Course, text: string): string | null {
  const [value, ...more] = text.match(numbers) ?? [];
  if (value !== undefined && more.length === 0 && text.replace(numbers, "#") === words) return valueMark + value;
  const [before, after] = [words.split(" "), text.split(" ")];
  let [from, end] = [0, 0];
  const least = Math.min(before.length, after.length);
  while (from < least && before[from] === after[from]) from += 1;
  while (end < least - from && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const [old, now] = [before, after].map((one) => one.slice(from, one.length - end).join(" "));
  if (from === 0 || old === undefined || !old.includes("#") || words.indexOf(old) !== words.lastIndexOf(old))
    return null;
  return old + between + now;
}

/** The text after it; null where it does not fit. */
export function followedText({ words }: Course, known: string): string | null {
  if (known.startsWith(valueMark)) return words.replace("#", known.slice(valueMark.length));
  const [old = "", now = ""] = known.split(between);
  return words.includes(old) ? words.replace(old, () => now) : null;
}

function saidOf({ values: [value] }: Reading): string {
  return valueMark + value;
}

interface Way {
  readonly curve: Curve;
  readonly id: number;
  /** What followed, as of `followed`. */
  readonly next: string;
  /** Readings that the curve has, too; of any other the curve has nothing. */
  readonly agreed: number;
}

/** The way that agrees with the most readings: of several what most of them say, the newest of these. */
function wayOf(all: ReadonlyMap<number, Curve>, { readings }: Course, now: number, world: number): Way | null {
  const [last, ...earlier] = [...readings].reverse();
  if (last === undefined || earlier.length === 0) return null;
  let [best, said]: [Way | null, Map<string, number>] = [null, new Map()];
  for (const [id, curve] of all) {
    if (curve.world === world) continue;
    for (const [at, value] of curve.values) {
      const next = value === saidOf(last) ? nextAt(curve, now + at - last.at) : undefined;
      const agreed = next === undefined ? 0 : agreedAt(curve, last, earlier, at - last.at);
      if (next === undefined || agreed < (best?.agreed ?? 1)) continue;
      if (agreed > (best?.agreed ?? 1)) [best, said] = [null, new Map()];
      const times = (said.get(next) ?? 0) + 1;
      said.set(next, times);
      if (best === null || times >= (said.get(best.next) ?? 0)) best = { curve, id, next, agreed };
    }
  }
  return best;
}

/** What a curve ends with it goes on to say. */
function nextAt({ values }: Curve, time: number): string | undefined {
  const known = values.get(time);
  if (known !== undefined) return known;
  const [end, said] = [...values].at(-1) ?? [time, valueMark];
  return end < time && !said.startsWith(valueMark) ? said : undefined;
}

/** Readings that agree; 0: one does not, or the number rested. */
function agreedAt({ values }: Curve, last: Reading, earlier: readonly Reading[], shift: number): number {
  let agreed = 1;
  let isMoving = false;
  for (const reading of earlier) {
    const known = values.get(reading.at + shift);
    if (known === undefined) continue;
    if (known !== saidOf(reading)) return 0;
    agreed += 1;
    isMoving ||= reading.values[0] !== last.values[0];
  }
  return isMoving ? agreed : 0;
}

/** How it goes on, one for each of `curveLengths`; null: fewer readings agree. */
export function curveTexts(
  curves: Curves,
  course: Course | undefined,
  now: number,
  world: number,
): readonly (string | null)[] {
  const around = course === undefined ? null : aroundOf(course);
  const all = around === null ? undefined : curves.get(around);
  const way = course === undefined || all === undefined ? null : wayOf(all, course, now, world);
  const text = course === undefined || way === null ? null : followedText(course, way.next);
  return curveLengths.map((least) => (way === null || way.agreed < least ? null : text));
}

/** `text` is what is read now. What agrees with another curve throughout is not kept beside it. */
export function learnCurve(
  curves: Curves,
  course: Course,
  {
    now,
    text,
    thing,
    world,
  }: { readonly now: number; readonly text: string; readonly thing: number; readonly world: number },
): void {
  const [around, next] = [aroundOf(course), followed(course, text)];
  if (around === null || next === null) return;
  const all: Map<number, Curve> = curves.get(around) ?? new Map();
  rememberList(curves, around, all, aroundMax);
  const id = mix(thing, course.from);
  const known = wayOf(all, course, now, world);
  if (known !== null && known.agreed >= knownMin && known.next === next) {
    all.delete(id);
    rememberList(all, known.id, known.curve, curvesMax);
    return;
  }
  const values = new Map(all.get(id)?.values ?? course.readings.map((one) => [one.at, saidOf(one)] as const));
  values.set(now, next);
  const [oldest] = values.keys();
  if (values.size > valuesMax && oldest !== undefined) values.delete(oldest);
  if (new Set(values.values()).size > 1) rememberList(all, id, { world, values }, curvesMax);
}
