/**
 * Sends an operator's command: to the process that writes the data folder where there is one, else into the log, where it is found at the next
 * start; on Kafka into the log at once, where whoever has the environment finds it.
 */
import type { Config } from "../config.ts";
import type { Log, OutRecord } from "../log/port.ts";
import { openLog, placeOf } from "../runtime/open-log.ts";
import { topicSpecs } from "../topology.ts";
import { type Taken, UsageError } from "./arguments.ts";
import { configOf, hasData, ownerAddress, trouble } from "./data.ts";
import type { Host } from "./host.ts";

export interface Plan {
  readonly record: OutRecord;
}
export type Asked<P extends Plan> =
  /** `done`: when it will be. */
  | { readonly form: "written"; readonly plan: P; readonly done: string }
  | {
      readonly form: "sent";
      readonly address: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly answer: Readonly<Record<string, string>>;
    };

/** `plan` says what the command comes to, and throws where it cannot be done. */
export async function ask<P extends Plan>(
  request: object,
  taken: Taken,
  host: Host,
  plan: (log: Log) => Promise<P>,
): Promise<Asked<P>> {
  const config = configOf(taken, host);
  if (!hasData(config)) throw new UsageError(`there is no data in ${config.dataDir}`);
  const log = await openToWrite(config, host);
  if (typeof log === "string") return send(request, log, config.http.token);
  const embedded = config.log.adapter === "embedded";
  try {
    // A folder of an older version may lack a topic.
    if (embedded)
      await log.ensureTopics(topicSpecs(await log.partitionCount("interactions"), config.log.retentionBytes));
    const made = await plan(log);
    await log.append([made.record]);
    const done = embedded
      ? `done when \`driftline run\` starts on ${config.dataDir}`
      : `done when it is reached in ${placeOf(config)}`;
    return { form: "written", plan: made, done };
  } finally {
    await log.close();
  }
}

/** The log, or the address of the process that writes it. */
async function openToWrite(config: Config, host: Host): Promise<Log | string> {
  try {
    return await openLog(config, host, trouble(host), "write");
  } catch (error) {
    return ownerAddress(error, config.dataDir);
  }
}

async function send(request: object, address: string, token: string) {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (token !== "") headers["authorization"] = `Bearer ${token}`;
  const response = await fetch(`${address}/api/commands`, {
    method: "POST",
    headers,
    body: JSON.stringify(request),
  }).catch((error: unknown) => {
    throw new Error(`${address} does not answer: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (response.status === 401) throw new Error(`${address} wants a token: --token or DRIFTLINE_TOKEN`);
  const answer: Readonly<Record<string, string>> = JSON.parse(await response.text());
  if (response.status !== 202) throw new Error(answer["message"] ?? `the server refused (${response.status})`);
  return { form: "sent", address, headers, answer } as const;
}
