/** Numbers that move on: an answer that was given before, its numbers as far on as the time since then says. */

/** One answer to an action: when, by the steps that counted, and its numbers. */
export interface Reading {
  readonly at: number;
  readonly values: readonly number[];
}

/** The readings of one action whose words were the same; other words begin anew. */
export interface Course {
  readonly words: string;
  readonly readings: readonly Reading[];
}

const number = /-?\d+(?:\.\d+)?/g;
const readingsMax = 8;
const numbersMax = 8;

/** Null where there are no numbers, or many. */
export function readCourse(text: string, at: number, before: Course | undefined): Course | null {
  const values = [...text.matchAll(number)].map(([found]) => Number(found));
  if (values.length === 0 || values.length > numbersMax) return null;
  const words = text.replace(number, "#");
  const readings = before?.words === words ? before.readings.slice(-readingsMax + 1) : [];
  return { words, readings: [...readings, { at, values }] };
}

/** As it moved between the last two readings; null where it did not, or to no whole number. */
export function movedAsLast(course: Course | undefined, now: number): string | null {
  return moved(course, now, course?.readings.at(-2));
}

/** As it moved since the first reading. */
export function movedEvenly(course: Course | undefined, now: number): string | null {
  return moved(course, now, course?.readings.at(0));
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
