/**
 * Sending records through kafkajs producers, with its known faults kept out. One send of kafkajs to several brokers is not safe: where one
 * of them fails, it sends again at once what the others have not answered yet, with new sequence numbers, and what has moved meanwhile twice
 * or never; all of that within one transaction and without a word. So each broker has a send of its own, which ends where a leader has
 * moved, and every partition must be in the answers once. And a producer that failed once is never used again: it would give the same
 * sequence numbers to other records, which brokers drop as repetitions.
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

/**
 * Sends all in order; throws `Unacknowledged` where the answers leave something out. `bytesMax`: of one batch of a topic. `leaders`: of
 * `TOPIC/PARTITION`, as the producer knows them.
 */
export async function sendAll(
  send: Send,
  records: readonly PlacedRecord[],
  bytesMax: (topic: string) => number,
  leaders: Leaders,
): Promise<readonly Position[]> {
  const positions: Position[] = new Array(records.length);
  for (const round of rounds(records, bytesMax)) {
    const sent = await Promise.allSettled(
      byLeader(round, leaders).map((its) => {
        const together: IHeaders = {};
        const topicMessages = [...byTopic(its)].map(([topic, some]) => {
          return { topic, messages: some.map((one) => messageOf(one, together)) };
        });
        return named(send({ acks: -1, topicMessages }), its, bytesMax);
      }),
    );
    const answers = sent.flatMap((one) => {
      if (one.status === "rejected") throw one.reason;
      return one.value;
    });
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

function byTopic(round: readonly Numbered[]): ReadonlyMap<string, readonly Numbered[]> {
  const topics = new Map<string, Numbered[]>();
  for (const one of round) {
    const its = topics.get(one.record.topic);
    if (its === undefined) topics.set(one.record.topic, [one]);
    else its.push(one);
  }
  return topics;
}

/** By `TOPIC/PARTITION`. */
type Leaders = ReadonlyMap<string, number>;

const leadersByKafka = new WeakMap<Kafka, Map<string, number>>();

/** The leaders as the producers of this `kafka` know them: learnt from what they ask their partitioner. */
export function leadersOf(kafka: Kafka): Map<string, number> {
  const known = leadersByKafka.get(kafka) ?? new Map<string, number>();
  leadersByKafka.set(kafka, known);
  return known;
}

/** What has one leader goes together; a partition whose leader is not known yet goes alone. */
function byLeader(round: readonly Numbered[], leaders: Leaders): readonly (readonly Numbered[])[] {
  const groups = new Map<number | string, Numbered[]>();
  for (const one of round) {
    const place = `${one.record.topic}/${one.record.partition}`;
    const group = leaders.get(place) ?? place;
    const its = groups.get(group);
    if (its === undefined) groups.set(group, [one]);
    else its.push(one);
  }
  return [...groups.values()];
}

/** `together`: the same for all messages of one send, by which the partitioner knows them. */
function messageOf({ record: { partition, key, value } }: Numbered, together: IHeaders): Message {
  const bytes = value === null ? null : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return { partition, key, value: bytes, headers: together };
}

/** Brokers' answers that an operator must act on get words. */
async function named<T>(sent: Promise<T>, round: readonly Numbered[], bytesMax: (topic: string) => number): Promise<T> {
  try {
    return await sent;
  } catch (error) {
    const topics = [...new Set(round.map(({ record }) => record.topic))];
    const type = typeOf(error);
    // A transaction that one topic refuses says so of that topic, and this of the others.
    if (isRefused(error) || type === "OPERATION_NOT_ATTEMPTED")
      throw new Refused("write", `topics ${topics.join(", ")}`);
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
    super(
      `a record of ${bytes} bytes is more than topic ${topic} takes (max.message.bytes ${bytesMax}): ` +
        "`driftline topics apply` sets what its file says; raise it there, or lower ingest.eventBytesMax",
    );
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
 * Each message to its partition, and word of the leaders. kafkajs asks again at each try of a send; throws `Unacknowledged` where the messages
 * of one send have not one leader, the same at every try.
 */
export function steadyPartitioner(leaders: Map<string, number>): ReturnType<ICustomPartitioner> {
  const sends = new WeakMap<IHeaders, number>();
  return ({ topic, partitionMetadata, message: { partition = 0, headers = {} } }) => {
    const leader = partitionMetadata.find(({ partitionId }) => partitionId === partition)?.leader ?? -1;
    leaders.set(`${topic}/${partition}`, leader);
    const before = sends.get(headers);
    if (before !== undefined && before !== leader) throw new Unacknowledged(`${topic}/${partition}`);
    sends.set(headers, leader);
    return partition;
  };
}

/** `transactionalId` null: idempotent alone. Retries are finite, since what failed is thrown away. */
export function makeProducer(
  kafka: Kafka,
  transactional: { readonly id: string; readonly timeoutMs: number } | null,
): Producer {
  return kafka.producer({
    createPartitioner: () => steadyPartitioner(leadersOf(kafka)),
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
