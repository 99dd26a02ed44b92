/**
 * How long partitions stand still after a fault: from the fault to the first commit that moves. Committed offsets and owners are asked for
 * around the proxies, by the coordinator's own words; only partitions that moved shortly before are concerned.
 */
import { createRequire } from "node:module";
import type { Admin, Kafka } from "kafkajs";
import { reads } from "./checker/check.ts";
import { sleep } from "./writer.ts";

export interface Sample {
  readonly fault: string;
  /** Group and partition. */
  readonly place: string;
  /** Null: it had not moved when the run ended. */
  readonly ms: number | null;
}

export interface Recovery {
  /** A fault now; `owner` null concerns every partition. */
  mark(fault: string, owner: string | null): void;
  stop(): Promise<readonly Sample[]>;
}

const pollMs = 250;
const activeMs = 8_000;
const load = createRequire(import.meta.url);
const {
  MemberAssignment,
}: { MemberAssignment: { decode(bytes: Buffer): { assignment: Record<string, number[]> } | null } } = load(
  "kafkajs/src/consumer/assignerProtocol.js",
);

interface Place {
  offset: number;
  movedAt: number;
  owner: string | null;
}

export function watchRecovery(kafka: Kafka, prefix: string): Recovery {
  const places = new Map<string, Place>();
  const waiting = new Map<
    string,
    { readonly fault: string; readonly place: string; readonly from: number; readonly at: number }[]
  >();
  const samples: Sample[] = [];
  let stopped = false;
  const groups = Object.entries(reads).map(([group, topics]) => ({
    group,
    topics: topics.filter((one) => one !== "commands"),
  }));

  function saw(name: string, offset: number, at: number): void {
    const place = places.get(name) ?? { offset, movedAt: 0, owner: null };
    places.set(name, place);
    if (offset <= place.offset) return;
    place.offset = offset;
    place.movedAt = at;
    const rest = (waiting.get(name) ?? []).filter((one) => {
      if (offset <= one.from) return true;
      samples.push({ fault: one.fault, place: name, ms: at - one.at });
      return false;
    });
    waiting.set(name, rest);
  }

  async function poll(admin: Admin): Promise<void> {
    for (const { group, topics } of groups) {
      const found = await admin.fetchOffsets({
        groupId: `${prefix}${group}`,
        topics: topics.map((topic) => `${prefix}${topic}`),
      });
      const at = performance.now();
      const sums = new Map<number, number>();
      for (const { partitions } of found)
        for (const { partition, offset } of partitions)
          sums.set(partition, (sums.get(partition) ?? 0) + Math.max(0, Number(offset)));
      for (const [partition, sum] of sums) saw(`${group}/${partition}`, sum, at);
    }
    const described = await admin.describeGroups(groups.map(({ group }) => `${prefix}${group}`));
    for (const { groupId, members } of described.groups) {
      for (const { clientId, memberAssignment } of members) {
        const assignment = memberAssignment.length === 0 ? null : MemberAssignment.decode(memberAssignment);
        for (const partition of Object.values(assignment?.assignment ?? {})[0] ?? []) {
          const place = places.get(`${groupId.slice(prefix.length)}/${partition}`);
          if (place !== undefined) place.owner = clientId;
        }
      }
    }
  }

  async function work(): Promise<void> {
    const admin = kafka.admin({ retry: { retries: 1, initialRetryTime: 100 } });
    while (!stopped) {
      try {
        await admin.connect();
        while (!stopped) {
          await poll(admin);
          await sleep(pollMs);
        }
      } catch {
        // A broker is away; the next poll will tell.
        await sleep(pollMs);
      }
    }
    await admin.disconnect().catch(() => {});
  }

  const working = work();
  return {
    mark(fault, owner) {
      const at = performance.now();
      for (const [name, place] of places) {
        if (at - place.movedAt > activeMs || (owner !== null && place.owner !== owner)) continue;
        waiting.set(name, [...(waiting.get(name) ?? []), { fault, place: name, from: place.offset, at }]);
      }
    },
    async stop() {
      stopped = true;
      await working;
      const open = [...waiting.values()].flat().map(({ fault, place }) => ({ fault, place, ms: null }));
      return [...samples, ...open];
    },
  };
}
