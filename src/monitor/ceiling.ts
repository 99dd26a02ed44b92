/**
 * The best accuracy that any model can reach: over the situations seen at least twice, the share of steps whose truth is the most frequent
 * one of its situation. Situations and truths are known by their hashes under the comparison rules.
 */
import type { Json } from "../json/json.ts";

export interface Ceiling {
  add(situation: string, truth: string): void;
  /** Null where no situation was seen twice. `samples`: steps of such situations. */
  value(): { readonly ratio: number; readonly samples: number } | null;
  snapshot(): Json;
  restore(snapshot: Json): void;
}

/** Different truths counted per situation; more add to the steps, not to the best. */
const truthsMax = 8;

export function createCeiling(situationsMax: number): Ceiling {
  const situations = new Map<string, Map<string, number>>();
  let best = 0;
  let samples = 0;

  /** What a situation adds to the sums: nothing while it was seen once. */
  function weigh(truths: ReadonlyMap<string, number>, sign: 1 | -1): void {
    let all = 0;
    let most = 0;
    for (const count of truths.values()) {
      all += count;
      if (count > most) most = count;
    }
    if (all < 2) return;
    best += sign * most;
    samples += sign * all;
  }

  return {
    add(situation, truth) {
      const truths = situations.get(situation) ?? new Map<string, number>();
      weigh(truths, -1);
      const name = truths.has(truth) || truths.size < truthsMax ? truth : "";
      truths.set(name, (truths.get(name) ?? 0) + 1);
      weigh(truths, 1);
      situations.delete(situation);
      situations.set(situation, truths);
      for (const [oldest, its] of situations) {
        if (situations.size <= situationsMax) break;
        weigh(its, -1);
        situations.delete(oldest);
      }
    },
    value: () => (samples === 0 ? null : { ratio: best / samples, samples }),
    snapshot: () => [...situations].map(([situation, truths]) => [situation, ...[...truths].flat()]),
    restore(rows) {
      situations.clear();
      best = 0;
      samples = 0;
      if (!Array.isArray(rows)) return;
      for (const row of rows as readonly (readonly Json[])[]) {
        const truths = new Map<string, number>();
        for (let at = 1; at + 1 < row.length; at += 2) truths.set(String(row[at]), Number(row[at + 1]));
        situations.set(String(row[0]), truths);
        weigh(truths, 1);
      }
    },
  };
}
