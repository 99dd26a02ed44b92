/**
 * The thin adapter between stages and the Prometheus client: stages know these types alone. Counters count after commit;
 * gauges are computed at scrape. Label sets are fixed where a metric is made.
 */
export type Labels = Readonly<Record<string, string>>;
export interface Counter {
  /** `exemplar`: labels of one occurrence among those counted, a trace. The newest is shown. */
  add(labels: Labels, by?: number, exemplar?: Labels | null): void;
}
export interface Histogram {
  observe(labels: Labels, value: number, exemplar?: Labels | null): void;
}
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}
export interface Metrics {
  counter(name: string, help: string, labels: readonly string[]): Counter;
  histogram(name: string, help: string, labels: readonly string[], buckets: readonly number[]): Histogram;
  /** `read` is called at scrape; a sample that is not returned is not exported. The returned function removes the reader. Several readers may share a name. */
  gauge(name: string, help: string, labels: readonly string[], read: () => readonly Sample[]): () => void;
}
