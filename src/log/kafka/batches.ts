/**
 * The record batches of a fetch answer (magic 2, Kafka's message format since 0.11), read committed: what transactions aborted is left out.
 *
 * kafkajs decodes them too, but hands aborted records out as committed ones where transactions overlap (it takes one entry of the list
 * per message, and takes it for sorted), and says nothing of batches that compaction emptied, whose end one must know to go on.
 */
import type { LogRecord } from "../port.ts";
import { decompress } from "./compression.ts";
import { WireReader } from "./wire-reader.ts";

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
      const reader = new WireReader(body);
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
  const reader = new WireReader(body);
  reader.varint();
  reader.skip(1);
  reader.varint();
  reader.varint();
  if (reader.varint() < 4) return false;
  reader.skip(2);
  return reader.int16() === abortMarker;
}

function readRecord(
  reader: WireReader,
  topic: string,
  partition: number,
  base: number,
  firstTimestamp: number,
  appendTime: number | null,
): LogRecord {
  const length = reader.varint();
  const end = reader.at + length;
  reader.skip(1);
  const timestamp = reader.varint() + firstTimestamp;
  const offset = base + reader.varint();
  const keyLength = reader.varint();
  const key = keyLength < 0 ? null : reader.take(keyLength).toString("utf8");
  const valueLength = reader.varint();
  const value = valueLength < 0 ? null : reader.take(valueLength);
  // Headers are nobody's business here.
  reader.seek(end);
  return { topic, partition, offset, timestamp: appendTime ?? timestamp, key, value };
}
