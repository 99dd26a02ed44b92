/** Numbers that move on: an answer that was given before, its numbers as far on as the time since then says. */

import { hashText, mix } from "../../../lifted/hash.ts";

/** One answer to an action: when, by the steps that counted, and its numbers. */
export interface Reading {
  readonly at: number;
  readonly values: readonly number[];
}

/** The readings of one action whose words were the same; other words begin anew. */
export interface Course {
  readonly words: string;
  /** When they began. */
  readonly from: number;
  readonly readings: readonly Reading[];
}

export const numbers = /-?\d+(?:\.\d+)?/g;
const readingsMax = 24;
const numbersMax = 8;

/** Null where there are no numbers, or many. */
export function readCourse(text: string, at: number, before: Course | undefined): Course | null {
  const values = [...text.matchAll(numbers)].map(([found]) => Number(found));
  if (values.length === 0 || values.length > numbersMax) return null;
  const words = text.replace(numbers, "#");
  const known = before?.words === words ? before : null;
  const readings = known?.readings.slice(-readingsMax + 1) ?? [];
  return { words, from: known?.from ?? at, readings: [...readings, { at, values }] };
}

/** As it moved between the last two readings; null where it did not, or to no whole number. */
export function movedAsLast(course: Course | undefined, now: number): string | null {
  return moved(course, now, course?.readings.at(-2));
}

/** As it moved since the first reading. */
export function movedEvenly(course: Course | undefined, now: number): string | null {
  return moved(course, now, course?.readings.at(0));
}

/**
 * As a straight line goes on whose values, rounded down, are the last `count` readings: in the middle of all such lines. Null where there are
 * less than three readings, or no such line.
 */
export function movedWithin(course: Course | undefined, now: number, count = readingsMax): string | null {
  const readings = course?.readings.slice(-count) ?? [];
  if (course === undefined || readings.length < 3) return null;
  let place = 0;
  let isStraight = true;
  const text = course.words.replace(/#/g, () => {
    const values = readings.map((one) => one.values[place] ?? 0);
    const times = readings.map((one) => one.at - now);
    place += 1;
    const next = straightOn(times, values);
    isStraight &&= next !== null;
    return String(next);
  });
  return isStraight ? text : null;
}

/** The value at time 0. */
function straightOn(times: readonly number[], values: readonly number[]): number | null {
  let [least, most] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let later = 1; later < times.length; later++)
    for (let earlier = 0; earlier < later; earlier++) {
      const time = (times[later] ?? 0) - (times[earlier] ?? 0);
      const by = (values[later] ?? 0) - (values[earlier] ?? 0);
      if (time <= 0) continue;
      least = Math.max(least, (by - 1) / time);
      most = Math.min(most, (by + 1) / time);
    }
  if (!(least <= most) || !Number.isFinite(least + most)) return null;
  const slope = (least + most) / 2;
  let [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const [at, time] of times.entries()) {
    const start = (values[at] ?? 0) - slope * time;
    low = Math.max(low, start);
    high = Math.min(high, start + 1);
  }
  return Math.floor((low + high) / 2);
}

/** In words, ways on that tell the next reading, where they can. */
const waysOn: readonly (readonly [words: string, on: (course: Course, now: number) => string | null])[] = [
  ["as they were", ({ words, readings }) => filled(words, readings.at(-1)?.values ?? [])],
  ["as the last two", movedAsLast],
  ["evenly", movedEvenly],
  ["straight on", movedWithin],
];
const lookedBack = 2;

/** How many of the last two readings each way on would have told; of texts with one number. */
export function toldBy(course: Course): readonly (readonly [words: string, told: number])[] {
  const { words, readings } = course;
  if (words.indexOf("#") !== words.lastIndexOf("#")) return [];
  return waysOn.map(([name, on]) => {
    let told = 0;
    for (let back = 1; back <= lookedBack; back++) {
      const [reading, before] = [readings.at(-back), readings.slice(0, -back)];
      if (reading !== undefined && before.length > 0)
        told += Number(on({ ...course, readings: before }, reading.at) === filled(words, reading.values));
    }
    return [name, told];
  });
}

function filled(words: string, values: readonly number[]): string {
  let at = 0;
  return words.replace(/#/g, () => String(values[at++]));
}

/** How numbers went on is remembered by what was asked, the words, the last one or two readings, and the time since. */
export function courseKeys(
  course: Course | undefined,
  actionText: string,
  now: number,
): readonly [one: number, two: number] | null {
  const last = course?.readings.at(-1);
  if (course === undefined || last === undefined) return null;
  const words = mix(hashText(course.words), hashText(actionText));
  const one = mix(mix(words, hashText(last.values.join(" "))), now - last.at);
  const before = course.readings.at(-2);
  const two = before === undefined ? 0 : mix(hashText(before.values.join(" ")), last.at - before.at);
  return [mix(one, 31), mix(mix(one, two), 32)];
}

function moved(course: Course | undefined, now: number, from: Reading | undefined): string | null {
  const last = course?.readings.at(-1);
  if (course === undefined || last === undefined || from === undefined || last.at <= from.at) return null;
  let at = 0;
  let isMoving = false;
  const text = course.words.replace(/#/g, () => {
    const [a = 0, b = 0] = [from.values[at], last.values[at]];
    at += 1;
    isMoving ||= a !== b;
    return String(Math.round(a + ((b - a) * (now - from.at)) / (last.at - from.at)));
  });
  return isMoving ? text : null;
}
