/**
 * Curves that go from one thing to another: a number between the same words that has gone the same way over its last readings goes on the same
 * way, whatever it is said of ("… 4 % down", "6 %", "8 %": "11 %"), and ends in the same words. Remembered by the words around the number, the last
 * two, three and four readings, and the time between them.
 */
import { hashText, mix } from "../../../lifted/hash.ts";
import { type Course, numbers } from "../events/numbers.ts";
import type { TextMemory } from "./texts.ts";

/** Readings that a curve is known by. */
export const curveLengths = [2, 3, 4] as const;

/** Words of a number, in UTF-16 units on each side: beyond them stands what it is said of. */
const aroundMax = 14;
const valueMark = "=";
const between = "\u0003";

/** One a length; 0: there are not so many readings, or they rest. Null: the text has no number, or several. */
export function curveKeys(course: Course | undefined, now: number): readonly number[] | null {
  const at = course?.words.indexOf("#") ?? -1;
  if (course === undefined || at < 0 || course.words.includes("#", at + 1)) return null;
  const { words, readings } = course;
  const around = hashText(words.slice(Math.max(0, at - aroundMax), at + 1 + aroundMax));
  return curveLengths.map((length) => {
    const last = readings.slice(-length);
    if (last.length < length || last.every(({ values }) => values[0] === last[0]?.values[0])) return 0;
    let key = mix(around, length);
    for (const [place, { at: when, values }] of last.entries())
      key = mix(mix(key, hashText(String(values[0]))), (last[place + 1]?.at ?? now) - when);
    return mix(key, 33);
  });
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

/** What other worlds showed most, one a length. */
export function curveTexts(
  course: Course | undefined,
  now: number,
  texts: TextMemory,
  world: number,
): readonly (string | null)[] {
  const keys = curveKeys(course, now);
  return curveLengths.map((_, at) => {
    const key = keys?.[at] ?? 0;
    if (course === undefined || key === 0) return null;
    const [first, ...more] = texts.sights(key, world);
    if (first === undefined) return null;
    return followedText(course, more.reduce((a, b) => (b.count > a.count ? b : a), first).text);
  });
}
