/**
 * The process's plain producer: one send at a time, and what comes meanwhile goes out together in the next one. Transient trouble is retried
 * with a new producer until the deadline; what was written twice that way has the same identity twice, and readers drop it.
 */
import type { Kafka, Producer } from "kafkajs";
import { LogBusy, type Position } from "../port.ts";
import { isTransient } from "./errors.ts";
import { leadersOf, makeProducer, type PlacedRecord, sendAll, Unacknowledged } from "./produce.ts";

export interface Appender {
  /** Resolves when all replicas in sync have it. Rejects with `LogBusy` where too much waits already. */
  append(records: readonly PlacedRecord[]): Promise<readonly Position[]>;
  /** Sends what waits, then disconnects. */
  close(): Promise<void>;
}

export interface AppenderDeps {
  readonly kafka: Kafka;
  readonly bytesMax: (topic: string) => number;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

interface Waiting {
  readonly records: readonly PlacedRecord[];
  readonly resolve: (positions: readonly Position[]) => void;
  readonly reject: (error: unknown) => void;
}

const queueBytesMax = 67_108_864;
/** Sent together at most, so that one send does not take for ever. */
const sendBytesMax = 8_388_608;
/** As long as Java producers try by default. */
const deliverMs = 120_000;
const pauseMs = 200;

export function createAppender({ kafka, bytesMax, now, sleep }: AppenderDeps): Appender {
  const queue: Waiting[] = [];
  let queuedBytes = 0;
  let producer: Producer | null = null;
  let sending: Promise<void> | null = null;
  let closed = false;

  async function connected(): Promise<Producer> {
    if (producer !== null) return producer;
    const fresh = makeProducer(kafka, null);
    await fresh.connect();
    producer = fresh;
    return fresh;
  }

  async function discard(): Promise<void> {
    const old = producer;
    producer = null;
    await old?.disconnect().catch(() => {});
  }

  async function deliver(records: readonly PlacedRecord[]): Promise<readonly Position[]> {
    const until = now() + deliverMs;
    for (;;) {
      try {
        const { sendBatch } = await connected();
        return await sendAll(sendBatch, records, bytesMax, leadersOf(kafka));
      } catch (error) {
        await discard();
        const again = isTransient(error) || error instanceof Unacknowledged;
        if (closed || !again || now() > until) throw error;
        await sleep(pauseMs);
      }
    }
  }

  async function work(): Promise<void> {
    while (queue.length > 0) {
      const taken = takeSome();
      try {
        const positions = await deliver(taken.flatMap(({ records }) => records));
        let at = 0;
        for (const { records, resolve } of taken) {
          resolve(positions.slice(at, at + records.length));
          at += records.length;
        }
      } catch (error) {
        for (const { reject } of taken) reject(error);
      }
    }
    sending = null;
  }

  function takeSome(): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { records } of queue) {
      bytes += sizeOf(records);
      if (count > 0 && bytes > sendBytesMax) break;
      count += 1;
    }
    const taken = queue.splice(0, count);
    for (const { records } of taken) queuedBytes -= sizeOf(records);
    return taken;
  }

  return {
    append(records) {
      if (records.length === 0) return Promise.resolve([]);
      return new Promise((resolve, reject) => {
        if (closed) return reject(new Error("the log is closed"));
        if (queuedBytes > queueBytesMax) {
          return reject(new LogBusy(`${queuedBytes} bytes wait to be written to Kafka already: try again later`));
        }
        queuedBytes += sizeOf(records);
        queue.push({ records, resolve, reject });
        sending ??= work();
      });
    },
    async close() {
      await sending;
      closed = true;
      await discard();
    },
  };
}

function sizeOf(records: readonly PlacedRecord[]): number {
  let bytes = 0;
  for (const { value } of records) bytes += value?.length ?? 0;
  return bytes;
}
