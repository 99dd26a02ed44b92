/** `npm run bench`: the job on the embedded log, end to end. `--write` keeps the report in `test/bench/REPORT.md`. */
import { capacity, latency } from "./latency.mjs";
import { memory } from "./memory.mjs";
import { predictions } from "./predictions.mjs";
import { profile } from "./profile.mjs";
import { createReport, verdict } from "./report.mjs";
import { rounds, throughput } from "./throughput.mjs";

/** Without and with `lifted-edits`, which costs what its learning and its rules cost. With it is the default. */
const simple = ["--track-predictors", "persistence,recall"];
const lifted = [];
const mebibytes = (bytes) => Math.round(bytes / 1_048_576);

export async function endToEnd(args) {
  const { say, keep } = createReport("Bench", "npm run bench");
  say("## End to end against the bare loop");
  say();
  say(
    `The whole job (embedded log, track, learn in a thread of its own, monitor; each commit synced to disk) over pre-encoded records, median of ${rounds} rounds. The bare loop over the same records in the same process: decode, parse, apply, canonicalise, diff; nothing is predicted, scored, learnt, written or kept.`,
  );
  say();
  say(
    "| predictors | state | steps carry | steps/s | slowest round | bare loop, steps/s | job time / bare time (min–max) | CPU of the job / of the bare loop |",
  );
  say("|---|---|---|---|---|---|---|---|");
  const rows = [];
  for (const [name, bytes, steps, form, flags] of [
    ["persistence, recall", 1_800, 12_000, "state", simple],
    ["persistence, recall", 1_800, 12_000, "patch", simple],
    ["persistence, recall", 17_000, 2_500, "state", simple],
    ["persistence, recall", 17_000, 2_500, "patch", simple],
    ["and lifted-edits", 1_800, 6_000, "state", lifted],
    ["and lifted-edits", 17_000, 1_500, "state", lifted],
  ]) {
    const one = await throughput({ bytes, steps, form, flags });
    rows.push({ ...one, flags });
    say(
      `| ${name} | ${bytes / 1000} KB | ${form === "state" ? "whole states" : "RFC 6902 patches"} | ${one.stepsPerSecond} | ${one.slowest} | ${one.barePerSecond} | ${one.ratio.toFixed(1)} (${one.ratioMin.toFixed(1)}–${one.ratioMax.toFixed(1)}) | ${one.cpuMicroseconds.toFixed(0)} / ${(1e6 / one.barePerSecond).toFixed(0)} µs |`,
    );
  }
  say();
  for (const [bytes, form] of [
    [1_800, "state"],
    [17_000, "state"],
  ]) {
    say(`## Where time goes, ${bytes / 1000} KB states, all but learning in one thread`);
    say();
    say("| stage | share | µs per step |");
    say("|---|---|---|");
    for (const { stage, share, microsecondsPerStep } of await profile({
      bytes,
      steps: bytes > 10_000 ? 2_500 : 12_000,
      form,
      flags: simple,
    }))
      say(`| ${stage} | ${(share * 100).toFixed(1)} % | ${microsecondsPerStep.toFixed(0)} |`);
    say();
  }
  say("## From event to `/metrics` at half load");
  say();
  const taken = await capacity({ bytes: 1_800, steps: 30_000, flags: simple });
  const seen = await latency({ bytes: 1_800, eventsPerSecond: taken / 2, probes: 200, flags: simple });
  say(
    `Over HTTP, 1.8 KB states: ${taken.toFixed(0)} events/s are taken and worked off by the whole process, senders beside it; ${seen.eventsPerSecond} events/s beside ${seen.probes} probes: p50 ${seen.p50.toFixed(0)} ms, p99 ${seen.p99.toFixed(0)} ms, longest ${seen.max.toFixed(0)} ms.`,
  );
  say();
  say("## Predicting while learning");
  say();
  say(
    "`lifted-edits`, one core predicting by a published version, without and beside a thread that learns the same world over and over (predicts, compares, learns, refits). Median of 8 rounds each, alternating.",
  );
  say();
  say("| world | state | µs a prediction | beside the learner | predictions/s beside it | steps learnt/s |");
  say("|---|---|---|---|---|---|");
  for (const { name, chars, alone, beside, learntPerSecond } of await predictions())
    say(
      `| ${name} | ${(chars / 1000).toFixed(1)} KB | ${alone.toFixed(0)} | ${beside.toFixed(0)} | ${(1e6 / beside).toFixed(0)} | ${learntPerSecond.toFixed(0)} |`,
    );
  say();
  say("## Memory");
  say();
  const open = { episodes: 10_000, bytes: 2_000 };
  const [held, ofAll] = [await memory({ ...open, flags: simple }), await memory({ ...open, flags: [] })];
  for (const [names, one] of [
    ["persistence and recall", held],
    ["all predictors, which learn meanwhile", ofAll],
  ]) {
    const [settled, most] = [mebibytes(one.settled), mebibytes(one.most)];
    say(
      `${one.open} open episodes of ${one.bytes / 1000} KB, ${names}: ${settled} MiB resident three seconds after the last was worked off, at most ${most} MiB before.`,
    );
    say();
  }
  say();
  say("## Floors");
  say();
  say("| floor | measured | |");
  say("|---|---|---|");
  const whole = (bytes) => rows.find((row) => row.bytes === bytes && row.form === "state" && row.flags === simple);
  const floors = [
    ["≥ 3,000 steps/s at 1.8 KB", `${whole(1_800).stepsPerSecond}`, whole(1_800).stepsPerSecond >= 3_000],
    ["≥ 300 steps/s at 17 KB", `${whole(17_000).stepsPerSecond}`, whole(17_000).stepsPerSecond >= 300],
    ["≤ 2.5 × the bare loop at 1.8 KB", whole(1_800).ratio.toFixed(1), whole(1_800).ratio <= 2.5],
    ["≤ 2.5 × the bare loop at 17 KB", whole(17_000).ratio.toFixed(1), whole(17_000).ratio <= 2.5],
    ["p99 from event to metric < 500 ms", `${seen.p99.toFixed(0)} ms`, seen.p99 < 500],
    ["RSS < 500 MB, 10,000 open episodes of 2 KB", `${Math.round(held.most / 1e6)} MB`, held.most < 500e6],
  ];
  for (const [floor, value, met] of floors) say(`| ${floor} | ${value} | ${verdict(met)} |`);
  say();
  say("## Why, and what is next");
  say();
  say(
    "The bare loop does a sixth of what a step owes: the job also writes three records a step (transition with both states and patch, score, interaction) durably, hashes situation and truth, scores every prediction leaf by leaf, learns, and keeps windows. That costs the processor time above, in all threads together, which two cores can at best halve: 2.5 times the bare loop is out of reach on two cores without giving up one of these. Next is to hand `track`'s reads over as frames.",
  );
  if (args.includes("--write")) keep("REPORT.md");
}
