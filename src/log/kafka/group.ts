/**
 * A group's member as the port shows it: stream tasks with their inputs. What a task does after its partition has gone is fenced here; what a
 * process does that has lost its session unawares is fenced by the coordinator (offsets) and by the transactional id (records).
 */
import type { Kafka } from "kafkajs";
import type {
  AssignmentListener,
  Committed,
  LogRecord,
  Membership,
  Offsets,
  OutRecord,
  Range,
  ReadLimits,
  TaskInput,
} from "../port.ts";
import { checkNote, fenced, offsetGone } from "../refusals.ts";
import { createWaiters } from "../waiters.ts";
import type { Brokers } from "./brokers.ts";
import { typeOf } from "./errors.ts";
import { createFetcher } from "./fetcher.ts";
import { type Member, startMember } from "./membership.ts";
import { type CommittedWithId, commitOf, commitRefusal, committedIn, committedOf } from "./offsets.ts";
import type { PlacedRecord } from "./produce.ts";
import type { Reader } from "./reader.ts";
import { nameRefusal } from "./refused-writes.ts";
import { createTransactions, type Transactions } from "./transactions.ts";

export interface GroupDeps {
  readonly kafka: Kafka;
  /** Connections of this member alone: a join waits on them for the others. */
  readonly own: Brokers;
  /** Connections of the whole log. */
  readonly shared: Brokers;
  readonly reader: Reader;
  /** The group's name in Driftline and on the cluster. */
  readonly name: string;
  readonly group: string;
  readonly topics: readonly string[];
  readonly partitions: number;
  /** A topic's name on the cluster, and back. */
  readonly far: (topic: string) => string;
  readonly near: (topic: string) => string;
  readonly place: (outputs: readonly OutRecord[]) => Promise<readonly PlacedRecord[]>;
  readonly append: (records: readonly PlacedRecord[]) => Promise<unknown>;
  readonly bytesMax: (topic: string) => number;
  readonly exactlyOnce: boolean;
  readonly instanceId: string;
  readonly sessionMs: number;
  readonly transactionMs: number;
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export interface GroupMembership extends Membership {
  /** Offset behind what was committed and behind what follows it but holds no records: what lag counts from. */
  passed(topic: string, partition: number, committed: number): number;
}

/** How long a rebalance waits for a member that settles: beyond it, the member has lost its partitions. */
const rebalanceMs = 60_000;
/** A position that no record has: the topic is not read now. */
const unread = Number.MAX_SAFE_INTEGER;

/** Resolves when the member has joined. */
export async function joinGroup(deps: GroupDeps, listener: AssignmentListener): Promise<GroupMembership> {
  const { group, topics, far, near, now, sleep } = deps;
  const transactionalId = (partition: number) => `${group}-${partition}`;
  const held = new Map<number, { readonly token: object; readonly transactions: Transactions | null }>();
  const waiters = createWaiters();
  const fetcher = createFetcher({
    brokers: deps.own,
    near,
    sleep,
    onMore: () => waiters.wake(),
    gone: async (topic, partition, offset) => {
      const held = await deps.reader.range(topic, partition);
      return offsetGone(deps.name, near(topic), partition, offset, held);
    },
  });

  async function committedOn(partition: number): Promise<CommittedWithId | null> {
    const ask = committedOf(group, topics.map(far), [partition], "stable");
    const found = committedIn(await deps.shared.askCoordinator(group, ask)).get(partition);
    if (found === undefined) return null;
    const offsets: Record<string, number> = {};
    for (const topic of topics) {
      // A topic that joined the group's inputs later has no offset yet.
      offsets[topic] = found.committed.offsets[far(topic)] ?? (await deps.reader.range(far(topic), partition)).start;
    }
    return { committed: { offsets, note: found.committed.note }, id: found.id };
  }

  function transactionsOf(partition: number, mine: () => void): Transactions | null {
    if (!deps.exactlyOnce) return null;
    return createTransactions({
      kafka: deps.kafka,
      transactionalId: transactionalId(partition),
      timeoutMs: deps.transactionMs,
      group,
      partition,
      bytesMax: deps.bytesMax,
      committed: () => committedOn(partition),
      mayUse: () => deps.shared.findCoordinator("transactional id", transactionalId(partition)),
      async stillOwned() {
        mine();
        if (!(await member.isAlive())) throw fenced(deps.name, partition);
        mine();
      },
      now,
      sleep,
    });
  }

  /** With the generation of now; a rebalance that goes on is waited for. */
  async function commitOffsets(partition: number, offsets: Offsets, note: string, mine: () => void): Promise<void> {
    let who = member.identity();
    for (;;) {
      try {
        await deps.shared.askCoordinator(group, commitOf(group, who, partition, offsets, note));
        return;
      } catch (error) {
        const type = typeOf(error);
        const refused = commitRefusal(error, group, Object.keys(offsets));
        if (refused !== null) throw refused;
        if (type !== "REBALANCE_IN_PROGRESS" && type !== "ILLEGAL_GENERATION" && type !== "UNKNOWN_MEMBER_ID")
          throw error;
        const then = await member.stable();
        mine();
        if (type !== "REBALANCE_IN_PROGRESS" && then.generation === who.generation) throw fenced(deps.name, partition);
        who = then;
      }
    }
  }

  /** `mine` throws where the partition has gone; `isMine` says so. */
  function inputOf(
    partition: number,
    isMine: () => boolean,
    mine: () => void,
    transactions: Transactions | null,
  ): TaskInput {
    let last: Promise<unknown> = Promise.resolve();

    function taken(from: Offsets, limits: ReadLimits): readonly LogRecord[] {
      const records: LogRecord[] = [];
      let bytes = 0;
      for (const topic of topics) {
        const offset = from[topic] ?? 0;
        const recordsMax = limits.recordsMax - records.length;
        if (offset === unread || recordsMax <= 0 || bytes >= limits.bytesMax) continue;
        const left = { recordsMax, bytesMax: limits.bytesMax - bytes };
        for (const record of fetcher.take(far(topic), partition, offset, left)) {
          bytes += record.value?.length ?? 0;
          records.push(record);
        }
      }
      return records;
    }

    async function commit({ offsets, note, outputs }: Committed & { readonly outputs: readonly OutRecord[] }) {
      mine();
      checkNote(note);
      const placed = await deps.place(outputs);
      const passed: Record<string, number> = {};
      for (const [topic, offset] of Object.entries(offsets)) {
        passed[far(topic)] = fetcher.passed(far(topic), partition, offset);
      }
      if (transactions !== null) {
        try {
          return await transactions.commit({ offsets: passed, note, outputs: placed });
        } catch (error) {
          throw await nameRefusal(deps.shared, error, placed);
        }
      }
      await deps.append(placed);
      mine();
      await commitOffsets(partition, passed, note, mine);
    }

    return {
      group: deps.name,
      partition,
      async committed() {
        mine();
        const found = transactions === null ? (await committedOn(partition))?.committed : await transactions.fence();
        mine();
        return found ?? null;
      },
      async range(topic) {
        mine();
        return deps.reader.range(far(topic), partition);
      },
      async read(from, limits, waitMs) {
        mine();
        const records = taken(from, limits);
        if (records.length > 0) return records;
        if (waitMs > 0) {
          let found: () => readonly LogRecord[] = () => [];
          await waiters.wait(waitMs, () => {
            if (!isMine()) return true;
            try {
              const there = taken(from, limits);
              found = () => there;
              return there.length > 0;
            } catch (error) {
              found = () => {
                throw error;
              };
              return true;
            }
          });
          mine();
          return found();
        }
        // Without waiting: what the log holds now, not what has been read ahead.
        for (const topic of topics) {
          const offset = from[topic] ?? 0;
          if (offset === unread) continue;
          const gone = (held: Range) => offsetGone(deps.name, topic, partition, offset, held);
          const found = await deps.reader.read(far(topic), partition, offset, limits, 0, gone);
          mine();
          if (found.length > 0) return found;
        }
        return [];
      },
      commit(one) {
        const next = last.then(() => commit(one));
        last = next.catch(() => {});
        return next;
      },
    };
  }

  async function letGo(partition: number): Promise<void> {
    const one = held.get(partition);
    held.delete(partition);
    fetcher.drop(partition);
    waiters.wake();
    await one?.transactions?.close();
  }

  for (const topic of topics) await deps.own.partitions(far(topic));
  const member: Member = startMember({
    brokers: deps.own,
    group,
    topics: topics.map(far),
    partitions: deps.partitions,
    instanceId: deps.instanceId,
    sessionMs: deps.sessionMs,
    rebalanceMs,
    now,
    sleep,
    onAssigned(partition) {
      const token = {};
      const isMine = () => held.get(partition)?.token === token;
      const mine = () => {
        if (!isMine()) throw fenced(deps.name, partition);
      };
      const transactions = transactionsOf(partition, mine);
      held.set(partition, { token, transactions });
      listener.assigned(inputOf(partition, isMine, mine, transactions));
    },
    async onRevoked(partition, lost) {
      if (lost) await letGo(partition);
      try {
        await listener.revoked(partition);
      } finally {
        await letGo(partition);
      }
    },
    onFailed: (error) => listener.failed(error),
  });
  try {
    await member.joined;
  } catch (error) {
    fetcher.stop();
    await deps.own.close();
    throw error;
  }
  return {
    passed: (topic, partition, committed) => fetcher.passed(far(topic), partition, committed),
    async leave() {
      await member.leave();
      fetcher.stop();
      await deps.own.close();
    },
  };
}
