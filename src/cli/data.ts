/** Opening the data for a command, a folder or Kafka: configuration from the words that the command did not take, log for reading or writing. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Config, loadConfig } from "../config.ts";
import type { KafkaAccess } from "../log/kafka/access.ts";
import { type Log, LogLocked } from "../log/port.ts";
import { type OnLog, openLog, readFile as readWhole } from "../runtime/open-log.ts";
import { type Taken, UsageError } from "./arguments.ts";
import type { Host } from "./host.ts";

/** `rest`: the words that no flag of the command took. A `--data-dir` that the command took itself counts too. */
export function configOf(taken: Taken, host: Host): Config {
  const dataDir = taken.string("data-dir");
  return loadConfig({
    flags: dataDir === null ? taken.rest : [...taken.rest, "--data-dir", dataDir],
    env: host.env,
    readFile,
  });
}

/** Opens the log beside whoever writes it, for as long as `use` takes. */
export async function withLogToRead(taken: Taken, host: Host, use: (log: Log) => Promise<number>): Promise<number> {
  const config = configOf(taken, host);
  if (!hasData(config)) {
    host.err(
      `driftline: there is no data in ${config.dataDir}: start with \`npm start\`, or name another folder with --data-dir`,
    );
    return 1;
  }
  const log = await openLog(config, host, trouble(host), "read");
  try {
    return await use(log);
  } finally {
    await log.close();
  }
}

/** Connections to the cluster that the configuration names, for as long as `use` takes. */
export async function withKafka(
  { log }: Config,
  host: Host,
  use: (access: KafkaAccess) => Promise<number>,
): Promise<number> {
  if (log.adapter !== "kafka") throw new UsageError("this is for Kafka: --log kafka --brokers HOST:PORT,…");
  const { openKafkaAccess } = await import("../log/kafka/access.ts");
  const access = openKafkaAccess({
    options: log.kafka,
    readFile: readWhole,
    onLog: trouble(host),
    now: () => host.now(),
    sleep: (ms) => host.sleep(ms),
  });
  try {
    return await use(access);
  } finally {
    await access.close();
  }
}

/** Something was kept here once; on Kafka that is for the cluster to say. */
export function hasData({ dataDir, log }: Pick<Config, "dataDir" | "log">): boolean {
  return log.adapter === "kafka" || existsSync(join(dataDir, "log"));
}

/** What a log client says to who runs a command: that it cannot connect, which it tries again and again; each once, and nothing else. */
export function trouble(host: Pick<Host, "err">): OnLog {
  const told = new Set<string>();
  return (level, message) => {
    const isTrouble = level === "error" || (level === "warn" && /^Connection (error|timeout)/.test(message));
    if (!isTrouble || told.has(message)) return;
    told.add(message);
    host.err(`driftline: ${message}`);
  };
}

/** Where the process listens that writes the data folder, which is why it could not be opened. Rethrows any other error. */
export function ownerAddress(error: unknown, dataDir: string): string {
  const file = join(dataDir, "address");
  if (!(error instanceof LogLocked) || !existsSync(file)) throw error;
  return readFileSync(file, "utf8").trim();
}

function readFile(path: string): string | null {
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}
