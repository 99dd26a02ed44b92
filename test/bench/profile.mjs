/** Where the time of a thread goes that has track, monitor and the log's writing (`run.trackThreads` 0): each sample of the V8 profiler belongs to the innermost stage on its stack. */
import { Session } from "node:inspector/promises";
import { openJob, recordOf } from "./job.mjs";
import { events } from "./world.mjs";

/** Tried in order for every frame, innermost frame first. */
const stages = [
  ["garbage collection", /\(garbage collector\)/],
  ["idle", /\(idle\)/],
  ["learn", /dist\/learn\//],
  ["monitor", /dist\/monitor\//],
  ["decode", /dist\/track\/decode\//],
  ["predict", /dist\/track\/predict\//],
  ["score", /dist\/track\/score\//],
  ["write (encode, count)", /dist\/track\/(writer|metrics)/],
  ["track: steps", /dist\/track\/steps/],
  ["pair (order, share, diff)", /dist\/track\//],
  ["log (frames, commits)", /dist\/log\//],
  ["runner", /dist\/run\//],
];

export async function profile({ bytes, steps, form, flags }) {
  const records = events({ bytes, steps, form }).map(recordOf);
  const job = await openJob([...flags, "--run-track-threads", "0"]);
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 500 });
  await session.post("Profiler.start");
  for (let at = 0; at < records.length; at += 500) await job.append(records.slice(at, at + 500));
  await job.settle();
  const { profile: taken } = await session.post("Profiler.stop");
  await job.close();
  const nodes = new Map(taken.nodes.map((node) => [node.id, node]));
  const parents = new Map(taken.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])));
  const stageOf = (id) => {
    for (let at = id; at !== undefined; at = parents.get(at)) {
      const { functionName, url } = nodes.get(at).callFrame;
      const found = stages.find(([, pattern]) => pattern.test(`${functionName} ${url}`));
      if (found !== undefined) return found[0];
    }
    return "rest (Node, messages to the writer thread)";
  };
  const times = new Map();
  for (const [at, id] of taken.samples.entries()) {
    const stage = stageOf(id);
    times.set(stage, (times.get(stage) ?? 0) + taken.timeDeltas[at]);
  }
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times]
    .sort((a, b) => b[1] - a[1])
    .map(([stage, time]) => ({ stage, share: time / total, microsecondsPerStep: time / steps }));
}
