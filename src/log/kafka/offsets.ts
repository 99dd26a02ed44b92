/**
 * Committed offsets of a group at its coordinator. The commit's metadata, of the first topic by name, holds the note; of a transaction it
 * begins with the commit's own id, by which a commit that was left in doubt is told from the one before it.
 */
import type { Committed, Offsets } from "../port.ts";
import { checkNote } from "../refusals.ts";
import type { Ask } from "./brokers.ts";
import { isRefused, Refused, typeOf } from "./errors.ts";
import type { Identity } from "./membership.ts";
import { type FetchedOffsets, offsetFetch } from "./offset-fetch.ts";

export interface CommittedWithId {
  readonly committed: Committed;
  /** Null where no transaction wrote it. */
  readonly id: string | null;
}

/** Topic, partition and offset as requests take them. */
export function offsetTopics(partition: number, offsets: Offsets, note: string, id: string | null) {
  const text = id === null ? note : `#${id} ${note}`;
  checkNote(text);
  return Object.keys(offsets)
    .sort()
    .map((topic, at) => ({
      topic,
      partitions: [{ partition, offset: String(offsets[topic] ?? 0), metadata: at === 0 ? text : "" }],
    }));
}

export function commitOf(group: string, who: Identity, partition: number, offsets: Offsets, note: string): Ask<object> {
  return {
    api: "OffsetCommit",
    parameters: {
      groupId: group,
      groupGenerationId: who.generation,
      memberId: who.memberId,
      topics: offsetTopics(partition, offsets, note, null),
    },
  };
}

/** A commit of offsets that was refused, in words; null for any other error. Coordinators do not say which of the topics it was. */
export function commitRefusal(error: unknown, group: string, topics: readonly string[]): Refused | null {
  if (error instanceof Refused) return error;
  if (!isRefused(error)) return null;
  if (typeOf(error) !== "TOPIC_AUTHORIZATION_FAILED") return new Refused("commit offsets of", `group ${group}`);
  return new Refused("read", `topic${topics.length === 1 ? "" : "s"} ${topics.join(", ")}`);
}

/** "stable" for who goes on from there; "newest" for who only shows it, which no open transaction holds up. */
export function committedOf(
  group: string,
  topics: readonly string[],
  partitions: readonly number[],
  which: "stable" | "newest",
): Ask<FetchedOffsets> {
  return {
    api: "OffsetFetch",
    parameters: { group, topics, partitions, requireStable: which === "stable" },
    definition: offsetFetch,
  };
}

/** By partition; partitions for which nothing was ever committed are absent. */
export function committedIn({ responses }: FetchedOffsets): ReadonlyMap<number, CommittedWithId> {
  const found = new Map<number, { committed: { offsets: Record<string, number>; note: string }; id: string | null }>();
  for (const { topic, partitions } of [...responses].sort((a, b) => (a.topic < b.topic ? -1 : 1))) {
    for (const { partition, offset, metadata } of partitions) {
      if (Number(offset) < 0) continue;
      const one = found.get(partition) ?? first(metadata ?? "");
      one.committed.offsets[topic] = Number(offset);
      found.set(partition, one);
    }
  }
  return found;
}

function first(metadata: string): { committed: { offsets: Record<string, number>; note: string }; id: string | null } {
  const [head = "", id] = /^#(\S+) /.exec(metadata) ?? [];
  return { committed: { offsets: {}, note: metadata.slice(head.length) }, id: id ?? null };
}
