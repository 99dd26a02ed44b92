/** Plays the bundled sample into a data folder that has no data of its user's yet. On a Kafka that others use too it never plays. */
import { randomBytes } from "node:crypto";
import type { Logger } from "pino";
import type { Config } from "../../config.ts";
import { playSample } from "../../ingest/sample.ts";
import { subTopologiesOf } from "../../run/options.ts";
import { isEmpty, type Runtime, sampleMark } from "../../runtime/runtime.ts";
import type { Host } from "../host.ts";

export interface Sampler {
  start(): Promise<void>;
  playing(): boolean;
  /** The user's own events came: the sample makes room for them. */
  ownDataCame(): void;
  stop(): void;
}

export function createSampler(config: Config, host: Host, logger: Logger, runtime: Runtime): Sampler {
  const stopped = new AbortController();
  const mark = sampleMark(config.dataDir);
  const may = config.sample && config.log.adapter === "embedded" && subTopologiesOf(config.run).includes("serve");
  let playing = false;
  return {
    async start() {
      if (!may || !(mark.isSet() || (await isEmpty(runtime.log)))) return;
      mark.set();
      playing = true;
      host.out(
        "driftline: playing the bundled SAMPLE (recorded TextWorld, ScienceWorld and BabyAI episodes, and two toy worlds; the drift of toy-lift is scripted, its baseline made of 60 episodes, not of 1,000); it stops when your own events come",
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
