/** The whole job in this process, on the embedded log in a temporary folder: what `driftline run` is, without HTTP. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { codecs } from "../../dist/codec/codecs.js";
import { validateEvent } from "../../dist/codec/events.js";
import { loadConfig } from "../../dist/config.js";
import { openRuntime } from "../../dist/runtime/runtime.js";

export async function openJob(flags = []) {
  const dir = mkdtempSync(join(tmpdir(), "driftline-bench-"));
  const config = loadConfig({ flags: ["--data-dir", dir, ...flags], env: {}, readFile: () => null });
  const host = {
    now: Date.now,
    seconds: () => performance.now() / 1000,
    sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {}),
  };
  const runtime = await openRuntime(config, host, pino({ level: "error" }));
  return {
    dir,
    runtime,
    append: (records) => runtime.log.append(records),
    /** Resolves when every group has committed everything. */
    async settle() {
      for (;;) {
        const lag = await runtime.log.lag();
        if (lag.every(({ records }) => records === 0)) return;
        await sleep(10);
      }
    },
    async close() {
      await runtime.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** As ingest makes records of lines. */
export function recordOf(line) {
  const verdict = validateEvent(JSON.parse(line));
  if (!verdict.ok) throw new Error(verdict.message);
  return {
    topic: "interactions",
    key: verdict.interaction.episode,
    partition: null,
    value: codecs.interaction.encode(verdict.interaction),
  };
}
