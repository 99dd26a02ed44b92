#!/usr/bin/env node
/**
 * The process, its threads and the processes of predictors: the only reader of the environment, clocks, signals and the only one to exit. Everything else gets what it
 * needs from the `Host` made here.
 */
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import type { Host } from "./cli/host.ts";
import { type FromHost, hostArgument } from "./predictors/host/messages.ts";
import { root } from "./root.ts";

/** A second signal, or one that a hung stop does not answer, ends the process at once. */
const signalExitCode = 130;

// Reading the maps takes time, which a start should not.
if (process.env["DRIFTLINE_STACK"] === "1") process.setSourceMapsEnabled(true);

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(signalExitCode);
    stop.abort();
  });
}
// A reader that goes away (`driftline topics read scores | head`) ends the command quietly.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const host: Host = {
  argv: process.argv.slice(2),
  env: process.env,
  now: () => Date.now(),
  seconds: () => performance.now() / 1000,
  async sleep(ms, signal) {
    await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {});
  },
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  status: (line) => void process.stderr.write(`\r\x1b[K${line}`),
  errIsTerminal: process.stderr.isTTY === true,
  stop: stop.signal,
  version: versionOf(readFileSync(new URL("package.json", root), "utf8")),
};

if (process.send !== undefined && process.argv[2] === hostArgument) {
  // Each way loads its own part of the program.
  const { servePredictor } = await import("./predictors/host/serve.ts");
  await servePredictor(
    {
      send: (message: FromHost, sent) => void process.send?.(message, undefined, undefined, sent),
      onMessage: (hear) => void process.on("message", hear),
      onGone: (act) => void process.on("disconnect", act),
    },
    host,
  );
  process.exit(0);
} else if (isMainThread || parentPort === null) {
  const { dispatch } = await import("./cli/dispatch.ts");
  process.exitCode = await dispatch(host);
  // Nothing should be left running; a handle that is must not keep a finished command alive.
  setTimeout(() => process.exit(), 2_000).unref();
} else {
  const { hostStages } = await import("./runtime/hosted-stages.ts");
  await hostStages(workerData, parentPort, host);
}

function versionOf(text: string): string {
  const match = /"version":\s*"([^"]+)"/.exec(text);
  return match?.[1] ?? "unknown";
}
