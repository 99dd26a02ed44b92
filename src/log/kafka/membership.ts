/**
 * One member of a consumer group, by Kafka's classic group protocol. Cooperative: a rebalance stops nobody; a partition that goes elsewhere
 * is settled first, given up, and assigned to its new owner in a second round. With an instance id the member is static: a process that
 * comes back within the session gets the same partitions, and nobody else notices.
 *
 *   joining ──► stable ──(the group changes, or a partition was settled)──► joining
 *      ▲          │
 *      └── lost ◄─┘   the session is over: everything held is fenced at once
 */
import { assign, type GroupMember } from "./assign.ts";
import type { Ask, Brokers } from "./brokers.ts";
import { isRefused, isTransient, Refused, typeOf } from "./errors.ts";
import { MemberAssignment, MemberMetadata } from "./kafkajs.ts";

export interface MemberDeps {
  readonly brokers: Brokers;
  readonly group: string;
  /** Names on the cluster; all have `partitions` partitions. */
  readonly topics: readonly string[];
  readonly partitions: number;
  /** "" is dynamic membership. */
  readonly instanceId: string;
  readonly sessionMs: number;
  readonly rebalanceMs: number;
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** The partition is this member's. */
  readonly onAssigned: (partition: number) => void;
  /** The partition goes: resolves when it is settled. `lost`: it has gone already, nothing can be written for it. */
  readonly onRevoked: (partition: number, lost: boolean) => Promise<void>;
  /** The member cannot go on. */
  readonly onFailed: (error: Error) => void;
}

/** What an offset commit carries, so that the coordinator refuses the ones of the past. */
export interface Identity {
  readonly memberId: string;
  readonly generation: number;
}

export interface Member {
  /** Resolves after the first round. */
  readonly joined: Promise<void>;
  /** The member's identity between rebalances; waits for the end of one that is going on. */
  stable(): Promise<Identity>;
  identity(): Identity;
  /** Asks the coordinator whether the membership still holds. False only where it says so: one that does not answer has said nothing. */
  isAlive(): Promise<boolean>;
  leave(): Promise<void>;
}

interface JoinAnswer {
  readonly generationId: number;
  readonly leaderId: string;
  readonly memberId: string;
  readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[];
}
interface SyncAnswer {
  readonly memberAssignment: Buffer;
}

/** Kafka shows it as the group's assignment strategy. Another one in the group is another program. */
export const protocolName = "driftline-cooperative";
const retryMs = 200;
const leaveMs = 1_000;
/** The group has gone on without this member, or goes on just now: another round mends it. */
const ofThePast: ReadonlySet<string> = new Set(["UNKNOWN_MEMBER_ID", "ILLEGAL_GENERATION", "REBALANCE_IN_PROGRESS"]);

export function startMember(deps: MemberDeps): Member {
  const { brokers, group, topics, partitions, instanceId, sessionMs, now, sleep } = deps;
  const heartbeatMs = Math.min(3_000, Math.floor(sessionMs / 3));
  const groupInstanceId = instanceId === "" ? null : instanceId;
  /** What this member holds or is settling. */
  const held = new Map<number, "working" | "settling">();
  let assigned: ReadonlySet<number> = new Set();
  let memberId = "";
  let generation = -1;
  let leaving = false;
  let isStable = false;
  const waiting: (() => void)[] = [];
  let wake = new AbortController();
  /** A partition was given up: the round that gives it away is this member's to begin. */
  let gaveUp = false;
  let joinedOnce: () => void = () => {};
  let failJoin: (error: Error) => void = () => {};
  const joined = new Promise<void>((resolve, reject) => {
    joinedOnce = resolve;
    failJoin = reject;
  });
  joined.catch(() => {});

  function asked<T>(api: Ask<T>["api"], parameters: object, timeoutMs?: number): Promise<T> {
    const own = { groupId: group, memberId, groupInstanceId, ...parameters };
    return brokers.askCoordinator(group, {
      api,
      parameters: own,
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  }

  function ownMetadata(): Buffer {
    const userData = Buffer.from(JSON.stringify({ held: [...held.keys()], generation }));
    return MemberMetadata.encode({ version: 1, topics, userData });
  }

  async function round(): Promise<void> {
    isStable = false;
    const join = await asked<JoinAnswer>(
      "JoinGroup",
      {
        sessionTimeout: sessionMs,
        rebalanceTimeout: deps.rebalanceMs,
        protocolType: "consumer",
        groupProtocols: [{ name: protocolName, metadata: ownMetadata() }],
      },
      deps.rebalanceMs + sessionMs,
    );
    memberId = join.memberId;
    const isLeader = join.leaderId === memberId;
    const sync = await asked<SyncAnswer>("SyncGroup", {
      generationId: join.generationId,
      groupAssignment: isLeader ? assignmentsOf(join.members) : [],
    });
    generation = join.generationId;
    const decoded = MemberAssignment.decode(sync.memberAssignment);
    assigned = new Set(decoded?.assignment[topics[0] ?? ""] ?? []);
    isStable = true;
    for (const resume of waiting.splice(0)) resume();
    for (const partition of held.keys()) if (!assigned.has(partition)) settle(partition);
    for (const partition of assigned) if (!held.has(partition)) take(partition);
    joinedOnce();
  }

  function assignmentsOf(members: JoinAnswer["members"]) {
    const given = assign(members.map(memberOf), partitions);
    return [...given].map(([id, its]) => ({
      memberId: id,
      memberAssignment: MemberAssignment.encode({
        version: 1,
        assignment: Object.fromEntries(topics.map((topic) => [topic, its])),
        userData: Buffer.alloc(0),
      }),
    }));
  }

  function take(partition: number): void {
    held.set(partition, "working");
    deps.onAssigned(partition);
  }

  function settle(partition: number): void {
    if (held.get(partition) !== "working") return;
    held.set(partition, "settling");
    const done = () => {
      if (held.get(partition) !== "settling") return;
      held.delete(partition);
      // It may have been given back in the meantime; else the others wait to hear of it.
      if (assigned.has(partition) && !leaving) return take(partition);
      gaveUp = true;
      wake.abort();
    };
    deps.onRevoked(partition, false).then(done, done);
  }

  /** The coordinator has given everything to others. */
  async function lose(): Promise<void> {
    memberId = "";
    generation = -1;
    isStable = false;
    gaveUp = false;
    assigned = new Set();
    for (const resume of waiting.splice(0)) resume();
    const gone = [...held.keys()];
    held.clear();
    await Promise.allSettled(gone.map((partition) => deps.onRevoked(partition, true)));
  }

  /** Resolves when it is time to join again. */
  async function beat(): Promise<void> {
    let heard = now();
    while (!leaving) {
      wake = new AbortController();
      const isSettling = [...held.values()].includes("settling");
      if (gaveUp && !isSettling) {
        gaveUp = false;
        return;
      }
      await sleep(heartbeatMs, wake.signal);
      if (leaving) return;
      try {
        await asked("Heartbeat", { groupGenerationId: generation });
        heard = now();
      } catch (error) {
        const type = typeOf(error);
        if (type === "REBALANCE_IN_PROGRESS") return;
        if (!isTransient(error) || now() - heard > sessionMs) throw error;
      }
    }
  }

  async function run(): Promise<void> {
    while (!leaving) {
      try {
        await round();
        await beat();
      } catch (error) {
        if (leaving) return;
        const fatal = fatalOf(error);
        if (fatal !== null) {
          await lose();
          failJoin(fatal);
          deps.onFailed(fatal);
          return;
        }
        const id = idOf(error);
        if (id !== null) {
          memberId = id;
          continue;
        }
        if (typeOf(error) === "REBALANCE_IN_PROGRESS") continue;
        await lose();
        await sleep(retryMs);
      }
    }
  }

  /** What no further round can mend. */
  function fatalOf(error: unknown): Error | null {
    const type = typeOf(error);
    if (isRefused(error)) return new Refused("use", `group ${group}`);
    if (type === "FENCED_INSTANCE_ID") {
      return new Error(`another process has the instance id ${instanceId}: give each its own (log.kafka.instanceId)`);
    }
    if (type === "INCONSISTENT_GROUP_PROTOCOL") {
      return new Error(`group ${group} has members of another program: set log.kafka.prefix to a name of your own`);
    }
    if (type === "INVALID_SESSION_TIMEOUT") {
      return new Error(`the brokers allow no session of ${sessionMs} ms (log.kafka.sessionMs)`);
    }
    if (idOf(error) !== null || isTransient(error) || (type !== null && ofThePast.has(type))) return null;
    return error instanceof Error ? error : new Error(String(error));
  }

  const running = run();
  return {
    joined,
    identity: () => ({ memberId, generation }),
    async stable() {
      if (!isStable && !leaving) await new Promise<void>((resolve) => void waiting.push(resolve));
      return { memberId, generation };
    },
    async isAlive() {
      const then = generation;
      try {
        await asked("Heartbeat", { groupGenerationId: then });
        return true;
      } catch (error) {
        const type = typeOf(error);
        // Another round may have ended meanwhile.
        if (type === "ILLEGAL_GENERATION") return generation !== then;
        return type !== "UNKNOWN_MEMBER_ID" && type !== "FENCED_INSTANCE_ID";
      }
    },
    async leave() {
      leaving = true;
      wake.abort();
      const its = [...held].filter(([, state]) => state === "working").map(([partition]) => partition);
      await Promise.allSettled(its.map((partition) => deps.onRevoked(partition, false)));
      held.clear();
      for (const resume of waiting.splice(0)) resume();
      // A static member stays until its session ends, so that a restart finds its partitions.
      const goodbye = memberId !== "" && groupInstanceId === null ? asked("LeaveGroup", {}).catch(() => {}) : null;
      // A join that waits for others holds its connection: the group finds out when the session ends.
      await Promise.race([Promise.all([goodbye, running]), sleep(leaveMs)]);
    },
  };
}

/** The id that a broker gives a new member, to join again with. */
function idOf(error: unknown): string | null {
  return error instanceof Error && error.name === "KafkaJSMemberIdRequired" && "memberId" in error
    ? String(error.memberId)
    : null;
}

function memberOf({ memberId, memberMetadata }: JoinAnswer["members"][number]): GroupMember {
  const none = { id: memberId, held: [], generation: -1 };
  try {
    const said: unknown = JSON.parse(MemberMetadata.decode(memberMetadata).userData?.toString("utf8") ?? "");
    if (typeof said !== "object" || said === null || !("held" in said) || !("generation" in said)) return none;
    const { held, generation } = said;
    if (!Array.isArray(held) || typeof generation !== "number") return none;
    return { id: memberId, held: held.filter((one) => Number.isInteger(one)), generation };
  } catch {
    return none;
  }
}
