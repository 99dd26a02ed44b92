/**
 * ADWIN, adaptive windowing (Bifet, Gavaldà, "Learning from time-changing data with adaptive windowing", SDM 2007): a window that grows while
 * its mean holds and is cut where two of its parts differ by more than chance allows. An exponential histogram keeps it in O(log n): row i holds
 * at most five buckets of 2^i values each, as sums and variances. With the term 2/3 of the paper's bound. It learns by itself what is usual.
 *
 * As in river (0.26), whose finds are the golden ones, the window begins anew with the value after a find.
 */
import type { Json } from "../../../json/json.ts";
import type { Detector, DetectorFactory } from "./detector.ts";

export const adwin: DetectorFactory = { name: "adwin", needsBaseline: false, create: () => createAdwin() };

export interface AdwinOptions {
  readonly delta: number;
  /** A cut is looked for every so many values. */
  readonly clock: number;
  readonly bucketsMax: number;
  /** Values of either part. */
  readonly partMin: number;
  /** Values before a cut is looked for. */
  readonly grace: number;
}
const usual: AdwinOptions = { delta: 0.002, clock: 32, bucketsMax: 5, partMin: 5, grace: 10 };

interface Bucket {
  readonly total: number;
  readonly variance: number;
}
/** A part of the window: values, their sum, and the sum of their squared distances from the mean. */
interface Part {
  readonly count: number;
  readonly total: number;
  readonly variance: number;
}
const nothing: Part = { count: 0, total: 0, variance: 0 };

export interface Adwin extends Detector {
  /** Values in the window: the mean over them is the self-sizing rolling one. */
  readonly width: number;
  readonly mean: number;
}

export function createAdwin({ delta, clock, bucketsMax, partMin, grace }: AdwinOptions = usual): Adwin {
  /** Oldest bucket first in each row. */
  let rows: Bucket[][] = [[]];
  let whole = nothing;
  let ticks = 0;
  let nearest = 0;
  let found = false;

  function insert(value: number): void {
    rows[0]?.push({ total: value, variance: 0 });
    whole = joined(whole, { count: 1, total: value, variance: 0 });
    for (let row = 0; row < rows.length; row++) {
      const buckets = rows[row] ?? [];
      if (buckets.length <= bucketsMax) break;
      const [first, second] = buckets.splice(0, 2);
      if (first === undefined || second === undefined) break;
      if (rows[row + 1] === undefined) rows.push([]);
      const { total, variance } = joined(partOf(first, row), partOf(second, row));
      rows[row + 1]?.push({ total, variance });
    }
  }

  /** Takes the oldest bucket off the window. */
  function shorten(): void {
    const row = rows.length - 1;
    const oldest = rows[row]?.shift();
    if (oldest === undefined) return;
    whole = without(whole, partOf(oldest, row));
    if (rows[row]?.length === 0 && row > 0) rows.pop();
  }

  /** The first cut, from the oldest on, that chance does not explain; null where there is none. */
  function cut(): "up" | "down" | null {
    let old = nothing;
    nearest = 0;
    for (let row = rows.length - 1; row >= 0; row--) {
      for (const bucket of rows[row] ?? []) {
        old = joined(old, partOf(bucket, row));
        const young = whole.count - old.count;
        if (old.count < partMin || young < partMin) continue;
        const difference = (whole.total - old.total) / young - old.total / old.count;
        const bound = boundOf(old.count, young);
        nearest = Math.max(nearest, Math.abs(difference) / bound);
        if (Math.abs(difference) > bound) return difference > 0 ? "up" : "down";
      }
    }
    return null;
  }

  function boundOf(old: number, young: number): number {
    const chance = Math.log((2 * Math.log(whole.count)) / delta);
    const size = 1 / (old - partMin + 1) + 1 / (young - partMin + 1);
    return Math.sqrt(2 * size * (whole.variance / whole.count) * chance) + (2 / 3) * chance * size;
  }

  function reset(): void {
    rows = [[]];
    whole = nothing;
    ticks = 0;
    nearest = 0;
    found = false;
  }

  return {
    take(value) {
      // Any finite number: the bound follows the spread of what is in the window.
      if (!Number.isFinite(value)) return null;
      if (found) reset();
      insert(value);
      ticks += 1;
      if (ticks % clock !== 0 || whole.count <= grace) return null;
      let first: "up" | "down" | null = null;
      for (let next = cut(); next !== null; next = cut()) {
        first ??= next;
        shorten();
      }
      found = first !== null;
      return first;
    },
    /** The largest difference over its bound at the last look. */
    get statistic() {
      return nearest;
    },
    limit: 1,
    get width() {
      return whole.count;
    },
    get mean() {
      return whole.count === 0 ? 0 : whole.total / whole.count;
    },
    reset,
    snapshot: () => [
      ticks,
      nearest,
      found,
      [whole.count, whole.total, whole.variance],
      rows.map((row) => row.flatMap(({ total, variance }) => [total, variance])),
    ],
    restore(snapshot: Json) {
      const [a, b, anew, c, d] = Array.isArray(snapshot) ? snapshot : [];
      if (!Array.isArray(c) || !Array.isArray(d)) throw new Error("not a snapshot of this detector");
      ticks = Number(a);
      nearest = Number(b);
      found = anew === true;
      const [count = 0, total = 0, variance = 0] = c.map(Number);
      whole = { count, total, variance };
      rows = d.map((row) => bucketsOf(Array.isArray(row) ? row.map(Number) : []));
    },
  };
}

function partOf({ total, variance }: Bucket, row: number): Part {
  return { count: 2 ** row, total, variance };
}

function joined(a: Part, b: Part): Part {
  if (a.count === 0) return b;
  const between = (a.count * b.count * (a.total / a.count - b.total / b.count) ** 2) / (a.count + b.count);
  return { count: a.count + b.count, total: a.total + b.total, variance: a.variance + b.variance + between };
}

/** The whole without its oldest part, as ADWIN's reference code subtracts it. */
function without(whole: Part, oldest: Part): Part {
  const count = whole.count - oldest.count;
  const total = whole.total - oldest.total;
  if (count === 0) return nothing;
  const distance = (oldest.total / oldest.count - total / count) ** 2;
  const between = (oldest.count * count * distance) / (oldest.count + count);
  return { count, total, variance: whole.variance - oldest.variance - between };
}

function bucketsOf(numbers: readonly number[]): Bucket[] {
  return Array.from({ length: numbers.length / 2 }, (_, at) => {
    return { total: numbers[2 * at] ?? 0, variance: numbers[2 * at + 1] ?? 0 };
  });
}
