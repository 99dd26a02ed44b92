/**
 * `driftline replay FILE…`: plays recorded events into the job. Where a process writes the data folder already they are sent to it by HTTP;
 * else the whole job runs here until everything is processed.
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { fileBytes, readLines } from "../codec/event-lines.ts";
import { freshLine } from "../ingest/sample.ts";
import { openRuntime } from "../runtime/runtime.ts";
import { type FlagSpec, flagHelp, takeFlags, UsageError } from "./arguments.ts";
import { configOf, ownerAddress } from "./data.ts";
import type { Command, Host } from "./host.ts";
import { createLogger } from "./logger.ts";
import { createProgress } from "./progress.ts";
import { createPace } from "./replay/pace.ts";
import { runtimeTarget } from "./replay/runtime-target.ts";
import { serverTarget } from "./replay/server-target.ts";
import type { Target } from "./replay/target.ts";
import { table } from "./table.ts";

const flags: FlagSpec = {
  speed: {
    kind: "number",
    help: "N times the recorded pace; events without a time: N events a second (default: as fast as possible)",
    placeholder: "N",
  },
  loop: { kind: "boolean", help: "over and over, under fresh episode ids, until stopped" },
  fresh: { kind: "boolean", help: "fresh episode ids, so that the same file can be played again" },
  to: {
    kind: "string",
    help: "send to the server at this address instead (token: --token or DRIFTLINE_TOKEN)",
    placeholder: "URL",
  },
  json: { kind: "boolean", help: "print the summary as one JSON object" },
  "data-dir": { kind: "string", help: "the data folder (default .driftline)", placeholder: "DIR" },
};
const batchEvents = 500;
const batchBytes = 2_097_152;

export const replayCommand: Command = {
  usage: [
    "driftline replay FILE… [--speed N] [--loop] [--fresh] [--to URL] [--data-dir DIR]",
    "",
    "Without --to: where `driftline run` is running on the data folder the events are sent to it; else the job runs here until all is processed.",
    "",
    ...flagHelp(flags),
  ],
  async run(args, host) {
    const taken = takeFlags(args, flags);
    const files = taken.positionals;
    const speed = taken.number("speed");
    if (files.length === 0) throw new UsageError("name the files: driftline replay FILE…");
    if (speed !== null && speed <= 0) throw new UsageError("--speed needs a number above 0");
    for (const file of files) if (file !== "-" && !existsSync(file)) throw new UsageError(`there is no file ${file}`);
    const config = configOf(taken, host);
    const target = await openTarget(taken.string("to"), config, host);
    try {
      const sent = await play(
        files,
        { speed, loop: taken.boolean("loop"), fresh: taken.boolean("fresh") },
        target,
        host,
      );
      const summary = await target.finish(host.stop);
      if (taken.boolean("json")) host.out(JSON.stringify({ ...sent, ...summary }));
      else report(sent, summary, host);
      return host.stop.aborted && !taken.boolean("loop") ? 1 : 0;
    } finally {
      await target.close();
    }
  },
};

type Config = ReturnType<typeof configOf>;

async function openTarget(to: string | null, config: Config, host: Host): Promise<Target> {
  if (to !== null) return serverTarget(to, config.http.token, host);
  try {
    return await runtimeTarget(
      await openRuntime(config, host, createLogger(config.logLevel === "info" ? "warn" : config.logLevel)),
      host,
    );
  } catch (error) {
    const address = ownerAddress(error, config.dataDir);
    host.err(`driftline replay: sending to the process that runs on this data folder, ${address}`);
    return serverTarget(address, config.http.token, host);
  }
}

interface Sent {
  readonly events: number;
  readonly refused: number;
  readonly seconds: number;
}

async function play(
  files: readonly string[],
  how: { readonly speed: number | null; readonly loop: boolean; readonly fresh: boolean },
  target: Target,
  host: Host,
): Promise<Sent> {
  const total = (await Promise.all(files.map(fileBytes))).reduce((sum, bytes) => sum + bytes, 0);
  const progress = createProgress(host, "sent", "events");
  const pace = createPace(how.speed, host);
  const start = host.seconds();
  let events = 0;
  let refused = 0;
  let batch: Buffer[] = [];
  let bytes = 0;

  async function flush(): Promise<void> {
    if (batch.length === 0) return;
    const lines = batch;
    batch = [];
    bytes = 0;
    const answer = await target.send(lines, host.stop);
    events += answer.accepted;
    refused += answer.rejected;
    for (const error of answer.errors) host.err(`driftline replay: ${error}`);
  }

  for (let round = 0; (round === 0 || how.loop) && !host.stop.aborted; round++) {
    const run = how.loop || how.fresh ? `${randomBytes(3).toString("hex")}-${round}` : null;
    let before = 0;
    for (const file of files) {
      for await (const { line, bytesRead } of readLines(file)) {
        if (host.stop.aborted) break;
        const event = run === null ? Buffer.from(line) : renamed(line, run);
        if (await pace.wait(event, flush)) await flush();
        batch.push(event);
        bytes += event.length;
        if (batch.length >= batchEvents || bytes >= batchBytes) await flush();
        progress.at(how.loop ? 0 : before + bytesRead, how.loop ? 0 : total, events + batch.length);
      }
      before += await fileBytes(file);
    }
    await flush();
  }
  progress.end();
  return { events, refused, seconds: host.seconds() - start };
}

/** A line that is no event stays as it is: it will be refused with its reason. */
function renamed(line: Buffer, run: string): Buffer {
  try {
    return freshLine(line, run);
  } catch {
    return Buffer.from(line);
  }
}

function report(sent: Sent, summary: Awaited<ReturnType<Target["finish"]>>, host: Host): void {
  const rate = Math.round(sent.events / Math.max(sent.seconds, 0.001));
  host.out(`${sent.events} events sent in ${sent.seconds.toFixed(1)} s (${rate}/s), ${sent.refused} refused`);
  host.out(
    `${summary.processed ? "all processed" : "NOT all processed yet"}; ${summary.transitions} transitions; ${summary.deadLetters} dead letters`,
  );
  for (const { reason, count } of summary.reasons) host.out(`  ${count} ${reason}`);
  if (summary.accuracy.length === 0) return;
  host.out("");
  const rows = summary.accuracy.map(({ environment, predictor, samples, accuracy, lower, upper }) => [
    environment,
    predictor,
    String(samples),
    accuracy === null ? "-" : (100 * accuracy).toFixed(1),
    lower === null || upper === null ? "-" : `${(100 * lower).toFixed(1)}-${(100 * upper).toFixed(1)}`,
  ]);
  for (const line of table(["environment", "predictor", "n", "exact", "95 %"], rows)) host.out(line);
}
