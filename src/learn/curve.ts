/**
 * The learning curve of one predictor: how right it was before it had learnt the steps (prequential), version by version; and the rule by
 * which a first reference is pinned. A baseline for alarms needs a model whose errors come from the world, not from not having learnt it yet.
 *
 * Flat: over the newest versions that together have at least `pinTransitionsMin` tries and are at least `pinVersionsMin`, the newer half
 * (by tries) is right at most `pinGainMax` oftener than the older half, and the 95 % Wilson intervals of the halves overlap. The second
 * condition alone keeps a curve that falls from being taken for a flat one: the world is changing then, and that is no time for a baseline.
 */
import { wilson } from "../stats/wilson.ts";

/** One version, or several next to each other taken together. */
export interface Point {
  readonly versions: number;
  readonly hits: number;
  readonly tries: number;
}
/** Oldest first. */
export type Curve = readonly Point[];

export interface FlatOptions {
  readonly pinTransitionsMin: number;
  readonly pinVersionsMin: number;
  readonly pinGainMax: number;
}

/** Beyond so many points two neighbours become one: halves of a curve can still be told apart, and it never grows. */
const pointsMax = 256;

export function extended(curve: Curve, point: Point): Curve {
  const longer = [...curve, point];
  if (longer.length <= pointsMax) return longer;
  const paired: Point[] = [];
  for (let at = 0; at < longer.length; at += 2) paired.push(sum(longer.slice(at, at + 2)));
  return paired;
}

export function isFlat(curve: Curve, options: FlatOptions): boolean {
  const looked = newest(curve, options);
  if (looked === null) return false;
  const [older, newer] = halves(looked);
  const [before, after] = [wilson(older.hits, older.tries), wilson(newer.hits, newer.tries)];
  if (before === null || after === null) return false;
  const gain = newer.hits / newer.tries - older.hits / older.tries;
  return gain <= options.pinGainMax && before.lower <= after.upper && after.lower <= before.upper;
}

/** The shortest end of the curve that has enough versions and tries; null where there is none. */
function newest(curve: Curve, { pinTransitionsMin, pinVersionsMin }: FlatOptions): Curve | null {
  let versions = 0;
  let tries = 0;
  for (let at = curve.length - 1; at >= 0; at--) {
    versions += curve[at]?.versions ?? 0;
    tries += curve[at]?.tries ?? 0;
    if (versions >= pinVersionsMin && tries >= pinTransitionsMin) return curve.slice(at);
  }
  return null;
}

/** Cut where the older part first has half of the tries. */
function halves(curve: Curve): readonly [older: Point, newer: Point] {
  const half = sum(curve).tries / 2;
  let tries = 0;
  const cut = curve.findIndex((point) => {
    tries += point.tries;
    return tries >= half;
  });
  return [sum(curve.slice(0, cut + 1)), sum(curve.slice(cut + 1))];
}

function sum(points: Curve): Point {
  return points.reduce(
    (all, { versions, hits, tries }) => ({
      versions: all.versions + versions,
      hits: all.hits + hits,
      tries: all.tries + tries,
    }),
    { versions: 0, hits: 0, tries: 0 },
  );
}
