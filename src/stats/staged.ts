/**
 * Counters whose counts are held back until the commit that covers them is durable. What is counted under the same labels is added up, so
 * that a batch of records costs a few calls of the client, not a few for each record.
 */
import type { Counter, Histogram, Labels } from "./metrics.ts";

export interface Staged {
  counter(counter: Counter): Counter;
  histogram(histogram: Histogram): Histogram;
  /** Counts everything held back. */
  commit(): void;
}

interface Sum {
  readonly labels: Labels;
  by: number;
  exemplar: Labels | null;
}

export function createStaged(): Staged {
  const pending = new Map<Counter, Map<string, Sum>>();
  let observations: (() => void)[] = [];
  return {
    counter(counter) {
      const sums = new Map<string, Sum>();
      pending.set(counter, sums);
      return {
        add(labels, by = 1, exemplar = null) {
          let key = "";
          for (const name in labels) key += `${labels[name]}\0`;
          const known = sums.get(key);
          if (known === undefined) sums.set(key, { labels, by, exemplar });
          else {
            known.by += by;
            known.exemplar = exemplar ?? known.exemplar;
          }
        },
      };
    },
    histogram: (histogram) => ({
      observe: (labels, value, exemplar) => void observations.push(() => histogram.observe(labels, value, exemplar)),
    }),
    commit() {
      for (const [counter, sums] of pending) {
        for (const { labels, by, exemplar } of sums.values()) counter.add(labels, by, exemplar);
        sums.clear();
      }
      const due = observations;
      observations = [];
      for (const observe of due) observe();
    },
  };
}
