/** The real exposition: its metrics, and what the real promtool says of it. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { worldEvents } from "../crash/world.ts";
import { metric, type Running, startRun, temporaryFolder, until } from "../support/driftline.ts";
import { requireTool } from "../support/require.ts";

const folder = temporaryFolder();
let server: Running;
const events = worldEvents(23, { eventsMin: 400, stepsMax: 20 });

const text = async () => (await fetch(`${server.address}/metrics`)).text();
const post = (some: readonly object[]) =>
  fetch(`${server.address}/v1/interactions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(some),
  });

beforeAll(async () => {
  server = await startRun(join(folder.path, "data"), [
    "--no-sample",
    "--learn-publish-interval-ms",
    "500",
    "--learn-transitions-min",
    "20",
  ]);
  const more = worldEvents(29, { eventsMin: 400, stepsMax: 20 });
  const bad = [
    { type: "step", episode: "x", environment: "house", step: 0, action: "x", patch: [{ op: "remove", path: "/x" }] },
  ];
  await post(events);
  await until(
    async () => /^driftline_models_published_total{environment="house"/m.test(await text()),
    10_000,
    "a model version",
  );
  await fetch(`${server.address}/api/commands`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ command: "pin", environment: "house", predictor: "recall", author: "me" }),
  });
  await until(
    async () => /^driftline_model_info\{environment="house",.*role="reference"/m.test(await text()),
    10_000,
    "a reference",
  );
  await post(more);
  await post(bad);
  await until(
    async () =>
      (await metric(server.address, 'driftline_dead_letters_total{stage="pair",reason="no-base-state"}')) === 1,
    10_000,
    "the dead letter",
  );
  await until(
    async () =>
      /predictions_total\{environment="house",predictor="recall",kind="dynamic",result="match"/.test(await text()),
    10_000,
    "a right prediction",
  );
});
afterAll(async () => {
  await server.stop();
  folder.cleanup();
});

it.runIf(requireTool("promtool"))("passes promtool check metrics without a word", async () => {
  const exposition = await text();
  const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], { input: exposition });
  expect(`${stdout}${stderr}`).toBe("");
  expect(status).toBe(0);
  const broken = spawnSync("promtool", ["check", "metrics"], {
    input: exposition.replace("# HELP driftline_transitions_total", "# HULP x"),
  });
  expect(broken.status, "promtool can fail").not.toBe(0);
});

it("has the first set of metrics, each with its labels, and no label that grows with use", async () => {
  const exposition = await text();
  const names = [
    /^driftline_interactions_total\{environment="house",type="step"\} \d+$/m,
    /^driftline_dead_letters_total\{stage="pair",reason="no-base-state"\} 1$/m,
    /^driftline_transitions_total\{environment="store",quality="ok"\} \d+$/m,
    /^driftline_predictions_total\{environment="house",predictor="recall",kind="dynamic",result="match"\} \d+$/m,
    /^driftline_fields_compared_total\{/m,
    /^driftline_next_state_accuracy_ratio\{environment="house",predictor="persistence",window="5m"\} 0\.\d+$/m,
    /^driftline_next_state_accuracy_ratio_lower\{/m,
    /^driftline_next_state_accuracy_ratio_upper\{/m,
    /^driftline_next_state_accuracy_ratio_samples\{/m,
    /^driftline_skill_ratio\{/m,
    /^driftline_ceiling_ratio\{environment="house"\}/m,
    /^driftline_last_scored_timestamp_seconds\{environment="house"\} \d+/m,
    /^driftline_lag_records\{group="driftline-track",topic="interactions"\} \d+$/m,
    /^driftline_event_to_metric_seconds_bucket\{le="0\.5"\} \d+$/m,
    /^driftline_predict_seconds_bucket\{/m,
    /^driftline_model_info\{environment="house",predictor="recall",version="[0-9a-f]{12}",role="live"\} 1$/m,
    /^driftline_model_info\{environment="house",predictor="recall",version="[0-9a-f]{12}",role="reference"\} 1$/m,
    /^driftline_next_state_accuracy_ratio\{environment="house",predictor="recall@reference",window="all"\} /m,
  ];
  expect(names.filter((name) => !name.test(exposition))).toEqual([]);
  for (const event of events.slice(0, 50)) expect(exposition).not.toContain(`"${String(event["episode"])}"`);
});
