/** Gauges of the process: lag, sizes, memory. */
import type { Host } from "../cli/host.ts";
import type { Log } from "../log/port.ts";
import type { Prometheus } from "../stats/prometheus.ts";

/** Lag and sizes, read once a second, since gauges cannot wait for the log. */
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
      lag = await log.lag();
      topics = await log.topics();
    }
  })().catch(() => {});
  return () => stopped.abort();
}
