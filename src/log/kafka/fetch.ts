/** Fetch and ListOffsets, read committed, through the protocol of kafkajs with our own decoder of the answer. */
import type { LogRecord, Range } from "../port.ts";
import { type Aborted, decodeBatches } from "./batches.ts";
import type { Ask } from "./brokers.ts";
import { answerError, codes, movedCodes } from "./errors.ts";
import type { ResponseDecoder } from "./kafkajs.ts";
import { WireReader } from "./wire-reader.ts";

export interface FetchPlace {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly bytesMax: number;
}
/** What a broker says of one partition. `code` is Kafka's; anything but 0 comes without records. */
export interface Fetched {
  readonly topic: string;
  readonly partition: number;
  readonly code: number;
  /** Behind the last record that may be read: transactions before it are decided. */
  readonly stableEnd: number;
  readonly start: number;
  readonly records: readonly LogRecord[];
  /** Where to go on. */
  readonly next: number;
  /** Why what came cannot be read. */
  readonly problem: Error | null;
}

const answerBytesMax = 16_777_216;
/** More than the broker waits, before the request counts as lost. */
const timeoutSlackMs = 10_000;
const earliest = -2;
const latest = -1;
const readCommitted = 1;

/** `near`: the name that the records get. */
export function fetchOf(
  places: readonly FetchPlace[],
  waitMs: number,
  near: (topic: string) => string,
): Ask<readonly Fetched[]> {
  const byTopic = new Map<string, FetchPlace[]>();
  for (const place of places) byTopic.set(place.topic, [...(byTopic.get(place.topic) ?? []), place]);
  return {
    api: "Fetch",
    parameters: {
      isolationLevel: readCommitted,
      maxWaitTime: waitMs,
      minBytes: 1,
      maxBytes: answerBytesMax,
      rackId: "",
      topics: [...byTopic].map(([topic, its]) => ({
        topic,
        partitions: its.map(({ partition, from, bytesMax }) => ({ partition, fetchOffset: from, maxBytes: bytesMax })),
      })),
    },
    response: decoderOf(places, near),
    timeoutMs: waitMs + timeoutSlackMs,
  };
}

/** One partition alone; a broker that does not lead it is an error that the caller's deadline knows. */
export function fetchOneOf(place: FetchPlace, waitMs: number, near: (topic: string) => string): Ask<Fetched> {
  const { response: _, ...ask } = fetchOf([place], waitMs, near);
  const many = decoderOf([place], near);
  return {
    ...ask,
    response: {
      decode: async (payload) => (await many.decode(payload))[0] ?? empty(place),
      async parse(fetched) {
        if (movedCodes.has(fetched.code)) throw answerError(fetched.code, place.topic);
        return fetched;
      },
    },
  };
}

/** Fetch answer, version 11. */
function decoderOf(
  places: readonly FetchPlace[],
  near: (topic: string) => string,
): ResponseDecoder<readonly Fetched[]> {
  const fromOf = (topic: string, partition: number) =>
    places.find((place) => place.topic === topic && place.partition === partition)?.from ?? 0;
  return {
    async decode(payload) {
      const reader = new WireReader(payload);
      reader.skip(4);
      const code = reader.int16();
      if (code !== codes.none) return places.map((place) => ({ ...empty(place), code }));
      reader.skip(4);
      return reader
        .array(() => {
          const topic = reader.text() ?? "";
          return reader.array(() => decodePartition(reader, topic, near(topic), fromOf));
        })
        .flat();
    },
    parse: async (fetched) => fetched,
  };
}

function decodePartition(
  reader: WireReader,
  topic: string,
  name: string,
  fromOf: (topic: string, partition: number) => number,
): Fetched {
  const partition = reader.int32();
  const code = reader.int16();
  reader.skip(8);
  const stableEnd = reader.int64();
  const start = reader.int64();
  const aborted = reader.array((): Aborted => ({ producerId: reader.bigint64(), firstOffset: reader.int64() }));
  reader.skip(4);
  const batches = reader.take(Math.max(0, reader.int32()));
  const from = fromOf(topic, partition);
  const head = { topic, partition, code, stableEnd, start };
  try {
    const { records, next } = decodeBatches(batches, { topic: name, partition, from }, aborted);
    return { ...head, records, next, problem: null };
  } catch (error) {
    const problem = error instanceof Error ? error : new Error(String(error));
    return { ...head, records: [], next: from, problem };
  }
}

function empty({ topic, partition, from }: FetchPlace): Fetched {
  return { topic, partition, code: codes.none, stableEnd: 0, start: 0, records: [], next: from, problem: null };
}

interface ListedOffsets {
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly offset: string; readonly errorCode: number }[];
  }[];
}

/** First offset held, or the one behind the last that may be read. */
export function offsetOf(topic: string, partition: number, which: keyof Range): Ask<ListedOffsets> {
  const timestamp = which === "start" ? earliest : latest;
  return {
    api: "ListOffsets",
    parameters: { isolationLevel: readCommitted, topics: [{ topic, partitions: [{ partition, timestamp }] }] },
  };
}

export function listedOffset({ responses }: ListedOffsets): number {
  return Number(responses[0]?.partitions[0]?.offset ?? 0);
}
