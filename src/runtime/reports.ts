/** What goes wrong in any thread, in one place: counted, logged, and told where the process cannot go on. */
import type { Logger } from "pino";
import { registryLines } from "../registry/client.ts";
import { type Stall, Stalled } from "../run/watchdog.ts";
import type { Metrics } from "../stats/metrics.ts";
import type { Report } from "./messages.ts";
import type { OnLog } from "./open-log.ts";

/** Why a process cannot go on. */
export type Why = "failed" | "stalled";

/** Lines of the log's clients. What a schema registry is asked again is counted, too. */
export function createLogLines(metrics: Metrics, logger: Logger): OnLog {
  const retries = metrics.counter(
    "driftline_registry_retries_total",
    "Requests to the schema registry that no URL answered and that were made again.",
    [],
  );
  return (level, message, fields) => {
    if ("of" in fields && fields.of === registryLines) retries.add({});
    logger[level](fields, message);
  };
}

export function createReports(
  metrics: Metrics,
  logger: Logger,
  onLog: OnLog,
  cannotGoOn: (why: Why, message: string) => void,
) {
  const defects = metrics.counter("driftline_defects_total", "Exceptions of Driftline's own logic, by stage.", [
    "stage",
  ]);
  const restarts = metrics.counter(
    "driftline_stream_task_failures_total",
    "Stream tasks that failed or stood still and were made anew.",
    ["stage"],
  );
  const deaths = metrics.counter(
    "driftline_stage_thread_failures_total",
    "Threads of stages that ended by themselves.",
    [],
  );
  const unloadable = metrics.counter(
    "driftline_model_load_failures_total",
    "Announced model versions that could not be loaded: predictions abstain with version-gone.",
    [],
  );

  function defect(stage: string, error: unknown, place: (Report & { readonly kind: "defect" })["place"]): void {
    defects.add({ stage });
    logger.error({ stage, ...place, err: error }, "defect: the record is a dead letter");
  }

  function failure(
    stage: string,
    partition: number,
    error: unknown,
    fatal: boolean,
    stalled = error instanceof Stalled,
  ): void {
    restarts.add({ stage });
    logger.error(
      { stage, partition, err: error, fatal },
      fatal ? "cannot go on" : "stream task failed; made anew from its committed note",
    );
    if (fatal) cannotGoOn(stalled ? "stalled" : "failed", error instanceof Error ? error.message : String(error));
  }

  function stall({ stage, partition, seconds, waiting }: Stall): void {
    logger.warn({ stage, partition, seconds, waiting }, "stalled: a stream task does nothing though records wait");
  }

  function modelTrouble(model: string, error: unknown): void {
    unloadable.add({});
    logger.warn({ model, err: error }, "a model version cannot be loaded; predictions abstain until the next one");
  }

  return {
    defect,
    failure,
    stall,
    modelTrouble,
    hear(message: Report): void {
      switch (message.kind) {
        case "defect":
          return defect(message.stage, message.error, message.place);
        case "failure":
          return failure(message.stage, message.partition, message.error, message.fatal, message.stalled);
        case "stall":
          return stall(message.stall);
        case "log":
          return onLog(message.level, message.message, message.fields);
        case "model-trouble":
          return modelTrouble(message.model, message.error);
      }
    },
    threadDied(error: Error, again: boolean): void {
      deaths.add({});
      logger.error({ err: error }, again ? "a thread of stages ended; it is started anew" : "cannot go on");
      if (!again) cannotGoOn("failed", error.message);
    },
  };
}
