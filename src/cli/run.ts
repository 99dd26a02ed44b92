/** `driftline run`: the main job, or the sub-topologies of it that this process is to run: log, stages, HTTP and page. */
import { openRuntime, type Runtime } from "../runtime/runtime.ts";
import { subTopologyNames } from "../topology.ts";
import { takeFlags } from "./arguments.ts";
import { configOf } from "./data.ts";
import type { Command } from "./host.ts";
import { createLogger } from "./logger.ts";
import { kinds, withRemote } from "./run/remote.ts";
import { createSampler } from "./run/sampler.ts";
import { type Answering, startAnswering } from "./run/server.ts";

/** A stream task stood still through all its restarts. Whoever started the process starts it anew. */
const stalledExitCode = 3;

export const runCommand: Command = {
  usage: [
    "driftline run [--data-dir DIR] [--port N] [--host ADDRESS] [--no-sample] [--config FILE] [any option]",
    "driftline run --log kafka --brokers HOST:PORT,… [--registry URL,…] [--only NAME,…] [any option]",
    "",
    "  --data-dir DIR   where everything is kept (default .driftline); on Kafka: the address and a cache",
    "  --port N         port of page and API (default 7420; 0 takes any)",
    "  --host ADDRESS   address to listen on (default 127.0.0.1; others need --token or DRIFTLINE_TOKEN)",
    "  --no-sample      do not play the bundled sample into an empty data folder",
    "  --log kafka      keep everything in the topics of your Kafka, where many processes share the work",
    "  --registry URL,… frame Avro as Confluent does, with the schema ids of your registry",
    `  --only NAME,…    run only these: ${subTopologyNames.join(", ")}`,
    `  --predictor KIND run a predictor that takes its time too: ${kinds}; its options follow it:`,
    "                   --predictor neural --model FILE [--tune]   --predictor llama --model FILE.gguf",
    "                   --predictor openai --model NAME --url URL   --predictor NAME=KIND … names one; may be repeated",
    "  --config FILE    JSON file of options (default driftline.json, where there is one)",
    "",
    "`driftline config` lists every option with its flag, variable and default.",
    `Exit codes: 0 stopped, 1 cannot go on, ${stalledExitCode} a stream task stood still through all its restarts.`,
  ],
  async run(args, host) {
    const config = configOf(takeFlags(withRemote(args), {}), host);
    const logger = createLogger(config.logLevel);
    const runtime = await openRuntime(config, host, logger);
    if (runtime.failed.aborted) {
      host.err(`driftline: cannot start: ${runtime.trouble()}`);
      await runtime.stop();
      return exitCode(runtime);
    }
    const sample = createSampler(config, host, logger, runtime);
    let answering: Answering;
    try {
      answering = await startAnswering({ config, host, logger, runtime, sample });
    } catch (error) {
      await runtime.stop();
      throw error;
    }
    await sample.start();
    await untilStopped(host.stop, runtime.failed);
    host.err(
      host.stop.aborted
        ? "driftline: stopping …"
        : `driftline: cannot go on (${runtime.why()}): ${runtime.trouble()}; stopping …`,
    );
    sample.stop();
    await answering.close();
    const inTime = await runtime.stop();
    host.err(
      inTime
        ? "driftline: stopped; everything is written."
        : "driftline: stopped at the deadline; the next start catches up.",
    );
    return exitCode(runtime);
  },
};

function exitCode(runtime: Runtime): number {
  switch (runtime.why()) {
    case null:
      return 0;
    case "failed":
      return 1;
    case "stalled":
      return stalledExitCode;
  }
}

function untilStopped(...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of signals) {
      if (signal.aborted) return resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    }
  });
}
