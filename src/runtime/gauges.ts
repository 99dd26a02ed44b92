/** Gauges of the process: lag, sizes, memory. */
import type { Host } from "../cli/host.ts";
import type { Log } from "../log/port.ts";
import { groupOf } from "../run/supervisor.ts";
import type { Metrics } from "../stats/metrics.ts";
import type { Prometheus } from "../stats/prometheus.ts";

/** Partitions of this process that stand still, by group. `stalled`: how many, by stage. */
export function gaugeStalled(metrics: Metrics, stalled: () => ReadonlyMap<string, number>): void {
  metrics.gauge(
    "driftline_stalled_partitions",
    "Partitions of this process whose stream task does nothing though records wait.",
    ["group"],
    () => [...stalled()].map(([stage, value]) => ({ labels: { group: groupOf(stage) }, value })),
  );
}

/** Lag and sizes of the whole log, read once a second, since gauges cannot wait for the log. */
export async function watchLag(log: Log, prometheus: Prometheus, host: Host): Promise<() => void> {
  const stopped = new AbortController();
  let lag = await log.lag();
  let topics = await log.topics();
  prometheus.metrics.gauge(
    "driftline_lag_records",
    "Records between a group's committed offsets and the end.",
    ["group", "topic"],
    () => lag.map(({ group, topic, records }) => ({ labels: { group, topic }, value: records })),
  );
  prometheus.metrics.gauge("driftline_topic_bytes", "Bytes of a topic as stored.", ["topic"], () =>
    topics.flatMap(({ name, bytes }) => (bytes === null ? [] : [{ labels: { topic: name }, value: bytes }])),
  );
  prometheus.metrics.gauge("driftline_resident_memory_bytes", "Resident memory of the process.", [], () => [
    { labels: {}, value: process.memoryUsage.rss() },
  ]);
  void (async () => {
    while (!stopped.signal.aborted) {
      await host.sleep(1_000, stopped.signal);
      if (stopped.signal.aborted) return;
      try {
        lag = await log.lag();
        topics = await log.topics();
      } catch {
        // What cannot be asked now is asked again; a log that is gone shows elsewhere.
      }
    }
  })();
  return () => stopped.abort();
}
