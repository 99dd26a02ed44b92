/** Steps per second through everything, against the bare loop (parse, apply, canonicalise, diff) over the same records in the same run. */
import { codecs } from "../../dist/codec/codecs.js";
import { canonicalText } from "../../dist/json/canonical.js";
import { diffPatch } from "../../dist/json/diff.js";
import { applyPatch } from "../../dist/json/patch.js";
import { openJob, recordOf } from "./job.mjs";
import { events } from "./world.mjs";

const batch = 500;
export const rounds = 5;

/** The least work that any such job must do: decode the record, parse, apply, canonicalise, diff. */
export function bareLoop(records) {
  const states = new Map();
  let bytes = 0;
  for (const { value } of records) {
    const { episode, state, patch, action } = codecs.interaction.decode(value);
    if (action !== null) JSON.parse(action);
    const before = states.get(episode);
    if (state === null && patch === null) {
      states.delete(episode);
      continue;
    }
    const next = state === null ? applyPatch(before, JSON.parse(patch)).value : JSON.parse(state);
    bytes += canonicalText(next).length;
    if (before !== undefined) bytes += canonicalText(diffPatch(before, next)).length;
    states.set(episode, next);
  }
  return bytes;
}

async function whole(records, flags) {
  const job = await openJob(flags);
  const start = performance.now();
  const before = process.cpuUsage();
  for (let at = 0; at < records.length; at += batch) {
    // As ingest does: no more than a few batches ahead of the log.
    await job.append(records.slice(at, at + batch));
  }
  await job.settle();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  await job.close();
  return { seconds, cpuMicroseconds: user + system };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

export async function throughput({ bytes, steps, form, flags }) {
  const records = events({ bytes, steps, form }).map(recordOf);
  const job = [];
  const bare = [];
  const cpu = [];
  // Alternating, so that what else the machine does hits both alike; the first round warms up.
  for (let round = 0; round <= rounds; round++) {
    const before = performance.now();
    bareLoop(records);
    const bareSeconds = (performance.now() - before) / 1000;
    const { seconds: jobSeconds, cpuMicroseconds } = await whole(records, flags);
    if (round === 0) continue;
    bare.push(bareSeconds);
    job.push(jobSeconds);
    cpu.push(cpuMicroseconds / steps);
  }
  const ratios = job.map((seconds, at) => seconds / bare[at]);
  return {
    bytes,
    form,
    steps,
    cpuMicroseconds: median(cpu),
    stepsPerSecond: Math.round(steps / median(job)),
    slowest: Math.round(steps / Math.max(...job)),
    barePerSecond: Math.round(steps / median(bare)),
    ratio: median(ratios),
    ratioMin: Math.min(...ratios),
    ratioMax: Math.max(...ratios),
  };
}
