/**
 * `npm run bench -- --refit`: does learning delay serving? The job takes structured steps over HTTP with and without `lifted-edits`, which
 * predicts each, learns from each and grows its rules anew beside; probes measure from an event to the metric of another predictor.
 * `-- --write` keeps the report in `test/bench/REFIT.md`.
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { beside } from "./beside.mjs";

const rounds = 3;
const stepsPerSecond = 400;
const probes = 200;
const warmMs = 20_000;

export async function refit(write) {
  const lines = [];
  const say = (line = "") => {
    lines.push(line);
    process.stdout.write(`${line}\n`);
  };
  say("# Rules that are grown while steps are served");
  say();
  say(
    `${new Date().toISOString().slice(0, 10)} · ${cpus().length} × ${cpus()[0]?.model ?? "unknown CPU"} · Node ${process.versions.node} · \`npm run bench -- --refit\` on a machine shared with others`,
  );
  say();
  say(
    `${stepsPerSecond} steps/s of 1.8 KB states over HTTP, persistence and recall inline; with: \`lifted-edits\` too, which predicts each step, learns from it and grows rules anew. ${probes} probes a round, ${warmMs / 1_000} s after the load began, from an event over HTTP to the metric of persistence: what the rules cost to ask is in it, as well as what they cost to grow.`,
  );
  say();
  await beside(say, {
    sides: [
      ["without", ["--track-predictors", "persistence,recall"]],
      ["with", ["--track-predictors", "persistence,recall,lifted-edits"]],
    ],
    rounds,
    floor: 1.2,
    load: { bytes: 1_800, eventsPerSecond: stepsPerSecond, probes, warmMs },
  });
  if (write) writeFileSync(new URL("REFIT.md", import.meta.url), `${lines.join("\n")}\n`);
}
