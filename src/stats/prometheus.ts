/**
 * The Prometheus client behind our own small interface: prom-client changes its name and shape from time to time, stages do not. It keeps
 * counters and histograms; gauges are read at scrape from any number of readers (one per partition), and the text is our own, because it
 * adds up threads and carries exemplars.
 */
import {
  Counter as ClientCounter,
  Histogram as ClientHistogram,
  type OpenMetricsContentType,
  Registry,
} from "prom-client";
import { type ExposedMetric, expose, type Format } from "./exposition.ts";
import type { Labels, Metrics, Sample } from "./metrics.ts";

/** Every metric of a thread with its values, as plain data. */
export type MetricsData = readonly ExposedMetric[];

export interface Prometheus {
  readonly metrics: Metrics;
  /** The exposition of everything, gauges computed now; the metrics of other threads, as given, are added up with these. */
  text(others?: readonly MetricsData[], format?: Format): Promise<string>;
  data(): Promise<MetricsData>;
}

interface GaugeFamily {
  readonly help: string;
  readonly readers: Set<() => readonly Sample[]>;
}

export function createPrometheus(): Prometheus {
  // Exemplars are allowed in a registry of this type alone.
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const gauges = new Map<string, GaugeFamily>();

  function counter(name: string, help: string, labels: readonly string[]) {
    const known = registry.getSingleMetric(name);
    const client =
      known instanceof ClientCounter
        ? known
        : new ClientCounter({ name, help, labelNames: [...labels], registers: [registry], enableExemplars: true });
    return {
      add: (values: Labels, by = 1, exemplar: Labels | null = null) =>
        client.inc({ labels: { ...values }, value: by, ...exemplarLabels(exemplar) }),
    };
  }

  function histogram(name: string, help: string, labels: readonly string[], buckets: readonly number[]) {
    const known = registry.getSingleMetric(name);
    const client =
      known instanceof ClientHistogram
        ? known
        : new ClientHistogram({
            name,
            help,
            labelNames: [...labels],
            buckets: [...buckets],
            registers: [registry],
            enableExemplars: true,
          });
    return {
      observe: (values: Labels, value: number, exemplar: Labels | null = null) =>
        client.observe({ labels: { ...values }, value, ...exemplarLabels(exemplar) }),
    };
  }

  function gauge(name: string, help: string, _labels: readonly string[], read: () => readonly Sample[]): () => void {
    const family = gauges.get(name) ?? { help, readers: new Set() };
    gauges.set(name, family);
    family.readers.add(read);
    return () => void family.readers.delete(read);
  }

  async function data(): Promise<MetricsData> {
    const kept = (await registry.getMetricsAsJSON()) as unknown as MetricsData;
    const read = [...gauges].map(
      ([name, { help, readers }]): ExposedMetric => ({
        name,
        help,
        type: "gauge",
        values: [...readers].flatMap((reader) => reader()),
      }),
    );
    return [...kept, ...read];
  }

  return {
    metrics: { counter, histogram, gauge },
    text: async (others = [], format = "text") => expose([await data(), ...others], format),
    data,
  };
}

function exemplarLabels(exemplar: Labels | null): { readonly exemplarLabels?: Record<string, string> } {
  return exemplar === null ? {} : { exemplarLabels: { ...exemplar } };
}

/** For tools that fold without being watched. */
export const noMetrics: Metrics = {
  counter: () => ({ add() {} }),
  histogram: () => ({ observe() {} }),
  gauge: () => () => {},
};
