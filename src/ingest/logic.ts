/** From the bytes of a request or a file to events and errors. Pure; every error has index, key, reason and message. */
import { codecs } from "../codec/codecs.ts";
import type { DeadLetterReason } from "../codec/dead-letter-reasons.ts";
import { validateEvent } from "../codec/events.ts";
import type { OutRecord } from "../log/port.ts";

/** One event of a request: ready for the log, or why not. */
export type Taken =
  | { readonly ok: true; readonly record: OutRecord }
  | { readonly ok: false; readonly error: EventError; readonly value: Uint8Array };

export interface EventError {
  /** Place in the request, from 0. */
  readonly index: number;
  /** The key at fault, where there is one. */
  readonly key: string | null;
  readonly reason: DeadLetterReason;
  readonly message: string;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** One event as parsed JSON. */
export function takeEvent(value: unknown, index: number, eventBytesMax: number, bytes: () => Uint8Array): Taken {
  const verdict = validateEvent(value);
  if (!verdict.ok) return refused(index, verdict.key, verdict.reason, verdict.message, bytes());
  const record = codecs.interaction.encode(verdict.interaction);
  if (record.length > eventBytesMax) {
    return refused(
      index,
      null,
      "too-large",
      `an event has at most ${eventBytesMax} bytes; send patches instead of full states`,
      bytes(),
    );
  }
  return {
    ok: true,
    record: { topic: "interactions", key: verdict.interaction.episode, partition: null, value: record },
  };
}

/** One line of NDJSON. */
export function takeLine(line: Uint8Array, index: number, eventBytesMax: number): Taken {
  if (line.length > eventBytesMax) {
    return refused(
      index,
      null,
      "too-large",
      `an event has at most ${eventBytesMax} bytes; send patches instead of full states`,
      line,
    );
  }
  let text: string;
  try {
    text = utf8.decode(line);
  } catch {
    return refused(index, null, "undecodable", "the line is not UTF-8", line);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refused(
      index,
      null,
      "undecodable",
      `the line is not JSON: ${error instanceof Error ? error.message : ""}`,
      line,
    );
  }
  return takeEvent(value, index, eventBytesMax, () => line);
}

/** Lines that hold more than white space, in order. */
export function* linesOf(body: Uint8Array): Generator<Uint8Array> {
  let start = 0;
  while (start < body.length) {
    const found = body.indexOf(0x0a, start);
    const end = found < 0 ? body.length : found;
    const line = body.subarray(start, end);
    start = end + 1;
    if (!isBlank(line)) yield line;
  }
}

function isBlank(line: Uint8Array): boolean {
  for (const byte of line) if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  return true;
}

/** The dead letter of an event that came beside good ones. */
export function deadLetter({ error, value }: Taken & { readonly ok: false }, nowMs: number): OutRecord {
  const letter = codecs.deadLetter.encode({
    source: null,
    topic: "interactions",
    key: null,
    stage: "ingest",
    reason: error.reason,
    message: error.message,
    environment: null,
    episode: null,
    time: nowMs,
    stack: null,
    value,
  });
  return { topic: "dead-letters", key: null, partition: 0, value: letter };
}

function refused(
  index: number,
  key: string | null,
  reason: DeadLetterReason,
  message: string,
  value: Uint8Array,
): Taken {
  return { ok: false, error: { index, key, reason, message }, value };
}
