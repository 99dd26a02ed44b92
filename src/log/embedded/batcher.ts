/**
 * Group commit: requests that come while a transaction is being written form the next one together. So one durable write serves all stream
 * tasks, nobody waits for a timer, and an idle log writes at once. Offsets are given when a batch is formed and count when it is durable.
 */
import { type FrameRecord, packFrame } from "../frame.ts";
import { LogBusy, type OutRecord, type Position } from "../port.ts";
import type { CommitToWrite, FrameToWrite } from "./messages.ts";
import type { Tail } from "./tail.ts";
import type { Writer } from "./writer.ts";

/** A partition as the writing process knows it. */
export interface Part {
  start: number;
  next: number;
  timestamp: number;
}
export interface Topic {
  readonly id: number;
  readonly name: string;
  readonly parts: readonly Part[];
  bytes: number;
}

export interface Placed {
  readonly topic: Topic;
  readonly partition: number;
  readonly record: OutRecord;
}

export interface Batcher {
  /** Resolves with positions in order when durable. Rejects with `LogBusy` where the queue or the disk is full; then nothing was written. */
  write(placed: readonly Placed[], commit: CommitToWrite | null): Promise<readonly Position[]>;
  /** Resolves when nothing is being written or waits. */
  drained(): Promise<void>;
}

interface Waiting {
  readonly placed: readonly Placed[];
  readonly commit: CommitToWrite | null;
  readonly bytes: number;
  readonly resolve: (positions: readonly Position[]) => void;
  readonly reject: (error: unknown) => void;
}

interface OpenFrame {
  readonly topic: Topic;
  readonly partition: number;
  readonly base: number;
  readonly records: FrameRecord[];
}

/** One transaction takes about so much; what is left forms the next one. */
const batchBytesMax = 8_388_608;

export function createBatcher(
  writer: Writer,
  tail: Tail,
  now: () => number,
  queueBytesMax: number,
  onDurable: (commits: readonly CommitToWrite[]) => void,
): Batcher {
  let queue: Waiting[] = [];
  let queuedBytes = 0;
  let running: Promise<void> | null = null;

  function next(): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const one of queue) {
      if (count > 0 && bytes + one.bytes > batchBytesMax) break;
      bytes += one.bytes;
      count += 1;
    }
    const batch = queue.slice(0, count);
    queue = queue.slice(count);
    queuedBytes -= bytes;
    return batch;
  }

  async function run(): Promise<void> {
    while (queue.length > 0) {
      // Whoever is about to write in this turn comes along.
      await Promise.resolve();
      await writeBatch(next());
    }
    running = null;
  }

  async function writeBatch(batch: readonly Waiting[]): Promise<void> {
    const open = new Map<Part, OpenFrame>();
    const at = now();
    const positions = batch.map(({ placed }) => placed.map((one) => assign(one, open, at)));
    const frames: FrameToWrite[] = [];
    for (const [part, { topic, partition, base, records }] of open) {
      const timestamp = Math.max(part.timestamp, at);
      frames.push({
        topic: topic.id,
        part: partition,
        base,
        next: base + records.length,
        timestamp,
        packed: packFrame(base, records),
      });
    }
    const commits = batch.flatMap(({ commit }) => (commit === null ? [] : [commit]));
    try {
      const { storedBytes = [] } = await writer.ask({ kind: "write", frames, commits });
      let index = 0;
      for (const [part, { topic, partition, base, records }] of open) {
        part.next += records.length;
        part.timestamp = Math.max(part.timestamp, at);
        topic.bytes += storedBytes[index] ?? 0;
        const packed = frames[index]?.packed ?? new Uint8Array();
        tail.add({ topic: topic.name, partition, base, next: base + records.length, packed });
        index += 1;
      }
      onDurable(commits);
      for (const [index, { resolve }] of batch.entries()) resolve(positions[index] ?? []);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  return {
    write(placed, commit) {
      const bytes = placed.reduce((sum, { record }) => sum + (record.value?.length ?? 0) + 100, 0);
      if (queue.length > 0 && queuedBytes + bytes > queueBytesMax) {
        return Promise.reject(
          new LogBusy(`${queuedBytes} bytes wait to be written already, the limit is ${queueBytesMax}`),
        );
      }
      return new Promise((resolve, reject) => {
        queue.push({ placed, commit, bytes, resolve, reject });
        queuedBytes += bytes;
        running ??= run();
      });
    },
    async drained() {
      while (running !== null) await running;
    },
  };
}

function assign({ topic, partition, record }: Placed, open: Map<Part, OpenFrame>, at: number): Position {
  const part = topic.parts[partition];
  if (part === undefined) throw new RangeError(`${topic.name} has no partition ${partition}`);
  const frame = open.get(part) ?? { topic, partition, base: part.next, records: [] };
  open.set(part, frame);
  const offset = frame.base + frame.records.length;
  frame.records.push({ offset, timestamp: Math.max(part.timestamp, at), key: record.key, value: record.value });
  return { partition, offset };
}
