/** Drift through the whole job: somebody's simulator goes wrong, an alarm says why, an operator answers it over HTTP and on the command line. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AlarmView, BaselineView } from "../../src/serve/views.ts";
import { type Running, startRun, temporaryFolder, until } from "../support/driftline.ts";
import { driftlineHere } from "../support/driftline-here.ts";
import { createLamp } from "../support/lamp.ts";

const folder = temporaryFolder();
const data = join(folder.path, "data");
let server: Running;
const lamp = createLamp();

/** Episodes of the lamp; where it is changed, a kick breaks it. */
async function play(episodes: number, isChanged: boolean): Promise<void> {
  const response = await fetch(`${server.address}/v1/interactions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(lamp(episodes, isChanged)),
  });
  expect(response.status).toBe(202);
}

async function get<T>(path: string): Promise<T> {
  return JSON.parse(await (await fetch(server.address + path)).text()) as T;
}
const alarms = async () => (await get<{ alarms: AlarmView[] }>("/api/alarms?environment=lamp")).alarms;
const baseline = async () => (await get<{ baselines: BaselineView[] }>("/api/baselines?environment=lamp")).baselines[0];
const metric = async (name: string) =>
  (await (await fetch(`${server.address}/metrics`)).text()).split("\n").filter((line) => line.startsWith(name));
const command = (body: object) =>
  fetch(`${server.address}/api/commands`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

beforeAll(async () => {
  server = await startRun(data, [
    "--no-sample",
    ...["--monitor-drift-environments", '{"lamp":{"episodesWanted":60}}', "--monitor-drift-recovery-episodes", "30"],
  ]);
});
afterAll(async () => {
  await server.stop();
  folder.cleanup();
});

describe("drift of somebody's simulator", { timeout: 60_000 }, () => {
  it("is watched from a baseline on, which is immature at first", async () => {
    await play(30, false);
    await until(async () => (await baseline())?.episodes === 30, 20_000, "the first episodes");
    expect(await baseline()).toMatchObject({
      predictor: "sim",
      version: "7",
      mature: false,
      episodesWanted: 60,
      mean: null,
    });
    await play(90, false);
    await until(async () => (await baseline())?.mature === true, 20_000, "a mature baseline");
    expect(await alarms()).toEqual([]);
    expect(await metric("driftline_drift_baseline_mature")).toEqual([
      'driftline_drift_baseline_mature{environment="lamp",predictor="sim"} 1',
    ]);
  });

  it("raises one alarm that names the cause, the field and the action", async () => {
    await play(40, true);
    await until(async () => (await alarms()).length > 0, 20_000, "an alarm");
    const [alarm] = await alarms();
    expect(alarm).toMatchObject({ predictor: "sim", detector: "e-sr", status: "open", cause: "model" });
    expect(alarm?.evidence.fields[0]?.name).toBe("/broken");
    expect(alarm?.evidence.actions[0]?.name).toBe("kick");
    expect(await metric("driftline_alarms_total")).toEqual([
      'driftline_alarms_total{environment="lamp",predictor="sim",detector="e-sr",cause="model"} 1',
    ]);
    expect(await metric("driftline_alarms_open")).toHaveLength(1);
    expect((await metric("driftline_drift_log_evalue")).length).toBe(1);
  });

  it("is acknowledged over HTTP; what is not there is refused by name", async () => {
    const id = (await alarms())[0]?.id ?? "";
    const acknowledge = { command: "acknowledge", environment: "lamp", alarm: id, author: "ann" };
    for (const [body, status, message] of [
      [{ ...acknowledge, alarm: "nothing" }, 404, new RegExp(`no alarm nothing in lamp; open are ${id}`)],
      [{ ...acknowledge, author: undefined }, 400, /"author"/],
      [{ ...acknowledge, predictor: "sim" }, 400, /"predictor"/],
      [
        { command: "rebaseline", environment: "lamp", predictor: "x", author: "ann" },
        404,
        /x has no baseline in lamp; there are sim/,
      ],
      [{ ...acknowledge, author: "\ud800" }, 400, /surrogate/],
    ] as const) {
      const answer = await command(body);
      const { message: said }: { message: string } = JSON.parse(await answer.text());
      expect(answer.status, said).toBe(status);
      expect(said).toMatch(message);
    }
    const answer = await command(acknowledge);
    expect([answer.status, JSON.parse(await answer.text())]).toEqual([
      202,
      { command: "acknowledge", environment: "lamp", alarm: id },
    ]);
    await until(async () => (await alarms())[0]?.status === "acknowledged", 20_000, "the acknowledgement");
    expect((await alarms())[0]?.evidence.acknowledged).toMatchObject({ author: "ann", note: null });
  });

  it("is listed and accepted on the command line, with an audit record", async () => {
    const listed = await driftlineHere(["alarms", "lamp", "--data-dir", data]);
    expect(listed.out).toMatch(/lamp +sim +model +\S+ +\d+\.\d% → \d+\.\d% +acknowledged +[0-9a-f]{16}/);
    expect((await driftlineHere(["alarms", "--baselines", "--data-dir", data])).out).toMatch(/lamp +sim +mature +60/);
    const told = await driftlineHere([
      "rebaseline",
      "lamp",
      "sim",
      "--author",
      "ann",
      "--note",
      "kicks break",
      "--data-dir",
      data,
    ]);
    expect(told.out).toContain(`rebaseline sim in lamp: sent to ${server.address}`);
    await until(async () => (await baseline())?.author === "ann", 20_000, "another baseline");
    expect(await baseline()).toMatchObject({ mature: false, note: "kicks break" });
    expect((await alarms()).map(({ status, evidence }) => [status, evidence.recovered])).toEqual([
      ["recovered", "rebaselined"],
    ]);
    const commands = await driftlineHere(["topics", "read", "commands", "--json", "--data-dir", data]);
    expect(commands.out).toContain('"command":"rebaseline"');
    expect((await driftlineHere(["alarms", "lamp", "--data-dir", data])).out).toContain("no open alarms");
    expect((await driftlineHere(["rebaseline", "lamp", "nobody", "--data-dir", data])).code).toBe(1);
  });

  it("goes on after a restart with the baseline that it had", async () => {
    await play(60, true);
    await until(async () => (await baseline())?.mature === true, 20_000, "a mature baseline");
    const before = await baseline();
    await server.stop();
    server = await startRun(data, ["--no-sample", "--monitor-drift-environments", '{"lamp":{"episodesWanted":60}}']);
    await play(40, true);
    await until(async () => ((await baseline())?.at ?? 0) > (before?.at ?? 0), 20_000, "news of the baseline");
    expect(await baseline()).toMatchObject({ mature: true, mean: before?.mean, upper: before?.upper, author: "ann" });
    expect((await alarms()).filter(({ status }) => status !== "recovered")).toEqual([]);
  });
});
