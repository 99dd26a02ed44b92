/**
 * `npm run bench -- --refit`: does learning delay serving? The job takes structured steps over HTTP, and `lifted-edits` predicts each by a version
 * that was learnt before; with learning, or without. Probes measure from an event to the metric of another predictor. `-- --rate N`: at so many steps a second; `-- --write` keeps the
 * report in `test/bench/REFIT.md`.
 */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beside } from "./beside.mjs";
import { createReport } from "./report.mjs";
import { startServer } from "./server.mjs";
import { events } from "./world.mjs";

const rounds = 7;
/** Without `--rate N`. */
const usualRate = 300;
const probes = 200;
const warmMs = 20_000;
const learntSteps = 8_000;

export async function refit(args) {
  const stepsPerSecond = args.includes("--rate") ? Number(args[args.indexOf("--rate") + 1]) : usualRate;
  const { say, keep } = createReport("Rules that are grown while steps are served", "npm run bench -- --refit");
  say(
    `${stepsPerSecond} steps/s of 1.8 KB states over HTTP; persistence, recall and \`lifted-edits\` predict each step inline, by versions that were learnt from ${learntSteps} steps before. With: they learn from each step too, grow rules anew and publish versions. Without: nothing learns (\`--only track,monitor,serve\`). ${probes} probes a round, ${warmMs / 1_000} s after the load began, from an event over HTTP to the metric of persistence.`,
  );
  say();
  const learnt = await learn();
  const flags = ["--track-predictors", "persistence,recall,lifted-edits"];
  await beside(say, {
    sides: [
      ["without", [...flags, "--only", "track,monitor,serve"]],
      ["with", flags],
    ],
    rounds,
    floor: 1.2,
    load: { bytes: 1_800, eventsPerSecond: stepsPerSecond, probes, warmMs },
    folder() {
      const copy = mkdtempSync(join(tmpdir(), "driftline-bench-"));
      cpSync(learnt, copy, { recursive: true });
      return copy;
    },
  });
  rmSync(learnt, { recursive: true, force: true });
  if (args.includes("--write")) keep("REFIT.md");
}

/** Data with versions of both predictors that learn. */
async function learn() {
  const dir = mkdtempSync(join(tmpdir(), "driftline-bench-"));
  const flags = ["--track-predictors", "persistence,recall,lifted-edits", "--learn-publish-interval-ms", "1000"];
  const server = await startServer(flags, dir);
  const lines = events({ bytes: 1_800, steps: learntSteps, form: "state" });
  for (let at = 0; at < lines.length; at += 200) await server.post(lines.slice(at, at + 200));
  await server.settle();
  for (const predictor of ["recall", "lifted-edits"])
    while (
      !((await server.metric(`driftline_models_published_total{environment="bench",predictor="${predictor}"}`)) > 0)
    )
      await sleep(100);
  await server.stop(true);
  return dir;
}
