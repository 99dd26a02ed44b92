/**
 * OffsetFetch version 7, which kafkajs does not know (it ends at 4): with `require_stable` the coordinator answers from all that it has
 * written, once that is safe. Without, one that took over a moment ago may answer from before the newest commits, and who starts there
 * does work twice, transactions or not. Version 7 is of the flexible kind (KIP-482): lengths are varints of one more, and tagged fields,
 * of which we send and read none, end every structure and both headers.
 */
import { definition, errorOf } from "./own-requests.ts";

export interface FetchedOffsets {
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly offset: string;
      readonly metadata: string | null;
      readonly errorCode: number;
    }[];
  }[];
}

const noTags = 0;

export interface OffsetFetchParameters {
  readonly group: string;
  readonly topics: readonly string[];
  readonly partitions: readonly number[];
  /** Refused (UNSTABLE_OFFSET_COMMIT) while a transaction that commits offsets is open. */
  readonly requireStable: boolean;
}

export const offsetFetch = definition("OffsetFetch", 7, encodeOffsetFetch, decodeOffsetFetch);

/** The first empty set of tags belongs to the header, which kafkajs ends before. */
export function encodeOffsetFetch({ group, topics, partitions, requireStable }: OffsetFetchParameters): Buffer {
  const numbers = partitions.map((partition) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(partition);
    return bytes;
  });
  const its = [length(partitions.length), ...numbers, Buffer.of(noTags)];
  return Buffer.concat([
    Buffer.of(noTags),
    text(group),
    length(topics.length),
    ...topics.flatMap((topic) => [text(topic), ...its]),
    Buffer.of(requireStable ? 1 : 0, noTags),
  ]);
}

/** Throws what the coordinator refuses. */
export function decodeOffsetFetch(payload: Buffer): FetchedOffsets {
  const reader = { bytes: payload, at: 0 };
  skipTags(reader);
  reader.at += 4;
  const responses = many(reader, () => {
    const topic = readText(reader) ?? "";
    const partitions = many(reader, () => {
      const partition = reader.bytes.readInt32BE(reader.at);
      const offset = String(reader.bytes.readBigInt64BE(reader.at + 4));
      // Behind the leader's epoch.
      reader.at += 16;
      const metadata = readText(reader);
      const errorCode = readInt16(reader);
      skipTags(reader);
      return { partition, offset, metadata, errorCode };
    });
    skipTags(reader);
    return { topic, partitions };
  });
  const codes = [readInt16(reader), ...responses.flatMap((one) => one.partitions.map((its) => its.errorCode))];
  const error = errorOf(codes.find((one) => one !== 0) ?? 0);
  if (error !== null) throw error;
  return { responses };
}

function length(count: number): Buffer {
  const bytes: number[] = [];
  let left = count + 1;
  for (; left > 0x7f; left >>>= 7) bytes.push((left & 0x7f) | 0x80);
  return Buffer.of(...bytes, left);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([length(bytes.length), bytes]);
}

interface Reader {
  readonly bytes: Buffer;
  at: number;
}

function unsigned(reader: Reader): number {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = reader.bytes[reader.at++];
    if (byte === undefined) throw new Error("an answer to OffsetFetch ends within a number");
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}

function many<T>(reader: Reader, read: () => T): readonly T[] {
  return Array.from({ length: Math.max(0, unsigned(reader) - 1) }, read);
}

function readText(reader: Reader): string | null {
  const bytes = unsigned(reader) - 1;
  if (bytes < 0) return null;
  reader.at += bytes;
  return reader.bytes.toString("utf8", reader.at - bytes, reader.at);
}

function readInt16(reader: Reader): number {
  reader.at += 2;
  return reader.bytes.readInt16BE(reader.at - 2);
}

function skipTags(reader: Reader): void {
  for (let tags = unsigned(reader); tags > 0; tags--) {
    unsigned(reader);
    const bytes = unsigned(reader);
    reader.at += bytes;
  }
}
