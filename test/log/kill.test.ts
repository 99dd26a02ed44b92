/**
 * Real deaths: a process that writes the embedded log is ended by `kill -9` again and again. Whatever it acknowledged is there, once, in
 * order; a commit is there whole or not at all. And `strace` sees `fdatasync` before every acknowledgement. `DRIFTLINE_KILLS` sets how many.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openEmbeddedLog } from "../../src/log/embedded/embedded-log.ts";
import { requireTool } from "../support/require.ts";

const kills = Number(process.env["DRIFTLINE_KILLS"] ?? 50);
const many = { recordsMax: 1_000_000, bytesMax: 1_000_000_000 };
const moduleUrl = new URL("../../dist/log/embedded/embedded-log.js", import.meta.url).href;

/** Appends numbers to `a` and commits a group whose offset counts its outputs; writes each acknowledgement to standard output. */
const writerScript = (dir: string, rounds: number) => `
  import { writeSync } from "node:fs";
  const { openEmbeddedLog } = await import(${JSON.stringify(moduleUrl)});
  const log = await openEmbeddedLog({ dir: ${JSON.stringify(dir)}, mode: "write", now: Date.now });
  const spec = (name) => ({ name, partitions: 1, cleanup: "delete", retentionMs: null, retentionBytes: null });
  await log.ensureTopics([spec("a"), spec("b")]);
  let input;
  await log.join("g", ["a"], { assigned(one) { input = one; }, async revoked() {}, failed() {} });
  let next = (await log.range("a", 0)).end;
  let committed = (await input.committed())?.offsets.a ?? 0;
  for (let round = 0; round < ${rounds}; round++) {
    const values = Array.from({ length: 1 + (round % 5) }, (_, at) => String(next + at));
    await log.append(values.map((value) => ({ topic: "a", key: null, partition: 0, value: Buffer.from(value) })));
    next += values.length;
    writeSync(1, "A" + next + "\\n");
    const outputs = Array.from({ length: next - committed }, (_, at) => ({ topic: "b", key: null, partition: 0, value: Buffer.from(String(committed + at)) }));
    await input.commit({ offsets: { a: next }, note: String(next), outputs });
    committed = next;
    writeSync(1, "C" + next + "\\n");
  }
  await log.close();
`;

describe("the embedded log under kill -9", () => {
  it(`has everything that was acknowledged after each of ${kills} deaths`, { timeout: 20 * 60_000 }, async () => {
    const dir = mkdtempSync(join(tmpdir(), "driftline-kill-"));
    let appended = 0;
    let committed = 0;
    for (let kill = 0; kill < kills; kill++) {
      const acknowledged = await runAndKill(dir, (kill * 7) % 40);
      appended = Math.max(appended, acknowledged.appended);
      committed = Math.max(committed, acknowledged.committed);
      const log = await openEmbeddedLog({ dir, mode: "read", now: Date.now });
      const { end } = await log.range("a", 0);
      expect(end, `death ${kill}: appended`).toBeGreaterThanOrEqual(appended);
      const outputs = (await log.range("b", 0)).end;
      expect(outputs, `death ${kill}: committed`).toBeGreaterThanOrEqual(committed);
      if (kill % 20 === 19 || kill === kills - 1) {
        const numbers = (await log.read("a", 0, 0, many, 0)).map(({ value }) =>
          Number(Buffer.from(value ?? []).toString()),
        );
        expect(numbers).toEqual(Array.from({ length: end }, (_, at) => at));
        const derived = (await log.read("b", 0, 0, many, 0)).map(({ value }) =>
          Number(Buffer.from(value ?? []).toString()),
        );
        expect(derived).toEqual(Array.from({ length: outputs }, (_, at) => at));
        expect(await log.lag()).toEqual([{ group: "g", topic: "a", records: end - outputs }]);
      }
      await log.close();
    }
    expect(appended).toBeGreaterThan(kills);
    rmSync(dir, { recursive: true, force: true });
  });

  it.runIf(requireTool("strace"))("syncs to disk before every acknowledgement", { timeout: 120_000 }, () => {
    const dir = mkdtempSync(join(tmpdir(), "driftline-sync-"));
    const trace = join(dir, "trace");
    const args = [
      "-f",
      "-qq",
      "-e",
      "trace=fdatasync,fsync,write",
      "-o",
      trace,
      process.execPath,
      "--input-type=module",
      "-e",
      writerScript(join(dir, "log"), 30),
    ];
    const run = spawnSync("strace", args, { encoding: "utf8" });
    expect(run.status, run.stderr).toBe(0);
    let synced = false;
    let acknowledgements = 0;
    for (const line of readFileSync(trace, "utf8").split("\n")) {
      if (/\bf(data)?sync\(/.test(line) || /f(data)?sync resumed/.test(line)) synced = true;
      if (!/\bwrite\(1, "[AC]\d+/.test(line)) continue;
      acknowledgements += 1;
      expect(synced, `no sync before ${line}`).toBe(true);
      synced = false;
    }
    expect(acknowledgements).toBe(60);
    rmSync(dir, { recursive: true, force: true });
  });
});

function runAndKill(
  dir: string,
  afterAcknowledgements: number,
): Promise<{ readonly appended: number; readonly committed: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", writerScript(dir, 1_000_000)], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    let errors = "";
    child.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    child.stdout.on("data", (chunk) => {
      text += chunk;
      if (text.split("\n").length > afterAcknowledgements + 1) child.kill("SIGKILL");
    });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (signal !== "SIGKILL") return reject(new Error(`the writer ended by itself (${code}): ${errors}`));
      const last = (letter: string) =>
        Math.max(0, ...[...text.matchAll(new RegExp(`^${letter}(\\d+)$`, "gm"))].map((match) => Number(match[1])));
      resolve({ appended: last("A"), committed: last("C") });
    });
  });
}
