/** From sending an event over HTTP until `/metrics` shows it, while other agents send at half of what the job can take. */
import { setTimeout as sleep } from "node:timers/promises";
import { startServer } from "./server.mjs";
import { events } from "./world.mjs";

const everyMs = 50;
const series = 'driftline_next_state_accuracy_ratio_samples{environment="probe",predictor="persistence",window="all"}';

/** `warmMs`: load before the first probe. */
export async function latency({ bytes, stepsPerSecond, probes, flags, warmMs = 3_000 }) {
  const server = await startServer(flags);
  const seconds = (probes * 0.15 + 20 + warmMs / 1_000) | 0;
  const load = events({ bytes, steps: stepsPerSecond * seconds, form: "state" });
  const perBatch = Math.round((load.length / seconds) * (everyMs / 1000));
  let sent = 0;
  let loading = true;
  const loader = (async () => {
    const start = performance.now();
    for (let at = 0; loading && at < load.length; at += perBatch) {
      await server.post(load.slice(at, at + perBatch));
      sent = Math.min(load.length, at + perBatch);
      await sleep(Math.max(0, start + (at / perBatch + 1) * everyMs - performance.now()));
    }
    return sent / ((performance.now() - start) / 1000);
  })();
  await sleep(warmMs);
  const times = [];
  for (let probe = 1; probe <= probes; probe++) {
    const event = (type, more) => JSON.stringify({ type, episode: `p${probe}`, environment: "probe", ...more });
    const start = performance.now();
    await server.post([event("reset", { state: { n: 0 } }), event("step", { step: 0, action: "go", state: { n: 1 } })]);
    while ((await server.metric(series)) !== probe) await sleep(5);
    times.push(performance.now() - start);
    await sleep(50);
  }
  loading = false;
  const eventsPerSecond = await loader;
  await server.stop();
  return { probes, eventsPerSecond: Math.round(eventsPerSecond), times, ...quantiles(times) };
}

export function quantiles(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) };
}
