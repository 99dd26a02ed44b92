/** The newest order about a rule in the log, which the version in force may not follow yet. Reads aside. */
import { CodecError, codecs } from "../codec/codecs.ts";
import type { Command } from "../codec/records.ts";
import { partitionOf } from "../log/murmur2.ts";
import { scan } from "../log/scan.ts";
import type { Readable } from "../run/manifests.ts";

export interface OrderedRule {
  readonly environment: string;
  readonly predictor: string;
  readonly rule: string;
}

/** `restore` where it was restored; null where the log says nothing of it (any more). */
export async function newestOrder(
  log: Readable,
  { environment, predictor, rule }: OrderedRule,
): Promise<string | null> {
  let newest: string | null = null;
  const partition = partitionOf(environment, await log.partitionCount("commands"));
  for await (const records of scan(log, "commands", partition)) {
    for (const { value } of records) {
      const command = decoded(value);
      if (command?.command !== "forget" || command.target !== rule) continue;
      if (command.environment === environment && command.predictor === predictor) newest = command.order;
    }
  }
  return newest;
}

function decoded(value: Uint8Array | null): Command | null {
  try {
    return value === null ? null : codecs.command.decode(value);
  } catch (error) {
    if (error instanceof CodecError) return null;
    throw error;
  }
}
