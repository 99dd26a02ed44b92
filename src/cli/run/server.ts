/** What `driftline run` answers over HTTP: with `serve` ingest, page, API and commands; without it health and metrics alone. */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import type { Config } from "../../config.ts";
import { registerIngest } from "../../ingest/http.ts";
import { createExplainer } from "../../predictors/explain-step.ts";
import { predictorFactories } from "../../predictors/registry.ts";
import { root } from "../../root.ts";
import { subTopologiesOf } from "../../run/options.ts";
import { placeOf } from "../../runtime/open-log.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { registerApi } from "../../serve/api.ts";
import { createBoard } from "../../serve/board.ts";
import { registerCommands } from "../../serve/commands.ts";
import { registerExplain } from "../../serve/explain.ts";
import { registerHealth } from "../../serve/health.ts";
import { createHttp, type HttpDeps } from "../../serve/http.ts";
import { createLive, type Live } from "../../serve/live.ts";
import { isLoopback } from "../../serve/options.ts";
import { registerPage } from "../../serve/page.ts";
import { createRuleReader } from "../../serve/read-rules.ts";
import { registerRules } from "../../serve/rules.ts";
import { subTopologyNames } from "../../topology.ts";
import type { Host } from "../host.ts";
import type { Sampler } from "./sampler.ts";

const pageFolder = fileURLToPath(new URL("dist/web/", root));
const liveEveryMs = 1_000;

export interface Answering {
  close(): Promise<void>;
}

interface Parts {
  readonly config: Config;
  readonly host: Host;
  readonly logger: Logger;
  readonly runtime: Runtime;
  readonly sample: Sampler;
}

/** Listens, and says where. */
export async function startAnswering(parts: Parts): Promise<Answering> {
  const { config, host, logger, runtime } = parts;
  const runs = subTopologiesOf(config.run);
  const serves = runs.includes("serve");
  const live = serves ? liveOf(parts) : null;
  const server = await createHttp({
    options: config.http,
    version: host.version,
    onError: (error, path) => logger.error({ err: error, path }, "a request failed"),
    register(app) {
      registerHealth(app, { lifecycle: () => runtime.lifecycle(), exposition: runtime.exposition });
      if (live !== null) registerServe(app, parts, live);
    },
    ...(serves ? {} : { hint: `this process runs ${listed(runs)}; ask one that runs serve` }),
  });
  const address = await server.listen().catch((error: unknown) => {
    throw listenProblem(error, config);
  });
  writeFileSync(join(config.dataDir, "address"), `${address}\n`, { mode: 0o600 });
  say(address, config, host);
  const refreshing = live === null ? null : refresh(live.live, host, logger);
  return {
    async close() {
      refreshing?.abort();
      live?.live.close();
      await server.close();
    },
  };
}

interface LiveParts {
  readonly board: ReturnType<typeof createBoard>;
  readonly live: Live;
}

function liveOf({ config, host, runtime, sample }: Parts): LiveParts {
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
  return { board, live };
}

function registerServe(
  app: Parameters<HttpDeps["register"]>[0],
  { config, host, runtime, sample }: Parts,
  { board, live }: LiveParts,
): void {
  registerIngest(app, {
    log: runtime.log,
    options: config.ingest,
    metrics: runtime.metrics,
    now: host.now,
    breathe: runtime.breathe,
    onAccepted: () => sample.ownDataCame(),
  });
  registerApi(app, { board, live });
  const asked = { log: runtime.log, blobs: runtime.blobs, factories: predictorFactories };
  registerExplain(app, createExplainer(asked));
  const rules = createRuleReader(asked);
  registerRules(app, rules);
  registerCommands(app, { log: runtime.log, now: host.now, rules });
  registerPage(app, pageFolder);
}

/** What this process is and does, for who started it. */
function say(address: string, config: Config, { out, err }: Host): void {
  const runs = subTopologiesOf(config.run);
  const asks = Object.keys(config.predictRemote.predictors).length > 0;
  const others = subTopologyNames.filter((name) => !runs.includes(name) && (asks || name !== "predict-remote"));
  const embedded = config.log.adapter === "embedded";
  out(`driftline: listening on ${address}`);
  if (runs.includes("serve"))
    out(
      `driftline: page ${address}/   metrics ${address}/metrics   API ${address}/openapi.json   data ${resolve(config.dataDir)}`,
    );
  else
    out(`driftline: metrics ${address}/metrics   health ${address}/readyz   (no serve: no ingest, page or API here)`);
  if (!embedded) out(`driftline: log ${placeOf(config)}`);
  if (others.length > 0) out(`driftline: this process runs ${listed(runs)}; others must run ${listed(others)}`);
  if (others.length > 0 && embedded)
    err(
      `driftline: WARNING: nobody runs ${listed(others)}: the embedded log belongs to one process. Leave --only out, or use --log kafka`,
    );
  if (!isLoopback(config.http.host)) out("driftline: reachable from other machines; every request needs the token");
}

/** "track", "track and learn", "track, learn and monitor". */
function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
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

function listenProblem(error: unknown, config: Config): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  const { host, port } = config.http;
  if (error.code === "EADDRINUSE")
    return new Error(`port ${port} of ${host} is taken: choose another with --port, or --port 0 for any`);
  if (error.code === "EACCES")
    return new Error(`port ${port} may not be used by this user: choose one above 1023 with --port`);
  return error;
}
