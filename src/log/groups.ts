/**
 * Consumer groups within one process, for the adapters whose log has one owner: which member holds which partition, fencing, committed
 * offsets. What is committed is kept by the adapter.
 */
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
} from "./port.ts";
import { checkNote, fenced, offsetGone } from "./refusals.ts";
import type { Waiters } from "./waiters.ts";

/** What an adapter does for its groups. */
export interface GroupStore {
  partitions(topic: string): number;
  range(topic: string, partition: number): Range;
  read(topic: string, partition: number, from: number, limits: ReadLimits): readonly LogRecord[];
  committed(group: string, partition: number): Committed | null;
  commit(input: TaskInput, commit: Committed & { readonly outputs: readonly OutRecord[] }): Promise<void>;
  readonly waiters: Waiters;
  isClosed(): boolean;
}

export interface Groups {
  join(name: string, topics: readonly string[], listener: AssignmentListener): Promise<Membership>;
  /** Takes a partition from its owner as a session timeout would: the old input is fenced, a new one assigned. */
  fence(name: string, partition: number): void;
  lag(): readonly { readonly group: string; readonly topic: string; readonly records: number }[];
}

interface Member {
  token: object;
  readonly listener: AssignmentListener;
}
interface Group {
  readonly name: string;
  readonly topics: readonly string[];
  readonly members: Member[];
  readonly owners: Map<number, object>;
}

export function createGroups(store: GroupStore): Groups {
  const groups = new Map<string, Group>();

  function inputOf(group: Group, partition: number, owner: object): TaskInput {
    const mine = () => {
      if (store.isClosed() || group.owners.get(partition) !== owner) {
        throw fenced(group.name, partition);
      }
    };
    const self: TaskInput = {
      group: group.name,
      partition,
      async committed() {
        mine();
        return store.committed(group.name, partition);
      },
      async range(topic) {
        mine();
        return store.range(topic, partition);
      },
      async read(from, limits, waitMs) {
        mine();
        const records = readAll(group, partition, from, limits);
        if (records.length > 0 || waitMs === 0) return records;
        const isThere = (topic: string) => store.range(topic, partition).end > (from[topic] ?? 0);
        await store.waiters.wait(waitMs, () => store.isClosed() || group.topics.some(isThere));
        mine();
        return readAll(group, partition, from, limits);
      },
      async commit(commit) {
        mine();
        checkNote(commit.note);
        await store.commit(self, commit);
      },
    };
    return self;
  }

  function readAll(group: Group, partition: number, from: Offsets, limits: ReadLimits): readonly LogRecord[] {
    const records: LogRecord[] = [];
    let bytes = 0;
    for (const topic of group.topics) {
      const offset = from[topic] ?? 0;
      const held = store.range(topic, partition);
      if (offset < held.start) throw offsetGone(group.name, topic, partition, offset, held);
      for (const record of store.read(topic, partition, offset, limits)) {
        bytes += record.value?.length ?? 0;
        if (records.length > 0 && (records.length >= limits.recordsMax || bytes > limits.bytesMax)) return records;
        records.push(record);
      }
    }
    return records;
  }

  async function rebalance(group: Group): Promise<void> {
    const count = store.partitions(group.topics[0] ?? "");
    for (let partition = 0; partition < count; partition++) {
      const wanted = group.members[partition % Math.max(1, group.members.length)];
      const owner = group.owners.get(partition);
      if (owner === wanted?.token && owner !== undefined) continue;
      await group.members.find((member) => member.token === owner)?.listener.revoked(partition);
      group.owners.delete(partition);
      if (wanted === undefined) continue;
      group.owners.set(partition, wanted.token);
      wanted.listener.assigned(inputOf(group, partition, wanted.token));
    }
  }

  function lagOf(group: Group, topic: string): number {
    let records = 0;
    for (let partition = 0; partition < store.partitions(topic); partition++) {
      const { start, end } = store.range(topic, partition);
      records += end - Math.max(start, store.committed(group.name, partition)?.offsets[topic] ?? start);
    }
    return records;
  }

  return {
    async join(name, topics, listener) {
      const counts = new Set(topics.map((topic) => store.partitions(topic)));
      if (counts.size !== 1) throw new Error(`the inputs of ${name} differ in partition counts: ${topics.join(", ")}`);
      const group: Group = groups.get(name) ?? { name, topics, members: [], owners: new Map() };
      groups.set(name, group);
      const member: Member = { token: {}, listener };
      group.members.push(member);
      await rebalance(group);
      return {
        async leave() {
          const at = group.members.indexOf(member);
          if (at < 0) return;
          for (const [partition, owner] of [...group.owners]) {
            if (owner !== member.token) continue;
            await listener.revoked(partition);
            group.owners.delete(partition);
          }
          group.members.splice(at, 1);
          await rebalance(group);
        },
      };
    },
    fence(name, partition) {
      const group = groups.get(name);
      const member = group?.members.find((one) => one.token === group.owners.get(partition));
      if (group === undefined || member === undefined) return;
      // The old owner is not asked: that is the point. Its token is replaced, so that everything it still tries is fenced.
      const before = member.token;
      member.token = {};
      for (const [held, owner] of [...group.owners]) {
        if (owner !== before) continue;
        group.owners.set(held, member.token);
        member.listener.assigned(inputOf(group, held, member.token));
      }
    },
    lag: () =>
      [...groups.values()].flatMap((group) =>
        group.topics.map((topic) => ({ group: group.name, topic, records: lagOf(group, topic) })),
      ),
  };
}
