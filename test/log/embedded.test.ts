/** The embedded adapter: the contract, one writer, retention and compaction, limits. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openEmbeddedLog } from "../../src/log/embedded/embedded-log.ts";
import { type Log, LogBusy, LogLocked, type TaskInput, type TopicSpec } from "../../src/log/port.ts";
import { logContract } from "../contract/log.ts";

const folders: string[] = [];
function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "driftline-log-"));
  folders.push(dir);
  return dir;
}
afterEach(() => {
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true });
});

logContract("embedded", async () => {
  const dir = mkdtempSync(join(tmpdir(), "driftline-log-"));
  const clock = { now: 1_700_000_000_000 };
  const open = () => openEmbeddedLog({ dir, mode: "write", now: () => clock.now });
  let log = await open();
  return {
    log,
    clock,
    async reopen() {
      await log.close();
      log = await open();
      return log;
    },
    async cleanup() {
      await log.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
});

const many = { recordsMax: 100_000, bytesMax: 100_000_000 };
const spec = (name: string, more: Partial<TopicSpec> = {}): TopicSpec => {
  return { name, partitions: 1, cleanup: "delete", retentionMs: null, retentionBytes: null, ...more };
};
const record = (topic: string, key: string | null, value: string | null) => {
  return { topic, key, partition: key === null ? 0 : null, value: value === null ? null : Buffer.from(value) };
};
const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await what()) return;
    await later(25);
  }
  throw new Error("it did not come to pass");
}

describe("the embedded log", () => {
  it("gives a second writer a clear error, while a reader in another process may read", async () => {
    const dir = folder();
    const log = await openEmbeddedLog({ dir, mode: "write", now: Date.now });
    await log.ensureTopics([spec("a")]);
    await log.append([record("a", "k", "v")]);
    const second = openEmbeddedLog({ dir, mode: "write", now: Date.now });
    await expect(second).rejects.toThrow(LogLocked);
    await expect(second).rejects.toThrow(/reading is possible/);
    const script = `
      const { openEmbeddedLog } = await import(${JSON.stringify(new URL("../../dist/log/embedded/embedded-log.js", import.meta.url).href)});
      const log = await openEmbeddedLog({ dir: ${JSON.stringify(dir)}, mode: "read", now: Date.now });
      const records = await log.read("a", 0, 0, { recordsMax: 9, bytesMax: 9999 }, 0);
      const write = await openEmbeddedLog({ dir: ${JSON.stringify(dir)}, mode: "write", now: Date.now }).catch((error) => error.name);
      console.log(JSON.stringify([Buffer.from(records[0].value).toString(), write, (await log.topics())[0].name]));
    `;
    expect(await outputOf(script)).toBe('["v","LogLocked","a"]\n');
    await log.close();
    const third = await openEmbeddedLog({ dir, mode: "write", now: Date.now });
    await third.close();
  });

  it("refuses to change a log opened for reading", async () => {
    const dir = folder();
    const log = await openEmbeddedLog({ dir, mode: "write", now: Date.now });
    await log.ensureTopics([spec("a")]);
    await log.close();
    const reader = await openEmbeddedLog({ dir, mode: "read", now: Date.now });
    await expect(reader.append([record("a", "k", "v")])).rejects.toThrow(/opened for reading/);
    await reader.close();
  });

  it("drops what is older than its topic's age, and what is beyond its bytes, and says so", async () => {
    const dir = folder();
    const clock = { now: 1_000_000 };
    const bitten: string[] = [];
    const log = await openEmbeddedLog({
      dir,
      mode: "write",
      now: () => clock.now,
      maintainMs: 30,
      tailBytesMax: 1,
      onBitten: (topic) => bitten.push(topic),
    });
    await log.ensureTopics([spec("old", { retentionMs: 10_000 }), spec("big", { retentionBytes: 20_000 })]);
    await log.append([record("old", null, "first")]);
    clock.now += 20_000;
    await log.append([record("old", null, "second")]);
    const noise = (seed: number) => createHash("shake256", { outputLength: 5_000 }).update(`${seed}`).digest("base64");
    for (let number = 1; number <= 10; number++) await log.append([record("big", null, noise(number))]);
    await until(async () => (await log.range("old", 0)).start === 1 && (await log.range("big", 0)).start > 0);
    expect((await log.read("old", 0, 0, many, 0)).map(({ offset }) => offset)).toEqual([1]);
    expect(bitten).toContain("big");
    expect((await log.range("big", 0)).end).toBe(10);
    const inputs: TaskInput[] = [];
    await log.join("g", ["old"], { assigned: (input) => void inputs.push(input), async revoked() {}, failed() {} });
    await expect(inputs[0]?.read({ old: 0 }, many, 0)).rejects.toThrow(/driftline reset g --to start/);
    await log.close();
  });

  it("compacts to the newest value per key, keeps offsets, and lets removed keys go", async () => {
    const dir = folder();
    const log = await openEmbeddedLog({ dir, mode: "write", now: Date.now, maintainMs: 30, tailBytesMax: 1 });
    await log.ensureTopics([spec("k", { cleanup: "compact" })]);
    for (let number = 0; number < 300; number++)
      await log.append([record("k", `key${number % 5}`, number === 299 ? null : `${number}`)]);
    await until(async () => (await log.read("k", 0, 0, many, 0)).length < 200);
    await log.close();
    const again = await openEmbeddedLog({ dir, mode: "write", now: Date.now });
    const newest = new Map((await again.read("k", 0, 0, many, 0)).map((one) => [one.key, one]));
    for (const key of [0, 1, 2, 3]) expect(newest.get(`key${key}`)).toMatchObject({ offset: 295 + key });
    expect(newest.get("key4")?.value ?? null).toBeNull();
    expect(await again.range("k", 0)).toEqual({ start: 0, end: 300 });
    await again.close();
  });

  it("asks writers to wait when too much is queued, and takes up again", async () => {
    const dir = folder();
    const log = await openEmbeddedLog({ dir, mode: "write", now: Date.now, queueBytesMax: 100_000 });
    await log.ensureTopics([spec("a")]);
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, () => log.append([record("a", null, "x".repeat(20_000))])),
    );
    const refused = results.filter((one) => one.status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    for (const one of refused) expect(one.reason).toBeInstanceOf(LogBusy);
    expect((await log.range("a", 0)).end).toBe(results.length - refused.length);
    await log.append([record("a", null, "again")]);
    await log.close();
  });

  it("reads the same from memory and from the file", async () => {
    const dir = folder();
    const write = async (log: Log) => {
      for (let batch = 0; batch < 20; batch++)
        await log.append(Array.from({ length: 25 }, (_, at) => record("a", `k${at}`, `${batch}/${at}`.repeat(20))));
    };
    const log = await openEmbeddedLog({ dir, mode: "write", now: Date.now });
    await log.ensureTopics([spec("a")]);
    await write(log);
    const small = { recordsMax: 33, bytesMax: 5_000 };
    const fromMemory: string[] = [];
    for (let from = 0; from < 500; ) {
      const records = await log.read("a", 0, from, small, 0);
      fromMemory.push(
        ...records.map(({ offset, key, value }) => `${offset} ${key} ${Buffer.from(value ?? []).toString()}`),
      );
      from = (records.at(-1)?.offset ?? 0) + 1;
    }
    await log.close();
    const reader = await openEmbeddedLog({ dir, mode: "read", now: Date.now });
    const fromFile: string[] = [];
    for (let from = 0; from < 500; ) {
      const records = await reader.read("a", 0, from, small, 0);
      fromFile.push(
        ...records.map(({ offset, key, value }) => `${offset} ${key} ${Buffer.from(value ?? []).toString()}`),
      );
      from = (records.at(-1)?.offset ?? 0) + 1;
    }
    await reader.close();
    expect(fromMemory).toHaveLength(500);
    expect(fromFile).toEqual(fromMemory);
  });
});

function outputOf(script: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
    });
    child.on("error", reject);
    child.on("exit", () => resolve(text));
  });
}
