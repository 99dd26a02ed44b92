/** `driftline run`: the main job on one machine: embedded log, all stages, HTTP and page. */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { registerIngest } from "../ingest/http.ts";
import { playSample } from "../ingest/sample.ts";
import { createExplainer } from "../predictors/explain-step.ts";
import { predictorFactories } from "../predictors/registry.ts";
import { isEmpty, openRuntime, type Runtime, sampleMark } from "../runtime/runtime.ts";
import { registerApi } from "../serve/api.ts";
import { type Board, createBoard } from "../serve/board.ts";
import { registerCommands } from "../serve/commands.ts";
import { registerExplain } from "../serve/explain.ts";
import { createHttp, type HttpServer } from "../serve/http.ts";
import { createLive, type Live } from "../serve/live.ts";
import { isLoopback } from "../serve/options.ts";
import { registerPage } from "../serve/page.ts";
import { takeFlags } from "./arguments.ts";
import { configOf } from "./data.ts";
import type { Command, Host } from "./host.ts";
import { createLogger } from "./logger.ts";

const pageFolder = fileURLToPath(new URL("../web/", import.meta.url));
const liveEveryMs = 1_000;

export const runCommand: Command = {
  name: "run",
  summary: "run everything on this machine: log, stages, HTTP and page",
  usage: [
    "driftline run [--data-dir DIR] [--port N] [--host ADDRESS] [--no-sample] [--config FILE] [any option]",
    "",
    "  --data-dir DIR   where everything is kept (default .driftline)",
    "  --port N         port of page and API (default 7420; 0 takes any)",
    "  --host ADDRESS   address to listen on (default 127.0.0.1; others need --token or DRIFTLINE_TOKEN)",
    "  --no-sample      do not play the bundled sample into an empty data folder",
    "  --config FILE    JSON file of options (default driftline.json, where there is one)",
    "",
    "`driftline config` lists every option with its flag, variable and default.",
  ],
  async run(args, host) {
    const config = configOf(takeFlags(args, {}), host);
    const logger = createLogger(config.logLevel);
    const runtime = await openRuntime(config, host, logger);
    const sample = createSampler(config, host, logger, runtime);
    let server: HttpServer;
    const board = createBoard(runtime.log);
    const live = createLive({
      log: runtime.log,
      board,
      lifecycle: () => runtime.lifecycle(),
      sample: () => sample.playing(),
      version: host.version,
      now: host.now,
      clientsMax: config.http.liveClientsMax,
    });
    try {
      server = await listen({ config, host, logger, runtime, sample, live, board });
    } catch (error) {
      await runtime.stop();
      throw listenProblem(error, config);
    }
    const refreshing = refresh(live, host, logger);
    await sample.start();
    await untilStopped(host.stop, runtime.failed);
    host.err(host.stop.aborted ? "driftline: stopping …" : "driftline: cannot go on; stopping …");
    sample.stop();
    refreshing.abort();
    live.close();
    await server.close();
    const inTime = await runtime.stop();
    host.err(
      inTime
        ? "driftline: stopped; everything is written."
        : "driftline: stopped at the deadline; the next start catches up.",
    );
    return runtime.failed.aborted ? 1 : 0;
  },
};

interface Parts {
  readonly config: Config;
  readonly host: Host;
  readonly logger: Logger;
  readonly runtime: Runtime;
  readonly sample: Sampler;
  readonly live: Live;
  readonly board: Board;
}

async function listen({ config, host, logger, runtime, sample, live, board }: Parts): Promise<HttpServer> {
  const server = await createHttp({
    options: config.http,
    version: host.version,
    onError: (error, path) => logger.error({ err: error, path }, "a request failed"),
    register(app) {
      registerIngest(app, {
        log: runtime.log,
        options: config.ingest,
        metrics: runtime.metrics,
        now: host.now,
        breathe: runtime.breathe,
        onAccepted: () => sample.ownDataCame(),
      });
      registerApi(app, {
        board,
        live,
        lifecycle: () => runtime.lifecycle(),
        exposition: runtime.exposition,
      });
      registerExplain(app, createExplainer({ log: runtime.log, blobs: runtime.blobs, factories: predictorFactories }));
      registerCommands(app, { log: runtime.log, now: host.now });
      registerPage(app, pageFolder);
    },
  });
  const address = await server.listen();
  writeFileSync(join(config.dataDir, "address"), `${address}\n`, { mode: 0o600 });
  host.out(`driftline: listening on ${address}`);
  host.out(
    `driftline: page ${address}/   metrics ${address}/metrics   API ${address}/openapi.json   data ${resolve(config.dataDir)}`,
  );
  if (!isLoopback(config.http.host))
    host.out("driftline: reachable from other machines; every request needs the token");
  return server;
}

interface Sampler {
  start(): Promise<void>;
  playing(): boolean;
  /** The user's own events came: the sample makes room for them. */
  ownDataCame(): void;
  stop(): void;
}

function createSampler(config: Config, host: Host, logger: Logger, runtime: Runtime): Sampler {
  const stopped = new AbortController();
  const mark = sampleMark(config.dataDir);
  let playing = false;
  return {
    async start() {
      if (!config.sample || !(mark.isSet() || (await isEmpty(runtime.log)))) return;
      mark.set();
      playing = true;
      host.out(
        "driftline: playing the bundled SAMPLE (recorded TextWorld, ScienceWorld and BabyAI episodes, and a toy world); it stops when your own events come",
      );
      const run = randomBytes(3).toString("hex");
      playSample({
        log: runtime.log,
        run,
        signal: stopped.signal,
        sleep: (ms, signal) => host.sleep(ms, signal),
      }).catch((error: unknown) => {
        playing = false;
        logger.error({ err: error }, "the sample stopped");
      });
    },
    playing: () => playing,
    ownDataCame() {
      mark.clear();
      if (!playing) return;
      playing = false;
      stopped.abort();
      host.out("driftline: your own events have come: the sample has stopped");
    },
    stop: () => stopped.abort(),
  };
}

function refresh(live: Live, host: Host, logger: Logger): AbortController {
  const stopped = new AbortController();
  void (async () => {
    while (!stopped.signal.aborted) {
      await live.refresh().catch((error: unknown) => logger.warn({ err: error }, "the page's view could not be made"));
      await host.sleep(liveEveryMs, stopped.signal);
    }
  })();
  return stopped;
}

function untilStopped(...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of signals) {
      if (signal.aborted) return resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    }
  });
}

function listenProblem(error: unknown, config: Config): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  const { host, port } = config.http;
  if (error.code === "EADDRINUSE")
    return new Error(`port ${port} of ${host} is taken: choose another with --port, or --port 0 for any`);
  if (error.code === "EACCES")
    return new Error(`port ${port} may not be used by this user: choose one above 1023 with --port`);
  return error;
}
