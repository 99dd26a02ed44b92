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

export function createStaged(): Staged {
  const pending = new Map<Counter, Map<string, { readonly labels: Labels; by: number }>>();
  let observations: (() => void)[] = [];
  return {
    counter(counter) {
      const sums = new Map<string, { readonly labels: Labels; by: number }>();
      pending.set(counter, sums);
      return {
        add(labels, by = 1) {
          let key = "";
          for (const name in labels) key += `${labels[name]}\0`;
          const known = sums.get(key);
          if (known === undefined) sums.set(key, { labels, by });
          else known.by += by;
        },
      };
    },
    histogram: (histogram) => ({
      observe: (labels, value) => void observations.push(() => histogram.observe(labels, value)),
    }),
    commit() {
      for (const [counter, sums] of pending) {
        for (const { labels, by } of sums.values()) counter.add(labels, by);
        sums.clear();
      }
      const due = observations;
      observations = [];
      for (const observe of due) observe();
    },
  };
}
