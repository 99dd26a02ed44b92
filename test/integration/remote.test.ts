/**
 * A neural predictor that is trained here answers beside the baselines, and its process is killed again and again under load: the stream goes on,
 * and of every step that is scored there is exactly one word of it.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFolderBlobs } from "../../src/blobs/folder.ts";
import { codecs } from "../../src/codec/codecs.ts";
import { sha256Hex } from "../../src/json/hash.ts";
import { openEmbeddedLog } from "../../src/log/embedded/embedded-log.ts";
import { readTopic } from "../crash/pipeline.ts";
import { type Event, worldEvents } from "../crash/world.ts";
import { driftline, metric, type Running, startRun, temporaryFolder, until } from "../support/driftline.ts";

const kills = 3;
const folder = temporaryFolder();
const model = join(folder.path, "house.neural");

function write(name: string, events: readonly Event[]): string {
  const path = join(folder.path, name);
  writeFileSync(path, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  return path;
}

const running: Running[] = [];

const remote = (predictors: object) => ["--no-sample", "--predict-remote-predictors", JSON.stringify(predictors)];

describe("a neural predictor in a process of its own", () => {
  beforeAll(async () => {
    const events = worldEvents(1, { eventsMin: 600, stepsMax: 12 }).filter(({ episode }) => String(episode)[0] === "h");
    const train = ["train", "--data", write("train.jsonl", events), "--out", model, "--profile", "tiny"];
    const small = ["--source", "64", "--output", "16", "--history", "2"];
    const trained = await driftline([...train, ...small, "--epochs", "2", "--backend", "wasm"]);
    expect(trained.code, trained.err).toBe(0);
  }, 120_000);
  afterAll(async () => {
    // Where a test failed.
    for (const server of running) await server.kill();
    folder.cleanup();
  });

  it("is killed under load, and nothing is lost", { timeout: 240_000 }, async () => {
    const dataDir = join(folder.path, "data");
    const server = await startRun(dataDir, [
      ...remote({ deep: { kind: "neural", model, backend: "wasm" } }),
      // However busy the machine is, nothing is late.
      ...["--track-predict-deadline-ms", "180000"],
      // Every step is asked about, however soon it comes.
      ...["--track-predict-window", "4096"],
    ]);
    const events = worldEvents(5, { eventsMin: 1_000, stepsMax: 20 });
    let killed = 0;
    for (let at = 0; at < events.length; at += 50) {
      const body = JSON.stringify(events.slice(at, at + 50));
      const headers = { "content-type": "application/json" };
      const sent = await fetch(`${server.address}/v1/interactions`, { method: "POST", headers, body });
      expect(sent.status).toBe(202);
      if (killed < kills && at >= ((killed + 1) * events.length) / (kills + 1)) {
        await until(async () => (await asked(server.address)) > killed * 100, 30_000, "it answers");
        process.kill(await modelPid(server.pid), "SIGKILL");
        killed += 1;
      }
    }
    expect(killed).toBe(kills);
    const troubles = () => metric(server.address, 'driftline_remote_predictor_failures_total{predictor="deep"}');
    await until(async () => (await troubles()) === kills, 30_000, "each loss is counted");
    await until(async () => (await lag(server.address)) === 0, 120_000, "everything is answered");
    const isOpen = async () =>
      /driftline_backend_info\{predictor="deep",backend="wasm"/.test(
        await (await fetch(`${server.address}/metrics`)).text(),
      );
    await until(isOpen, 30_000, "it is open again, on the same backend");
    const status = (await (await fetch(`${server.address}/api/status`)).json()) as {
      environments: { environment: string; windows: { predictors: { predictor: string }[] }[] }[];
    };
    const house = status.environments.find(({ environment }) => environment === "house");
    expect(house?.windows.at(-1)?.predictors.map(({ predictor }) => predictor)).toEqual(
      expect.arrayContaining(["recall", "deep", "best-of"]),
    );
    expect(await server.stop()).toBe(0);
    expect(server.output()).not.toMatch(/defect|made anew from/);

    const log = await openEmbeddedLog({ dir: join(dataDir, "log"), mode: "read", now: Date.now });
    const transitions = await readTopic(log, "transitions");
    const letters = await readTopic(log, "dead-letters");
    const situations = (await readTopic(log, "situations")).map(({ value }) => codecs.situation.decode(value ?? bytes));
    const words = new Map<string, string[]>();
    for (const { value } of await readTopic(log, "scores")) {
      const { episode, step, entries, truth } = codecs.score.decode(value ?? bytes);
      const key = `${episode} ${step}`;
      const own = entries.filter(({ predictor }) => predictor === "deep").map(({ status }) => status);
      if (truth !== "") words.set(key, [...(words.get(key) ?? []), ...own]);
    }
    await log.close();
    expect(letters).toEqual([]);
    expect(transitions).toHaveLength(events.filter(({ type }) => type === "step" || type === "observation").length);
    expect(situations).toHaveLength(transitions.length);
    const all = [...words.values()];
    expect(all.filter((one) => one.length !== 1)).toEqual([]);
    const counts = new Map<string, number>();
    for (const [status = ""] of all) counts.set(status, (counts.get(status) ?? 0) + 1);
    // Those of the store are abstained from: it was trained on the house alone.
    expect((counts.get("answered") ?? 0) + (counts.get("failed") ?? 0)).toBeGreaterThan(50);
    expect(counts.get("abstained")).toBeGreaterThan(50);
  });

  it("learns on: versions go through the log, a killed round loses nothing, a restart goes on", {
    timeout: 240_000,
  }, async () => {
    const dataDir = join(folder.path, "tuned");
    const tuned = { tune: true, tuneIntervalMs: 1_000, tuneStepsMin: 16, tuneRate: 2e-3, tuneSecondsMax: 2 };
    const args = [
      ...remote({ deep: { kind: "neural", model, backend: "wasm", environments: ["house"], ...tuned } }),
      ...["--track-predict-deadline-ms", "180000", "--log-partitions", "2"],
    ];
    const rounds = async (address: string, result: string) =>
      (await metric(address, `driftline_tune_rounds_total{environment="house",predictor="deep",result="${result}"}`)) ??
      0;
    const first = await startRun(dataDir, args);
    running.push(first);
    const events = worldEvents(9, { eventsMin: 20_000, stepsMax: 12 });
    let sent = 0;
    let sentAt = 0;
    const feed = async (address: string, count: number) => {
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify(events.slice(sent, sent + count));
      sent += count;
      sentAt = Date.now();
      expect((await fetch(`${address}/v1/interactions`, { method: "POST", headers, body })).status).toBe(202);
    };
    // There is always something new for the next round.
    const feedUntil = (address: string, what: () => Promise<boolean>, why: string) =>
      until(
        async () => {
          if (await what()) return true;
          if (Date.now() - sentAt > 700) await feed(address, 40);
          return false;
        },
        120_000,
        why,
      );
    const address = first.address;
    await feed(address, 600);
    await feedUntil(address, async () => (await rounds(address, "published")) >= 1, "a version is published");
    expect(await rounds(address, "begun")).toBe(1);
    const fileVersion = sha256Hex(readFileSync(model));
    const pin = ["pin", "house", "deep", "--version", fileVersion.slice(0, 12), "--data-dir", dataDir];
    const pinned = await driftline(pin);
    expect(pinned.out).toMatch(/pin deep [0-9a-f]{12} in house: done by/);
    const predictor = await modelPid(first.pid);
    await feedUntil(
      address,
      async () => {
        if ((await rounds(address, "failed")) >= 1) return true;
        const tuner = childrenOf(first.pid).find((pid) => pid !== predictor);
        if (tuner !== undefined) killIfThere(tuner);
        return false;
      },
      "the killed round is counted",
    );
    await untilAnswered(address);
    expect(await first.stop()).toBe(0);
    const atStop = (await readAll(dataDir)).versions;

    const second = await startRun(dataDir, args);
    running.push(second);
    const again = second.address;
    await feedUntil(again, async () => (await rounds(again, "published")) >= 1, "it goes on after the restart");
    await feed(again, 40);
    await untilAnswered(again);
    expect(await rounds(again, "begun")).toBe(0);
    expect(await second.stop()).toBe(0);
    expect(`${first.output()}${second.output()}`).not.toMatch(/defect|made anew from|version is gone/);

    const { versions, announced, situations, answers, references } = await readAll(dataDir);
    expect(versions.length).toBeGreaterThan(atStop.length);
    // The configured weights are the first version, once; each other has learnt from more than the one before it.
    expect(versions[0]).toMatchObject({ version: fileVersion, transitions: 0 });
    expect(new Set(versions.map(({ version }) => version)).size).toBe(versions.length);
    const kept = await openFolderBlobs(join(dataDir, "blobs"));
    for (const [at, { transitions, offsets, blobs, version }] of versions.entries()) {
      expect(sha256Hex((await kept.get(blobs[0] ?? "")) ?? bytes)).toBe(version);
      if (at === 0) continue;
      expect(transitions).toBeGreaterThan(versions[at - 1]?.transitions ?? 0);
      expect(offsets[0]?.offset).toBeGreaterThan(versions[at - 1]?.offsets[0]?.offset ?? 0);
    }
    // Every situation names the version that was announced last before it, and is answered with it.
    const named = new Set<string>();
    for (const { source, episode, step, environment, models } of situations) {
      const inForce = announced.filter(
        ({ partition, offset }) => partition === source.partition && offset < source.offset,
      );
      const expected = environment === "house" ? inForce.at(-1)?.version : undefined;
      const live = models.filter(({ predictor }) => predictor === "deep").map(({ version }) => version);
      expect(live).toEqual(expected === undefined ? [] : [expected]);
      if (environment !== "house") continue;
      expect(answers.get(`${episode} ${step}`)).toBe(expected ?? versions[0]?.version);
      named.add(expected ?? "none");
    }
    expect(named.size).toBeGreaterThan(2);
    // From the pin on the pinned version answers beside the live one.
    const twice = situations.filter(({ models }) => models.some(({ predictor }) => predictor === "deep@reference"));
    expect(twice.length).toBeGreaterThan(50);
    expect(twice.every(({ episode, step }) => references.get(`${episode} ${step}`) === fileVersion)).toBe(true);
    expect(references.size).toBe(twice.length);
  });

  it("cannot be started without its file: the error names it, and the process ends", { timeout: 60_000 }, async () => {
    const missing = join(folder.path, "missing.neural");
    const dataDir = join(folder.path, "other");
    const ended = await driftline([
      "run",
      "--port",
      "0",
      "--data-dir",
      dataDir,
      ...remote({ deep: { kind: "neural", model: missing } }),
    ]);
    expect(ended.code).toBe(1);
    expect(`${ended.out}${ended.err}`).toContain(`${missing}: expected a model file, found none`);
    const unknown = await driftline([
      "run",
      ...remote({ deep: { kind: "deep" }, "best-of": { kind: "neural", model } }),
    ]);
    expect(unknown.code).toBe(2);
    expect(unknown.err).toMatch(/predictors\.deep\.kind: "deep" is not one of neural/);
    expect(unknown.err).toMatch(/predictors\.best-of: this is the name/);
  });
});

const bytes = new Uint8Array();

async function readAll(dataDir: string) {
  const log = await openEmbeddedLog({ dir: join(dataDir, "log"), mode: "read", now: Date.now });
  const models = (await readTopic(log, "models")).map(({ value }) => codecs.model.decode(value ?? bytes));
  const situations = (await readTopic(log, "situations")).map(({ value }) => codecs.situation.decode(value ?? bytes));
  const announced: { partition: number; offset: number; version: string }[] = [];
  const answers = new Map<string, string | null>();
  const references = new Map<string, string | null>();
  for (const { partition, offset, value } of await readTopic(log, "interactions")) {
    if (value === null || value[0] === 0x7b) continue;
    const { announcement, predictor, episode, step, model: version } = codecs.interaction.decode(value);
    if (announcement?.predictor === "deep") announced.push({ partition, offset, version: announcement.version });
    if (predictor === "deep") answers.set(`${episode} ${step}`, version);
    if (predictor === "deep@reference") references.set(`${episode} ${step}`, version);
  }
  const letters = await readTopic(log, "dead-letters");
  expect(letters).toEqual([]);
  await log.close();
  const versions = models.filter(({ predictor, reference }) => predictor === "deep" && reference === null);
  return { versions, announced, situations, answers, references };
}

/** One that has just finished is no loss. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

function childrenOf(parent: number): readonly number[] {
  try {
    return execFileSync("pgrep", ["-P", String(parent)], { encoding: "utf8" })
      .trim()
      .split("\n")
      .map(Number);
  } catch {
    return [];
  }
}

/** Situations that it was asked about, whatever it said: one that has hardly learnt fails on many. */
async function asked(address: string): Promise<number> {
  const series = ["answered", "failed", "abstained"].map(
    (result) => `driftline_remote_situations_total{predictor="deep",result="${result}"}`,
  );
  const counts = await Promise.all(series.map((one) => metric(address, one)));
  return counts.reduce<number>((sum, one) => sum + (one ?? 0), 0);
}

/** Nothing is behind, and nothing was for two seconds: what was sent last may not be seen yet. */
async function untilAnswered(address: string): Promise<void> {
  let since = Date.now();
  const stays = async () => {
    if ((await lag(address)) > 0) since = Date.now();
    return Date.now() - since > 2_000;
  };
  await until(stays, 120_000, "everything is answered");
}

async function lag(address: string): Promise<number> {
  const view = (await (await fetch(`${address}/api/status`)).json()) as { lag: { records: number }[] };
  return view.lag.reduce((sum, { records }) => sum + records, 0);
}

/** The process in which the model is: the only child. */
async function modelPid(parent: number): Promise<number> {
  return until(
    async () => {
      return childrenOf(parent)[0] ?? null;
    },
    10_000,
    "the model has a process",
  );
}
