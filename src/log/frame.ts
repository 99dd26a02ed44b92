/**
 * A frame: records of one partition as one block of bytes, for the file and for other threads. Offsets may have holes where compaction
 * took records. Layout, little endian: u32 count, then per record u32 offset - base, f64 timestamp, i32 key length
 * (-1: null), i32 value length (-1: null), key, value.
 */
import type { LogRecord } from "./port.ts";

export interface FrameRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: Uint8Array | null;
}

const headBytes = 20;

export function packFrame(base: number, records: readonly FrameRecord[]): Uint8Array<ArrayBuffer> {
  const keys = records.map(({ key }) => (key === null ? null : Buffer.from(key, "utf8")));
  let size = 4;
  for (let at = 0; at < records.length; at++)
    size += headBytes + (keys[at]?.length ?? 0) + (records[at]?.value?.length ?? 0);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, records.length, true);
  let at = 4;
  for (let index = 0; index < records.length; index++) {
    const record = records[index];
    if (record === undefined) continue;
    const key = keys[index] ?? null;
    view.setUint32(at, record.offset - base, true);
    view.setFloat64(at + 4, record.timestamp, true);
    view.setInt32(at + 12, key?.length ?? -1, true);
    view.setInt32(at + 16, record.value?.length ?? -1, true);
    at += headBytes;
    if (key !== null) {
      bytes.set(key, at);
      at += key.length;
    }
    if (record.value !== null) {
      bytes.set(record.value, at);
      at += record.value.length;
    }
  }
  return bytes;
}

export function unpackFrame(topic: string, partition: number, base: number, packed: Uint8Array): readonly LogRecord[] {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const records: LogRecord[] = [];
  const count = bytes.readUInt32LE(0);
  let at = 4;
  for (let index = 0; index < count; index++) {
    const offset = base + bytes.readUInt32LE(at);
    const timestamp = bytes.readDoubleLE(at + 4);
    const keyLength = bytes.readInt32LE(at + 12);
    const valueLength = bytes.readInt32LE(at + 16);
    at += headBytes;
    const key = keyLength < 0 ? null : bytes.toString("utf8", at, at + keyLength);
    at += Math.max(0, keyLength);
    const value = valueLength < 0 ? null : bytes.subarray(at, at + valueLength);
    at += Math.max(0, valueLength);
    records.push({ topic, partition, offset, timestamp, key, value });
  }
  return records;
}
