/**
 * The Prometheus client behind our own small interface: prom-client changes its name and shape from time to time, stages do not. Several
 * readers may share a gauge (one per partition); their samples are gathered at scrape.
 */
import {
  AggregatorRegistry,
  Counter as ClientCounter,
  Histogram as ClientHistogram,
  Gauge,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from "prom-client";
import type { Metrics, Sample } from "./metrics.ts";

/** Every metric of a thread with its values, as plain data. */
export type MetricsData = readonly MetricObjectWithValues<MetricValue<string>>[];

export interface Prometheus {
  readonly metrics: Metrics;
  /** The text exposition of everything, gauges computed now; the metrics of other threads, as given, are added up with these. */
  text(others?: readonly MetricsData[]): Promise<string>;
  data(): Promise<MetricsData>;
  readonly contentType: string;
}

export function createPrometheus(): Prometheus {
  const registry = new Registry();
  const readers = new Map<string, Set<() => readonly Sample[]>>();

  function counter(name: string, help: string, labels: readonly string[]) {
    const known = registry.getSingleMetric(name);
    const client =
      known instanceof ClientCounter
        ? known
        : new ClientCounter({ name, help, labelNames: [...labels], registers: [registry] });
    return { add: (values: Readonly<Record<string, string>>, by = 1) => client.inc({ ...values }, by) };
  }

  function histogram(name: string, help: string, labels: readonly string[], buckets: readonly number[]) {
    const known = registry.getSingleMetric(name);
    const client =
      known instanceof ClientHistogram
        ? known
        : new ClientHistogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers: [registry] });
    return {
      observe: (values: Readonly<Record<string, string>>, value: number) => client.observe({ ...values }, value),
    };
  }

  function gauge(name: string, help: string, labels: readonly string[], read: () => readonly Sample[]): () => void {
    const shared = readers.get(name) ?? new Set();
    if (!readers.has(name)) {
      readers.set(name, shared);
      new Gauge({
        name,
        help,
        labelNames: [...labels],
        registers: [registry],
        collect() {
          this.reset();
          for (const one of shared) for (const sample of one()) this.set({ ...sample.labels }, sample.value);
        },
      });
    }
    shared.add(read);
    return () => void shared.delete(read);
  }

  return {
    metrics: { counter, histogram, gauge },
    async text(others = []) {
      if (others.length === 0) return registry.metrics();
      const all = [await registry.getMetricsAsJSON(), ...others];
      return AggregatorRegistry.aggregate(all.map((one) => [...one])).metrics();
    },
    data: () => registry.getMetricsAsJSON(),
    contentType: registry.contentType,
  };
}

/** For tools that fold without being watched. */
export const noMetrics: Metrics = {
  counter: () => ({ add() {} }),
  histogram: () => ({ observe() {} }),
  gauge: () => () => {},
};
