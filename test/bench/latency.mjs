/** What the job takes over HTTP, and from sending an event until `/metrics` shows it while other agents send at half of that. */
import { setTimeout as sleep } from "node:timers/promises";
import { startServer } from "./server.mjs";
import { events } from "./world.mjs";

const everyMs = 50;
const linesPerPost = 70;
const series = 'driftline_next_state_accuracy_ratio_samples{environment="probe",predictor="persistence",window="all"}';

/** Events that are taken over HTTP and worked off a second: four senders, as fast as they are let, after a quarter that is not counted. */
export async function capacity({ bytes, steps, flags }) {
  const server = await startServer(flags);
  const load = events({ bytes, steps, form: "state" });
  let next = 0;
  const send = async (end) => {
    const sender = async () => {
      while (next < end) {
        const from = next;
        next += linesPerPost;
        await server.post(load.slice(from, next));
      }
    };
    await Promise.all(Array.from({ length: 4 }, sender));
    await server.settle();
  };
  await send(load.length / 4);
  const first = Math.min(next, load.length);
  const start = performance.now();
  await send(load.length);
  const perSecond = (load.length - first) / ((performance.now() - start) / 1000);
  await server.stop();
  return perSecond;
}

/** `warmMs`: load before the first probe, until what runs often is compiled. `dir`: data to begin with, which are removed afterwards. */
export async function latency({ bytes, eventsPerSecond: wanted, probes, flags, warmMs = 10_000, dir = undefined }) {
  const server = await startServer(flags, dir);
  const seconds = (probes * 0.15 + 20 + warmMs / 1_000) | 0;
  const load = events({ bytes, steps: Math.round(wanted * seconds), form: "state", run: "load" });
  const perBatch = Math.round(wanted * (everyMs / 1000));
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
