/** The log that the configuration names: the embedded file of the data folder, or the user's own Kafka. */
import { join } from "node:path";
import type { Config } from "../config.ts";
import { openEmbeddedLog } from "../log/embedded/embedded-log.ts";
import type { Log } from "../log/port.ts";

export type LogConfig = Pick<Config, "dataDir" | "log">;

export interface LogHost {
  /** Epoch ms. */
  readonly now: () => number;
  /** A line of the client's own log. */
  readonly onLog: (level: "error" | "warn" | "info" | "debug", message: string, fields: object) => void;
}

/** `mode` read: beside whoever writes; Kafka has many writers and does not care. Throws `LogLocked` for a folder that another process writes. */
export async function openLog({ dataDir, log }: LogConfig, host: LogHost, mode: "read" | "write"): Promise<Log> {
  if (log.adapter === "kafka") throw new Error("Kafka cannot be reached from this build");
  return openEmbeddedLog({ dir: join(dataDir, "log"), mode, now: host.now });
}

/** How a thread of this process opens a log of its own: as a member that a restart recognises, beside the others. */
export function logOfThread(config: LogConfig["log"], thread: string): LogConfig["log"] {
  const { instanceId } = config.kafka;
  return instanceId === "" ? config : { ...config, kafka: { ...config.kafka, instanceId: `${instanceId}-${thread}` } };
}

/** What to say of where the log is. */
export function placeOf({ dataDir, log }: LogConfig): string {
  const { brokers, prefix, guarantee } = log.kafka;
  if (log.adapter === "embedded") return dataDir;
  return `Kafka at ${brokers.join(", ")}${prefix === "" ? "" : `, prefix ${prefix}`} (${guarantee})`;
}
