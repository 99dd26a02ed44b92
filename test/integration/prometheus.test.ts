/**
 * A real Prometheus scrapes a real run under the deployed rules: in a clean run nothing fires; every query of the dashboards has data; what
 * is then broken on purpose fires its alert, and nothing else does.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { worldEvents } from "../crash/world.ts";
import { armEvents, type Event } from "../support/arms.ts";
import { queries } from "../support/dashboards.ts";
import { metric, type Running, startRun, temporaryFolder, until } from "../support/driftline.ts";
import { createLamp } from "../support/lamp.ts";
import { ofDetectors, type Prometheus, startPrometheus } from "../support/prometheus.ts";
import { requireTool } from "../support/require.ts";

const there = requireTool("prometheus");
const folder = temporaryFolder();
let server: Running;
let prometheus: Prometheus;
let sending = Promise.resolve();
let ended = false;
const lamp = createLamp();

const text = async () => (await fetch(`${server.address}/metrics`)).text();
async function send(path: string, body: unknown): Promise<void> {
  const response = await fetch(`${server.address}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status, await response.text()).toBeLessThan(300);
}

/** Steps of one episode whose next states a simulator of somebody else predicts, rightly or not. */
function predicted(episode: string, steps: number, right: boolean, time: number): readonly Event[] {
  const events: Event[] = [{ type: "reset", episode, environment: "shifted", state: { n: 0 }, time }];
  const trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  for (let step = 0; step < steps; step++) {
    const n = step + 1;
    events.push({ type: "prediction", episode, step, predictor: "theirs", model: "1", state: { n: right ? n : -1 } });
    events.push({ type: "step", episode, step, action: "count", state: { n }, time, trace });
  }
  return [...events, { type: "end", episode, success: true, time }];
}

/** A rate needs counts that grow between scrapes. */
async function keepSending(): Promise<void> {
  for (let seed = 100; !ended; seed++) {
    await send("/v1/interactions", worldEvents(seed, { eventsMin: 60, stepsMax: 20 }));
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
}

/** The query with the board's variables filled in, of an environment that has what it asks for. */
function concrete(expr: string): string {
  const environment = /consistency|_arm_/.test(expr) ? "rooms" : /drift_|alarms/.test(expr) ? "lamp" : "store";
  return expr.replaceAll("$environment", environment).replaceAll("$predictor", ".*").replaceAll("$window", "all");
}

beforeAll(async () => {
  if (!there) return;
  server = await startRun(join(folder.path, "data"), [
    "--no-sample",
    "--learn-publish-interval-ms",
    "500",
    "--learn-transitions-min",
    "20",
    "--monitor-drift-environments",
    '{"lamp":{"episodesWanted":60}}',
  ]);
  prometheus = await startPrometheus(folder.path, server.address);
  await send("/v1/interactions", worldEvents(23, { eventsMin: 400, stepsMax: 20 }));
  await send("/v1/interactions", armEvents("rooms", 18, 17));
  await send("/v1/interactions", predicted("old", 300, true, Date.now() - 6 * 3_600_000));
  await until(
    async () => /^driftline_models_published_total\{environment="house"/m.test(await text()),
    10_000,
    "a model version",
  );
  await send("/v1/interactions", lamp(120, false));
  const mature = 'driftline_drift_baseline_mature{environment="lamp",predictor="sim"}';
  await until(async () => (await metric(server.address, mature)) === 1, 20_000, "a mature baseline");
  sending = keepSending();
}, 60_000);
afterAll(async () => {
  if (!there) return;
  ended = true;
  await sending;
  await prometheus.stop();
  await server.stop();
  folder.cleanup();
});

describe.runIf(there)("a real Prometheus", { timeout: 60_000 }, () => {
  it("has the same accuracy and consistency ratio as the exposition", async () => {
    for (const series of [
      'driftline_next_state_accuracy_ratio{environment="house",predictor="persistence",window="all"}',
      'driftline_consistency_ratio{environment="rooms",world_model="simulator@1",agent="walker@1"}',
    ]) {
      const same = async () => {
        const own = await metric(server.address, series);
        return own !== null && (await prometheus.query(series))[0]?.value === own;
      };
      await until(same, 20_000, `Prometheus has ${series}`);
    }
    expect(
      await metric(
        server.address,
        'driftline_consistency_ratio{environment="rooms",world_model="simulator@1",agent="walker@1"}',
      ),
    ).toBeCloseTo(17 / 18, 12);
  });

  it("answers every query of the dashboards with data, those of the detectors where they export", async () => {
    const exposition = await text();
    const unexported = ofDetectors.filter((name) => !exposition.includes(`\n${name}`));
    // What has not happened has no series: a dead letter, a drop, a bound, an alarm, a new version within the last minute.
    const eventful = /dead_letters:increase10m$|dropped_events|monitor_skipped|changes\(/;
    const asked = queries
      .filter(({ expr }) => !unexported.some((name) => expr.includes(name)) || expr.includes("or vector(0)"))
      .filter(({ expr }) => !eventful.test(expr));
    expect(asked.length).toBeGreaterThan(40);
    const empty = async () => {
      const without: string[] = [];
      for (const { where, expr } of asked) {
        if ((await prometheus.query(concrete(expr))).length === 0) without.push(`${where}: ${concrete(expr)}`);
      }
      return without;
    };
    await until(async () => (await empty()).length === 0, 20_000, "every query has data").catch(async () =>
      expect(await empty()).toEqual([]),
    );
  });

  it("fires nothing in a clean run", async () => {
    const scrapes = async () => (await prometheus.query('count_over_time(up{job="driftline"}[5m])'))[0]?.value ?? 0;
    await until(async () => (await scrapes()) >= 6, 20_000, "some scrapes");
    expect(await prometheus.alerts()).toEqual([]);
  });

  it("fires the alert of what is broken on purpose, and no other", async () => {
    await send("/v1/interactions", predicted("new", 150, false, Date.now()));
    await send("/v1/interactions", armEvents("attic", 20, 5));
    const patch = [{ op: "remove", path: "/x" }];
    await send("/v1/interactions", [
      { type: "step", episode: "lost", environment: "rooms", step: 0, action: "go", patch },
    ]);
    await send("/v1/interactions", lamp(40, true));
    const wanted = ["DriftlineAccuracyDropped", "DriftlineConsistencyLow", "DriftlineDeadLetters", "DriftlineDrift"];
    const fire = async () => {
      const names = await prometheus.alerts();
      return wanted.every((name) => names.includes(name));
    };
    await until(fire, 20_000, "the alerts").catch(() => {});
    expect(await prometheus.alerts()).toEqual(wanted);
    const [letters] = await prometheus.query('ALERTS{alertname="DriftlineDeadLetters",alertstate="firing"}');
    expect(letters?.metric).toMatchObject({ stage: "pair", reason: "no-base-state" });
    // What follows the best predictor may drop with it.
    const dropped = await prometheus.query('ALERTS{alertname="DriftlineAccuracyDropped",alertstate="firing"}');
    const predictors = dropped.map(({ metric }) => metric["predictor"]);
    expect(predictors.filter((name) => name !== "best-of")).toEqual(["theirs"]);
    expect(dropped.every(({ metric }) => metric["environment"] === "shifted")).toBe(true);
    const exemplars = `/api/v1/query_exemplars?query=driftline_predictions_total{environment="shifted",result="mismatch"}`;
    const lead = async () =>
      JSON.stringify(
        await prometheus.get(`${exemplars}&start=${Date.now() / 1_000 - 300}&end=${Date.now() / 1_000 + 60}`),
      );
    await until(
      async () => (await lead()).includes('"trace_id":"0af7651916cd43dd8448eb211c80319c"'),
      10_000,
      "a trace of a wrong prediction",
    );
    const [drift] = await prometheus.query('ALERTS{alertname="DriftlineDrift",alertstate="firing"}');
    expect(drift?.metric).toMatchObject({ environment: "lamp", predictor: "sim", cause: "model" });
    const open = queries.filter(({ expr }) => /^driftline_alarms_open/.test(expr));
    expect(open.length).toBeGreaterThan(0);
    for (const { where, expr } of open)
      expect((await prometheus.query(concrete(expr))).length, where).toBeGreaterThan(0);
    const eventful = queries.filter(({ expr }) => /dead_letters:increase10m$/.test(expr));
    for (const { where, expr } of eventful) expect((await prometheus.query(expr)).length, where).toBeGreaterThan(0);
  });
});
