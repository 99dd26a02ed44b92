/**
 * `npm run bench -- --slow-predictor`: what a predictor of 2 s latency costs the stream. The job takes 1,000 steps/s over HTTP with and without
 * one (a service on this machine that answers 2 s after it was asked), the two sides alternating; probes measure from an event to the metric of
 * an inline predictor. `-- --write` keeps the report in `test/bench/SLOW-PREDICTOR.md`.
 */
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { beside } from "./beside.mjs";
import { createReport } from "./report.mjs";

const rounds = 7;
const latencyMs = 2_000;
const stepsPerSecond = 1_000;
const probes = 200;
/** Longer than a deadline: what was asked in vain at first is over, and the window fits. */
const warmMs = 35_000;

/** `--many`: 64 calls at one time instead of the default. */
export async function slowPredictor(args) {
  const many = args.includes("--many");
  let answered = 0;
  const service = createServer((request, response) => {
    request.resume().on("end", async () => {
      await sleep(latencyMs);
      answered += 1;
      response.setHeader("content-type", "application/json");
      const message = { role: "assistant", content: "[]" };
      response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: "stop" }], usage: {} }));
    });
  });
  await new Promise((resolve) => service.listen(0, "127.0.0.1", resolve));
  const inline = ["--track-predictors", "persistence,recall"];
  const url = `http://127.0.0.1:${service.address().port}/v1`;
  const predictors = {
    slow: { kind: "openai", model: "slow", url, historySteps: 4, ...(many ? { concurrency: 64 } : {}) },
  };
  const { say, keep } = createReport("A slow predictor beside the stream", "npm run bench -- --slow-predictor");
  say(
    `${stepsPerSecond} steps/s of 1.8 KB states over HTTP, persistence and recall inline. With: a service that answers ${latencyMs / 1000} s after it was asked, ${many ? 64 : 4} calls of 8 steps at one time${many ? "" : " (as it comes)"}; steps are sent to it as fast as it answers. ${probes} probes a round, ${warmMs / 1000} s after the load began, from an event over HTTP to the metric of persistence.`,
  );
  say();
  await beside(say, {
    sides: [
      ["without", inline],
      ["with", [...inline, "--predict-remote-predictors", JSON.stringify(predictors)]],
    ],
    rounds,
    floor: 1.1,
    load: { bytes: 1_800, eventsPerSecond: stepsPerSecond, probes, warmMs },
  });
  service.close();
  service.closeAllConnections();
  say();
  say(`The service answered ${answered} calls.`);
  if (args.includes("--write")) keep("SLOW-PREDICTOR.md");
}
