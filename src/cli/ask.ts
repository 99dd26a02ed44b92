/**
 * Sends an operator's command: to the process that writes the data folder where there is one, else into the log, where it is found at the next
 * start.
 */
import { existsSync } from "node:fs";
import type { Config } from "../config.ts";
import { openEmbeddedLog } from "../log/embedded/embedded-log.ts";
import type { Log, OutRecord } from "../log/port.ts";
import { topicSpecs } from "../topology.ts";
import { type Taken, UsageError } from "./arguments.ts";
import { configOf, logFolder, ownerAddress } from "./data.ts";
import type { Host } from "./host.ts";

export interface Plan {
  readonly record: OutRecord;
}
export type Asked<P extends Plan> =
  | { readonly form: "written"; readonly plan: P; readonly dataDir: string }
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
  const { dataDir, http, log: options }: Config = configOf(taken, host);
  if (!existsSync(logFolder(dataDir))) throw new UsageError(`there is no data in ${dataDir}`);
  const log = await openToWrite(dataDir, host);
  if (typeof log === "string") return send(request, log, http.token);
  try {
    // A folder of an older version may lack a topic.
    await log.ensureTopics(topicSpecs(await log.partitionCount("interactions"), options.retentionBytes));
    const made = await plan(log);
    await log.append([made.record]);
    return { form: "written", plan: made, dataDir };
  } finally {
    await log.close();
  }
}

/** The log, or the address of the process that writes it. */
async function openToWrite(dataDir: string, host: Host): Promise<Log | string> {
  try {
    return await openEmbeddedLog({ dir: logFolder(dataDir), mode: "write", now: host.now });
  } catch (error) {
    return ownerAddress(error, dataDir);
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
