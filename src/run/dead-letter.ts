/** The dead letter of a record that a stage could not use: where it came from, and its bytes as they were sent. */
import type { DeadLetterReason } from "../codec/dead-letter-reasons.ts";
import type { DeadLetter, DeadLetterStage } from "../codec/records.ts";
import { type LogRecord, sentBytes } from "../log/port.ts";

export interface Unusable {
  readonly stage: DeadLetterStage;
  readonly reason: DeadLetterReason;
  readonly message: string;
  readonly environment?: string | null;
  readonly stack?: string | null;
}

export function deadLetterOf(
  record: LogRecord,
  { stage, reason, message, environment = null, stack = null }: Unusable,
): DeadLetter {
  const { topic, key, timestamp, partition, offset } = record;
  const source = { partition, offset, index: 0 };
  const value = sentBytes(record);
  return { source, topic, key, stage, reason, message, environment, episode: null, time: timestamp, stack, value };
}
