/**
 * The record batches of a fetch answer (magic 2, Kafka's message format since 0.11), read committed: what transactions aborted is left out.
 *
 * kafkajs decodes them too, but hands aborted records out as committed ones where transactions overlap (it takes one entry of the list
 * per message, and takes it for sorted), and says nothing of batches that compaction emptied, whose end one must know to go on.
 */
import type { LogRecord } from "../port.ts";
import { decompress } from "./compression.ts";

export interface Aborted {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

export interface Decoded {
  readonly records: readonly LogRecord[];
  /** The offset behind the last batch, whatever it held; `from` where there was none. */
  readonly next: number;
}

const batchHeadBytes = 61;
const magicAt = 16;
const magic = 2;
const appendTimeFlag = 0x8;
const transactionalFlag = 0x10;
const controlFlag = 0x20;
const compressionMask = 0x7;
const abortMarker = 0;

/** Records at and behind `from`. The last batch may be cut off: it is fetched again. Throws for a format or compression unknown to us. */
export function decodeBatches(
  bytes: Buffer,
  place: { readonly topic: string; readonly partition: number; readonly from: number },
  aborted: readonly Aborted[],
): Decoded {
  const { topic, partition, from } = place;
  const waiting = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  const aborting = new Set<bigint>();
  const records: LogRecord[] = [];
  let next = from;
  for (let at = 0; at + batchHeadBytes <= bytes.length; ) {
    const end = at + 12 + bytes.readInt32BE(at + 8);
    if (end > bytes.length) break;
    if (bytes[at + magicAt] !== magic) {
      throw new Error(
        `${topic}/${partition} has records of an old format (magic ${bytes[at + magicAt]}): Kafka 4 converts none`,
      );
    }
    const base = Number(bytes.readBigInt64BE(at));
    const attributes = bytes.readInt16BE(at + 21);
    const last = base + bytes.readInt32BE(at + 23);
    const producerId = bytes.readBigInt64BE(at + 43);
    while (waiting[0] !== undefined && waiting[0].firstOffset <= last) aborting.add(waiting.shift()?.producerId ?? -1n);
    const body = bodyOf(bytes.subarray(at + batchHeadBytes, end), attributes, topic);
    if ((attributes & controlFlag) !== 0) {
      if (isAbort(body)) aborting.delete(producerId);
    } else if ((attributes & transactionalFlag) === 0 || !aborting.has(producerId)) {
      const firstTimestamp = Number(bytes.readBigInt64BE(at + 27));
      const appendTime = (attributes & appendTimeFlag) === 0 ? null : Number(bytes.readBigInt64BE(at + 35));
      const reader = { bytes: body, at: 0 };
      for (let count = bytes.readInt32BE(at + 57); count > 0; count--) {
        const record = readRecord(reader, topic, partition, base, firstTimestamp, appendTime);
        if (record.offset >= from) records.push(record);
      }
    }
    next = last + 1;
    at = end;
  }
  return { records, next: Math.max(next, from) };
}

function bodyOf(body: Buffer, attributes: number, topic: string): Buffer {
  const compression = attributes & compressionMask;
  if (compression === 0) return body;
  try {
    return decompress(body, compression);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${topic}: a compressed batch cannot be read (${why})`);
  }
}

/** The key of a control record: version, then what it marks. */
function isAbort(body: Buffer): boolean {
  const reader = { bytes: body, at: 0 };
  varint(reader);
  reader.at += 1;
  varint(reader);
  varint(reader);
  const keyLength = varint(reader);
  return keyLength >= 4 && body.readInt16BE(reader.at + 2) === abortMarker;
}

interface Reader {
  readonly bytes: Buffer;
  at: number;
}

function readRecord(
  reader: Reader,
  topic: string,
  partition: number,
  base: number,
  firstTimestamp: number,
  appendTime: number | null,
): LogRecord {
  const length = varint(reader);
  const end = reader.at + length;
  reader.at += 1;
  const timestamp = varint(reader) + firstTimestamp;
  const offset = base + varint(reader);
  const keyLength = varint(reader);
  const key = keyLength < 0 ? null : reader.bytes.toString("utf8", reader.at, reader.at + keyLength);
  reader.at += Math.max(0, keyLength);
  const valueLength = varint(reader);
  const value = valueLength < 0 ? null : reader.bytes.subarray(reader.at, reader.at + valueLength);
  // Headers are nobody's business here.
  reader.at = end;
  return { topic, partition, offset, timestamp: appendTime ?? timestamp, key, value };
}

/** A zigzag varint of at most 53 bits. */
function varint(reader: Reader): number {
  let value = 0;
  let scale = 1;
  for (;;) {
    const byte = reader.bytes[reader.at++];
    if (byte === undefined) throw new Error("a record batch ends within a record");
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
    scale *= 128;
  }
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
