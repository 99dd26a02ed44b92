/**
 * Exactly-once commits of one stream task: one transactional id per input partition, so that whoever takes the partition over fences its
 * last owner before it reads the committed offsets. (kafkajs knows no group fencing, KIP-447: a producer per process would not be safe.)
 *
 * A commit whose outcome is unknown is settled by fencing oneself: that ends the open transaction one way or the other, and the committed
 * offsets say which way. Either way the producer that failed is thrown away. Where they say neither, somebody else has committed: two
 * processes that each take the partition for theirs for a moment can fence one another, and the work of whoever comes second is not done
 * again on top of the first's.
 */
import { randomBytes } from "node:crypto";
import type { Kafka, Producer, Transaction } from "kafkajs";
import type { Committed, Offsets } from "../port.ts";
import { isRefused, isTransient, Refused, typeOf } from "./errors.ts";
import { type CommittedWithId, commitRefusal, offsetTopics } from "./offsets.ts";
import { leadersOf, makeProducer, type PlacedRecord, RecordTooLarge, sendAll } from "./produce.ts";

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
  /** Throws `Refused` where this user may not use the transactional id: kafkajs takes that for a coordinator that is away, and looks for it for minutes. */
  readonly mayUse: () => Promise<void>;
  /** Throws `Fenced` where the partition is somebody else's now. */
  readonly stillOwned: () => Promise<void>;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Another process has committed for the partition since this one read what is committed. */
export class Overtaken extends Error {
  override readonly name = "Overtaken";
  constructor(transactionalId: string) {
    super(`another process has committed under ${transactionalId} meanwhile: starting anew from what it committed`);
  }
}

const deliverMs = 120_000;
const pauseMs = 20;
const pauseMsMax = 1_000;

export function createTransactions(deps: TransactionsDeps): Transactions {
  const { kafka, group, partition, now, sleep } = deps;
  let producer: Producer | null = null;
  const own = randomBytes(9).toString("base64url");
  let commits = 0;
  let closed = false;
  /** What is committed, as far as this process knows. */
  let base = keyOf(null);

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
      if (closed) throw new Error(`${deps.transactionalId} is no longer this process's`);
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
        await deps.mayUse();
        await initialise();
        return await deps.committed();
      } catch (error) {
        await discard();
        if (error instanceof Refused) throw error;
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
    async fence() {
      const found = await fence();
      base = keyOf(found);
      return found?.committed ?? null;
    },
    async commit({ offsets, note, outputs }) {
      const id = `${own}-${(commits++).toString(36)}`;
      const topics = offsetTopics(partition, offsets, note, id);
      const until = now() + deliverMs;
      for (;;) {
        try {
          if (producer === null) throw new Error("the transaction's producer is gone");
          const transaction = await producer.transaction();
          await sendAll(transaction.sendBatch, outputs, deps.bytesMax, leadersOf(kafka));
          await sendOffsets(transaction, topics);
          await transaction.commit();
          base = id;
          return;
        } catch (error) {
          await discard();
          // Before anything is asked again: what is refused stays so, and a member without its rights cannot say whether it is alive.
          const refused = commitRefusal(error, group, Object.keys(offsets));
          if (refused !== null) throw refused;
          await deps.stillOwned();
          if (error instanceof RecordTooLarge || now() > until) throw error;
          if (!isTransient(error)) await sleep(pauseMs);
          const found = keyOf(await fence());
          if (found !== base && found !== id) throw new Overtaken(deps.transactionalId);
          if (found !== id) continue;
          base = id;
          return;
        }
      }
    },
    close() {
      closed = true;
      return discard();
    },
  };
}

/** Tells one commit from every other; what no transaction wrote has no id. */
function keyOf(found: CommittedWithId | null): string {
  return found?.id ?? JSON.stringify(found?.committed.offsets ?? null);
}
