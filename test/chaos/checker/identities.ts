/**
 * Identities of derived records: each may be written once, or, at least once, again with the same body. Consumers drop what is not newer than
 * the highest source of its upstream partition, so that a first writing behind a newer one would be lost to them.
 */
import type { Decoded, Derived, Source } from "./decode.ts";
import type { Raw } from "./dump.ts";
import { canonical, difference, type Findings } from "./findings.ts";

export interface Firsts<T extends Derived = Derived> {
  readonly firsts: readonly Decoded<T>[];
  /** Written again with the same body. */
  readonly repeated: number;
}

export function firstsOf<T extends Derived>(
  topic: string,
  records: readonly Decoded<T>[],
  exactlyOnce: boolean,
  /** What of the body must be equal: all but latencies. */
  comparable: (body: T) => unknown,
  /** Whether consumers drop by the highest source. */
  ordered: boolean,
  findings: Findings,
): Firsts<T> {
  const seen = new Map<string, Decoded<T>>();
  const highest = new Map<string, Source>();
  const firsts: Decoded<T>[] = [];
  let repeated = 0;
  for (const record of records) {
    const { body, raw } = record;
    const { source } = body;
    if (source === null) {
      findings.wrong(topic, `a record without a source at ${raw.partition}/${raw.offset}`);
      continue;
    }
    const identity = `${source.partition}/${source.offset}/${source.index}`;
    const before = seen.get(identity);
    if (before !== undefined) {
      if (canonical(comparable(before.body)) !== canonical(comparable(body)))
        findings.wrong(topic, `two bodies of ${identity}: ${difference(comparable(before.body), comparable(body))}`);
      else if (exactlyOnce) findings.doubled(topic, `${identity} at ${placeOf(before.raw)} and ${placeOf(raw)}`);
      else repeated += 1;
      continue;
    }
    seen.set(identity, record);
    firsts.push(record);
    const upstream = `${raw.partition}<${source.partition}`;
    const top = highest.get(upstream);
    if (ordered && top !== undefined && !isNewer(source, top))
      findings.misordered(
        topic,
        `${identity} at ${raw.partition}/${raw.offset} comes behind ${top.offset}/${top.index}`,
      );
    if (top === undefined || isNewer(source, top)) highest.set(upstream, source);
  }
  return { firsts, repeated };
}

function isNewer(a: Source, b: Source): boolean {
  return a.offset > b.offset || (a.offset === b.offset && a.index > b.index);
}

function placeOf({ partition, offset, timestamp }: Raw): string {
  return `${partition}/${offset} (${new Date(timestamp).toISOString()})`;
}
