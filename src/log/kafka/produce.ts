/**
 * Sending records through kafkajs producers, with its known faults kept out. Where one broker has answered a send and another has not, kafkajs
 * sends again what the second one leads by then: a leader that moved from the second to the first loses its records in silence, one that moved
 * the other way writes them twice, with new sequence numbers, even within a transaction. So a send ends when a leader has moved, and every
 * partition must be in the answer once. And a producer that failed once is never used again: it would give the same sequence numbers to
 * other records, which brokers drop as repetitions.
 */
import type { ICustomPartitioner, IHeaders, Kafka, Message, Producer, RecordMetadata } from "kafkajs";
import type { Position } from "../port.ts";
import { isRefused, Refused, typeOf } from "./errors.ts";

/** A record with its place. */
export interface PlacedRecord {
  /** Name on the cluster. */
  readonly topic: string;
  readonly partition: number;
  readonly key: string | null;
  readonly value: Uint8Array | null;
}

type Send = (batch: {
  readonly acks: number;
  readonly topicMessages: { topic: string; messages: Message[] }[];
}) => Promise<RecordMetadata[]>;

/** One produce request per round: a broker writes a partition's records of a request as one batch, whose size it limits. */
const recordOverheadBytes = 80;
const batchOverheadBytes = 512;

/** Sends all in order; throws `Unacknowledged` where the answer leaves something out. `bytesMax`: of one batch of a topic. */
export async function sendAll(
  send: Send,
  records: readonly PlacedRecord[],
  bytesMax: (topic: string) => number,
): Promise<readonly Position[]> {
  const positions: Position[] = new Array(records.length);
  for (const round of rounds(records, bytesMax)) {
    const topicMessages = [...byTopic(round)].map(([topic, its]) => ({ topic, messages: its.map(messageOf) }));
    const answers = await named(send({ acks: -1, topicMessages }), round, bytesMax);
    const bases = new Map(answers.map((answer) => [`${answer.topicName}/${answer.partition}`, answer]));
    if (bases.size < answers.length) throw new Unacknowledged([...bases.keys()].join(", "));
    for (const { record, at } of round) {
      const place = `${record.topic}/${record.partition}`;
      const base = bases.get(place);
      if (base === undefined || base.errorCode !== 0) throw new Unacknowledged(place);
      const offset = Number(base.baseOffset ?? base.offset ?? -1);
      positions[at] = { partition: record.partition, offset };
      bases.set(place, { ...base, baseOffset: String(offset + 1) });
    }
  }
  return positions;
}

interface Numbered {
  readonly record: PlacedRecord;
  readonly at: number;
}

/** Pieces in which no partition has more than a batch may hold. */
function* rounds(
  records: readonly PlacedRecord[],
  bytesMax: (topic: string) => number,
): Generator<readonly Numbered[]> {
  let round: Numbered[] = [];
  let bytes = new Map<string, number>();
  for (let at = 0; at < records.length; at++) {
    const record = records[at];
    if (record === undefined) continue;
    const place = `${record.topic}/${record.partition}`;
    const size = recordOverheadBytes + Buffer.byteLength(record.key ?? "") + (record.value?.length ?? 0);
    const sum = (bytes.get(place) ?? batchOverheadBytes) + size;
    if (bytes.has(place) && sum > bytesMax(record.topic)) {
      yield round;
      round = [];
      bytes = new Map([[place, batchOverheadBytes + size]]);
    } else bytes.set(place, sum);
    round.push({ record, at });
  }
  if (round.length > 0) yield round;
}

function byTopic(round: readonly Numbered[]): ReadonlyMap<string, readonly PlacedRecord[]> {
  const topics = new Map<string, PlacedRecord[]>();
  for (const { record } of round) {
    const its = topics.get(record.topic);
    if (its === undefined) topics.set(record.topic, [record]);
    else its.push(record);
  }
  return topics;
}

const noHeaders: IHeaders = {};

function messageOf({ partition, key, value }: PlacedRecord): Message {
  const bytes = value === null ? null : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return { partition, key, value: bytes, headers: noHeaders };
}

/** Brokers' answers that an operator must act on get words. */
async function named<T>(sent: Promise<T>, round: readonly Numbered[], bytesMax: (topic: string) => number): Promise<T> {
  try {
    return await sent;
  } catch (error) {
    const topics = [...new Set(round.map(({ record }) => record.topic))];
    if (isRefused(error)) throw new Refused("write", `topics ${topics.join(", ")}`);
    const type = typeOf(error);
    if (type !== "MESSAGE_TOO_LARGE" && type !== "RECORD_LIST_TOO_LARGE") throw error;
    const largest = round
      .map(({ record }) => record)
      .sort((a, b) => (b.value?.length ?? 0) - (a.value?.length ?? 0))[0];
    throw new RecordTooLarge(largest?.topic ?? "", largest?.value?.length ?? 0, bytesMax(largest?.topic ?? ""));
  }
}

export class RecordTooLarge extends Error {
  override readonly name = "RecordTooLarge";
  constructor(topic: string, bytes: number, bytesMax: number) {
    super(`a record of ${bytes} bytes is more than topic ${topic} takes (${bytesMax}): raise its max.message.bytes`);
  }
}

/** The brokers' answers do not say that the partition has the records, once. */
export class Unacknowledged extends Error {
  override readonly name = "Unacknowledged";
  constructor(place: string) {
    super(`the records for ${place} were not acknowledged once: a leader moved while they were sent`);
  }
}

/**
 * Each message to its partition. kafkajs asks again at each try of a send; throws `Unacknowledged` where the partition has another leader than
 * at the first, so that there is no second.
 */
export function steadyPartitioner(): ReturnType<ICustomPartitioner> {
  const leaders = new WeakMap<Message, number>();
  return ({ topic, partitionMetadata, message }) => {
    const partition = message.partition ?? 0;
    const leader = partitionMetadata.find(({ partitionId }) => partitionId === partition)?.leader ?? -1;
    const before = leaders.get(message);
    if (before !== undefined && before !== leader) throw new Unacknowledged(`${topic}/${partition}`);
    leaders.set(message, leader);
    return partition;
  };
}

/** `transactionalId` null: idempotent alone. Retries are finite, since what failed is thrown away. */
export function makeProducer(
  kafka: Kafka,
  transactional: { readonly id: string; readonly timeoutMs: number } | null,
): Producer {
  return kafka.producer({
    createPartitioner: steadyPartitioner,
    allowAutoTopicCreation: false,
    maxInFlightRequests: 1,
    ...(transactional === null
      ? { idempotent: true, retry: { initialRetryTime: 50, maxRetryTime: 1_000, retries: 6 } }
      : {
          // Both would make a second producer id that nobody uses.
          transactionalId: transactional.id,
          transactionTimeout: transactional.timeoutMs,
          retry: { initialRetryTime: 20, maxRetryTime: 1_000, retries: 8 },
        }),
  });
}
