/** Record batches as brokers keep them, made with kafkajs's own encoder. */
import { createRequire } from "node:module";

const load = createRequire(import.meta.url);
const { RecordBatch } = load("kafkajs/src/protocol/recordBatch/v0/index.js");
const Record = load("kafkajs/src/protocol/recordBatch/record/v0/index.js");
const Long = load("kafkajs/src/utils/long.js");

export interface BatchOf {
  readonly base: number;
  readonly values: readonly (string | null)[];
  readonly keys?: readonly (string | null)[];
  /** -1: no producer id, no transaction. */
  readonly producerId: number;
  readonly lastOffsetDelta?: number;
  readonly firstTimestamp?: number;
  readonly maxTimestamp?: number;
  /** 0 none, 1 gzip. */
  readonly compression?: number;
}

export async function batch(of: BatchOf): Promise<Buffer> {
  const { base, values, keys = [], producerId, firstTimestamp = 1_000, maxTimestamp = 1_000, compression = 0 } = of;
  const encoder = await RecordBatch({
    compression,
    firstOffset: Long.fromNumber(base),
    firstTimestamp,
    maxTimestamp,
    lastOffsetDelta: of.lastOffsetDelta ?? Math.max(0, values.length - 1),
    transactional: producerId >= 0,
    producerId: Long.fromNumber(producerId),
    records: values.map((value, at) =>
      Record({
        offsetDelta: at,
        timestampDelta: at,
        key: keys[at] ?? null,
        value: value === null ? null : Buffer.from(value),
      }),
    ),
  });
  return encoder.buffer;
}

const controlFlags = 0x30;

/** The marker that ends a transaction: kafkajs only reads them. */
export function control(of: { base: number; producerId: number; mark: "abort" | "commit" }): Buffer {
  const key = Buffer.from([0, 0, 0, of.mark === "abort" ? 0 : 1]);
  const value = Buffer.alloc(6);
  const body = Buffer.concat([
    Buffer.from([0, 0, 0, key.length * 2]),
    key,
    Buffer.from([value.length * 2]),
    value,
    Buffer.from([0]),
  ]);
  const record = Buffer.concat([Buffer.from([body.length * 2]), body]);
  const head = Buffer.alloc(61);
  head.writeBigInt64BE(BigInt(of.base), 0);
  head.writeInt32BE(61 - 12 + record.length, 8);
  head[16] = 2;
  head.writeInt16BE(controlFlags, 21);
  head.writeBigInt64BE(BigInt(of.producerId), 43);
  head.writeInt32BE(1, 57);
  return Buffer.concat([head, record]);
}

/** The same batch with the broker's own append time (LogAppendTime). */
export function stamped(bytes: Buffer, appendTime: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeInt16BE(copy.readInt16BE(21) | 0x8, 21);
  copy.writeBigInt64BE(BigInt(appendTime), 35);
  return copy;
}
