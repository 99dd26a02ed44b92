/**
 * The body of a Produce request (version 3 and later, record batches of magic 2), written into one buffer of exactly its size. kafkajs builds the
 * same bytes out of one growing buffer per record, batch, partition, topic and request, and copies them at each level: for records of
 * kilobytes that is most of what producing costs.
 */
import { crc32c } from "@node-rs/crc32";
import type { Message } from "kafkajs";

export interface ProduceParameters {
  readonly acks: number;
  readonly timeout: number;
  readonly transactionalId?: string | null | undefined;
  /** kafkajs has a `Long` here. */
  readonly producerId?: { toString(): string } | undefined;
  readonly producerEpoch?: number | undefined;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly firstSequence?: number | undefined;
      readonly messages: readonly Pick<Message, "key" | "value">[];
    }[];
  }[];
}

const noProducer = -1n;
/** Base offset, and the length of what follows it. */
const batchPrefixBytes = 12;
/** From the leader's epoch to the number of records. */
const batchHeadBytes = 49;
const crcAt = batchPrefixBytes + 5;
const magic = 2;
const transactionalFlag = 0x10;
/** Attributes, timestamp delta and number of headers: each nought, one byte. */
const emptyFieldsBytes = 3;

/** `timestamp`: epoch ms of the records, which brokers replace by their own (LogAppendTime). Records are not compressed. */
export function encodeProduce(parameters: ProduceParameters, timestamp: number): Buffer {
  const { acks, timeout, transactionalId = null, producerId = noProducer, producerEpoch = 0, topicData } = parameters;
  const writer = { bytes: Buffer.allocUnsafeSlow(sizeOf(parameters)), at: 0 };
  if (transactionalId === null) int16(writer, -1);
  else string(writer, transactionalId);
  int16(writer, acks);
  int32(writer, timeout);
  int32(writer, topicData.length);
  for (const { topic, partitions } of topicData) {
    string(writer, topic);
    int32(writer, partitions.length);
    for (const { partition, firstSequence = 0, messages } of partitions) {
      int32(writer, partition);
      const batchBytes = batchSize(messages);
      int32(writer, batchBytes);
      const start = writer.at;
      int64(writer, 0n);
      int32(writer, batchBytes - batchPrefixBytes);
      int32(writer, 0);
      writer.bytes[writer.at++] = magic;
      // The checksum of all behind it.
      writer.at += 4;
      int16(writer, transactionalId === null ? 0 : transactionalFlag);
      int32(writer, messages.length - 1);
      int64(writer, BigInt(timestamp));
      int64(writer, BigInt(timestamp));
      int64(writer, BigInt(producerId.toString()));
      int16(writer, producerEpoch);
      int32(writer, firstSequence);
      int32(writer, messages.length);
      for (const [at, { key, value }] of messages.entries()) {
        varint(writer, recordSize(at, key, value));
        writer.bytes[writer.at++] = 0;
        varint(writer, 0);
        varint(writer, at);
        bytesOrNull(writer, key);
        bytesOrNull(writer, value);
        varint(writer, 0);
      }
      writer.bytes.writeUInt32BE(crc32c(writer.bytes.subarray(start + crcAt + 4, writer.at)), start + crcAt);
    }
  }
  return writer.bytes;
}

type Bytes = Message["value"] | undefined;

function sizeOf({ transactionalId = null, topicData }: ProduceParameters): number {
  let bytes = 2 + (transactionalId === null ? 0 : Buffer.byteLength(transactionalId)) + 10;
  for (const { topic, partitions } of topicData) {
    bytes += 2 + Buffer.byteLength(topic) + 4;
    for (const { messages } of partitions) bytes += 8 + batchSize(messages);
  }
  return bytes;
}

function batchSize(messages: readonly Pick<Message, "key" | "value">[]): number {
  let bytes = batchPrefixBytes + batchHeadBytes;
  for (const [at, { key, value }] of messages.entries()) {
    const size = recordSize(at, key, value);
    bytes += varintSize(size) + size;
  }
  return bytes;
}

function recordSize(at: number, key: Bytes, value: Bytes): number {
  return emptyFieldsBytes + varintSize(at) + bytesSize(key) + bytesSize(value);
}

function bytesSize(bytes: Bytes): number {
  if (bytes === null || bytes === undefined) return 1;
  const length = Buffer.byteLength(bytes);
  return varintSize(length) + length;
}

/** Zigzag: a non-negative number doubled, seven bits a byte. */
function varintSize(value: number): number {
  let bytes = 1;
  for (let rest = value * 2; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes++;
  return bytes;
}

interface Writer {
  readonly bytes: Buffer;
  at: number;
}

function varint(writer: Writer, value: number): void {
  let rest = value * 2;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) writer.bytes[writer.at++] = (rest % 0x80) | 0x80;
  writer.bytes[writer.at++] = rest;
}
function bytesOrNull(writer: Writer, bytes: Bytes): void {
  if (bytes === null || bytes === undefined) {
    // Minus one.
    writer.bytes[writer.at++] = 1;
    return;
  }
  varint(writer, Buffer.byteLength(bytes));
  writer.at += typeof bytes === "string" ? writer.bytes.write(bytes, writer.at) : bytes.copy(writer.bytes, writer.at);
}
function string(writer: Writer, text: string): void {
  int16(writer, Buffer.byteLength(text));
  writer.at += writer.bytes.write(text, writer.at);
}
function int16(writer: Writer, value: number): void {
  writer.at = writer.bytes.writeInt16BE(value, writer.at);
}
function int32(writer: Writer, value: number): void {
  writer.at = writer.bytes.writeInt32BE(value, writer.at);
}
function int64(writer: Writer, value: bigint): void {
  writer.at = writer.bytes.writeBigInt64BE(value, writer.at);
}
