/**
 * Keeps the partitions that a group's member holds read ahead: per broker one request at a time for all that have room, each partition's
 * records in a bounded buffer. A slow partition does not hold up its neighbours.
 */
import type { LogRecord, ReadLimits } from "../port.ts";
import type { Brokers } from "./brokers.ts";
import { answerError, codes, isTransient, movedCodes } from "./errors.ts";
import { type Fetched, type FetchPlace, fetchOf } from "./fetch.ts";
import { within } from "./reader.ts";

export interface Fetcher {
  /**
   * What is there from `from` on, without waiting; empty where it is still on its way, which `onMore` tells. A position that is not the one
   * behind what was given last starts the partition anew. Throws what went wrong with the partition, once.
   */
  take(topic: string, partition: number, from: number, limits: ReadLimits): readonly LogRecord[];
  /** Where nothing but control records lies between the position and the end of what was read, that end; else the position. */
  passed(topic: string, partition: number, position: number): number;
  /** Forgets the partition, which belongs to somebody else now. */
  drop(partition: number): void;
  /** Ends reading; requests on their way are not waited for. */
  stop(): void;
}

export interface FetcherDeps {
  readonly brokers: Brokers;
  /** The name in Driftline of a topic on the cluster. */
  readonly near: (topic: string) => string;
  readonly sleep: (ms: number) => Promise<void>;
  /** Something came for the partition: records, or an error. */
  readonly onMore: (partition: number) => void;
  /** What to throw for an offset that is not held. */
  readonly gone: (topic: string, partition: number, offset: number) => Promise<Error>;
}

interface Lane {
  readonly topic: string;
  readonly partition: number;
  /** Offset that is fetched next. */
  next: number;
  /** Offset behind what was given out. */
  given: number;
  records: LogRecord[];
  bytes: number;
  error: Error | null;
  inFlight: boolean;
  /** Counts new starts: what was asked for before one is not taken. */
  start: number;
}

const partitionBytesMax = 1_048_576;
/** Read ahead per partition: a batch in hand and one on its way. */
const aheadBytesMax = 4_194_304;
/** How long a broker holds a request for which it has nothing: what becomes due meanwhile waits as long. */
const waitMs = 100;
const retryMs = 100;

export function createFetcher({ brokers, near, sleep, onMore, gone }: FetcherDeps): Fetcher {
  const lanes = new Map<string, Lane>();
  const busy = new Set<number>();
  let stopped = false;
  let repairing = false;

  function laneOf(topic: string, partition: number, from: number): Lane {
    const key = `${topic}/${partition}`;
    const known = lanes.get(key);
    if (known?.given === from) return known;
    const start = (known?.start ?? 0) + 1;
    const lane = {
      topic,
      partition,
      next: from,
      given: from,
      records: [],
      bytes: 0,
      error: null,
      inFlight: false,
      start,
    };
    lanes.set(key, lane);
    return lane;
  }

  /** Asks every broker that is idle for all lanes that have room. */
  function pump(): void {
    if (stopped) return;
    const due = new Map<number, Lane[]>();
    let leaderless = false;
    for (const lane of lanes.values()) {
      if (lane.inFlight || lane.error !== null || lane.bytes >= aheadBytesMax) continue;
      const node = brokers.leader(lane.topic, lane.partition);
      if (node === null) leaderless = true;
      else if (!busy.has(node)) due.set(node, [...(due.get(node) ?? []), lane]);
    }
    if (leaderless) void repair();
    for (const [node, its] of due) void fetch(node, its);
  }

  async function fetch(node: number, asked: readonly Lane[]): Promise<void> {
    busy.add(node);
    for (const lane of asked) lane.inFlight = true;
    const starts = asked.map(({ start }) => start);
    let ill = false;
    try {
      const places = asked.map(({ topic, partition, next: from }): FetchPlace => {
        return { topic, partition, from, bytesMax: partitionBytesMax };
      });
      const answers = await brokers.askOnce(node, fetchOf(places, waitMs, near));
      const byPlace = new Map(answers.map((answer) => [`${answer.topic}/${answer.partition}`, answer]));
      for (let at = 0; at < asked.length; at++) {
        const lane = asked[at];
        const answer = lane === undefined ? undefined : byPlace.get(`${lane.topic}/${lane.partition}`);
        if (lane === undefined || answer === undefined || lane.start !== starts[at]) continue;
        if (lanes.get(`${lane.topic}/${lane.partition}`) !== lane) continue;
        ill = !(await took(lane, answer)) || ill;
      }
    } catch (error) {
      ill = true;
      if (!isTransient(error)) for (const lane of asked) fail(lane, error);
    } finally {
      busy.delete(node);
      for (const lane of asked) lane.inFlight = false;
    }
    if (ill) await repair();
    pump();
  }

  /** False where the partition is led elsewhere. */
  async function took(lane: Lane, answer: Fetched): Promise<boolean> {
    if (movedCodes.has(answer.code)) return false;
    if (answer.code === codes.offsetOutOfRange) fail(lane, await gone(lane.topic, lane.partition, lane.next));
    else if (answer.code !== codes.none) fail(lane, answerError(answer.code, lane.topic));
    else if (answer.problem !== null) fail(lane, answer.problem);
    lane.next = Math.max(lane.next, answer.next);
    for (const record of answer.records) {
      lane.records.push(record);
      lane.bytes += record.value?.length ?? 0;
    }
    if (answer.records.length > 0) onMore(lane.partition);
    return true;
  }

  function fail(lane: Lane, error: unknown): void {
    lane.error = error instanceof Error ? error : new Error(String(error));
    onMore(lane.partition);
  }

  async function repair(): Promise<void> {
    if (repairing || stopped) return;
    repairing = true;
    await sleep(retryMs);
    // What cannot be learnt now is asked for again after the next failure.
    await brokers.refresh().catch(() => {});
    repairing = false;
    pump();
  }

  return {
    take(topic, partition, from, limits) {
      const lane = laneOf(topic, partition, from);
      if (lane.error !== null) {
        lanes.delete(`${topic}/${partition}`);
        throw lane.error;
      }
      const given = within(lane.records, limits);
      lane.records = lane.records.slice(given.length);
      for (const { value } of given) lane.bytes -= value?.length ?? 0;
      lane.given = (given.at(-1)?.offset ?? lane.given - 1) + 1;
      pump();
      return given;
    },
    passed(topic, partition, position) {
      const lane = lanes.get(`${topic}/${partition}`);
      return lane !== undefined && lane.given === position && lane.records.length === 0
        ? Math.max(position, lane.next)
        : position;
    },
    drop(partition) {
      for (const [key, lane] of [...lanes]) if (lane.partition === partition) lanes.delete(key);
    },
    stop() {
      stopped = true;
      lanes.clear();
    },
  };
}
