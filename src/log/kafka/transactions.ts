/**
 * Exactly-once commits of one stream task: one transactional id per input partition, so that whoever takes the partition over fences its
 * last owner before it reads the committed offsets. (kafkajs knows no group fencing, KIP-447: a producer per process would not be safe.)
 *
 * A commit whose outcome is unknown is settled by fencing oneself: that ends the open transaction one way or the other, and the committed
 * offsets say which way. Either way the producer that failed is thrown away.
 */
import type { Kafka, Producer, Transaction } from "kafkajs";
import type { Committed, Offsets } from "../port.ts";
import { isRefused, isTransient, Refused, typeOf } from "./errors.ts";
import { type CommittedWithId, offsetTopics } from "./offsets.ts";
import { makeProducer, type PlacedRecord, RecordTooLarge, sendAll } from "./produce.ts";

export interface Transactions {
  /** Takes the partition: ends what its last owner had open, then reads what is committed. */
  fence(): Promise<Committed | null>;
  /** All or nothing. Throws where it is not committed; never in doubt. */
  commit(commit: {
    readonly offsets: Offsets;
    readonly note: string;
    readonly outputs: readonly PlacedRecord[];
  }): Promise<void>;
  close(): Promise<void>;
}

export interface TransactionsDeps {
  readonly kafka: Kafka;
  readonly transactionalId: string;
  readonly timeoutMs: number;
  readonly group: string;
  readonly partition: number;
  readonly bytesMax: (topic: string) => number;
  readonly committed: () => Promise<CommittedWithId | null>;
  /** Throws `Fenced` where the partition is somebody else's now. */
  readonly stillOwned: () => Promise<void>;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

const deliverMs = 120_000;
const pauseMs = 20;
const pauseMsMax = 1_000;

export function createTransactions(deps: TransactionsDeps): Transactions {
  const { kafka, group, partition, now, sleep } = deps;
  let producer: Producer | null = null;
  let commits = 0;

  async function discard(): Promise<void> {
    const old = producer;
    producer = null;
    await old?.disconnect().catch(() => {});
  }

  /** A new epoch: the transaction that an earlier one has open is over before this resolves. */
  async function initialise(): Promise<void> {
    await discard();
    const fresh = makeProducer(kafka, { id: deps.transactionalId, timeoutMs: deps.timeoutMs });
    try {
      await fresh.connect();
      const empty = await fresh.transaction();
      await empty.abort();
    } catch (error) {
      await fresh.disconnect().catch(() => {});
      throw error;
    }
    producer = fresh;
  }

  async function fence(): Promise<CommittedWithId | null> {
    const until = now() + deliverMs;
    for (let pause = pauseMs; ; pause = Math.min(2 * pause, pauseMsMax)) {
      try {
        await initialise();
        return await deps.committed();
      } catch (error) {
        await discard();
        if (isRefused(error)) throw new Refused("use", `transactional id ${deps.transactionalId}`);
        if (now() > until) throw error;
        await sleep(pause);
        await deps.stillOwned();
      }
    }
  }

  async function sendOffsets(transaction: Transaction, topics: ReturnType<typeof offsetTopics>): Promise<void> {
    for (let pause = pauseMs; ; pause = Math.min(2 * pause, pauseMsMax)) {
      try {
        return await transaction.sendOffsets({ consumerGroupId: group, topics });
      } catch (error) {
        // kafkajs retries this for sends, not for offsets.
        if (typeOf(error) !== "CONCURRENT_TRANSACTIONS" || pause >= pauseMsMax) throw error;
        await sleep(pause);
      }
    }
  }

  return {
    fence: async () => (await fence())?.committed ?? null,
    async commit({ offsets, note, outputs }) {
      const id = `${now().toString(36)}-${(commits++).toString(36)}`;
      const topics = offsetTopics(partition, offsets, note, id);
      const until = now() + deliverMs;
      for (;;) {
        try {
          if (producer === null) throw new Error("the transaction's producer is gone");
          const transaction = await producer.transaction();
          await sendAll(transaction.sendBatch, outputs, deps.bytesMax);
          await sendOffsets(transaction, topics);
          return await transaction.commit();
        } catch (error) {
          await discard();
          await deps.stillOwned();
          if (error instanceof RecordTooLarge || error instanceof Refused || now() > until) throw error;
          if (!isTransient(error)) await sleep(pauseMs);
          if ((await fence())?.id === id) return;
        }
      }
    },
    close: discard,
  };
}
