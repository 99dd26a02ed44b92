/** Metrics that remember what was counted, by name and labels. */
import type { Metrics } from "../../src/stats/metrics.ts";

export interface Recorder {
  readonly metrics: Metrics;
  /** `name{label="value",…}` with labels sorted. */
  count(series: string): number;
}

export function createRecorder(): Recorder {
  const counts = new Map<string, number>();
  const keyOf = (name: string, labels: Readonly<Record<string, string>>) => {
    const inside = Object.entries(labels)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([label, value]) => `${label}="${value}"`);
    return inside.length === 0 ? name : `${name}{${inside.join(",")}}`;
  };
  return {
    metrics: {
      counter: (name) => ({
        add: (labels, by = 1) => void counts.set(keyOf(name, labels), (counts.get(keyOf(name, labels)) ?? 0) + by),
      }),
      histogram: () => ({ observe() {} }),
      gauge: () => () => {},
    },
    count: (series) => counts.get(series) ?? 0,
  };
}
