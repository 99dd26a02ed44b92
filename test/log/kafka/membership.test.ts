/**
 * A group's member and its coordinator, scripted. Who may go on is what the coordinator says: its silence is no answer. Seen to fail with any error
 * but REBALANCE_IN_PROGRESS taken for "no", as it once was: a broker's death left partitions without a task.
 */
import { expect, it } from "vitest";
import type { Ask, Brokers } from "../../../src/log/kafka/brokers.ts";
import { MemberAssignment } from "../../../src/log/kafka/kafkajs.ts";
import { startMember } from "../../../src/log/kafka/membership.ts";

const answered = (type: string) => Object.assign(new Error(type), { type });
const closed = () => Object.assign(new Error("closed"), { name: "KafkaJSConnectionClosedError" });

it("is alive until its coordinator says that it is not", async () => {
  let heartbeat: () => object = () => ({});
  const memberAssignment = MemberAssignment.encode({
    version: 1,
    assignment: { t: [0] },
    userData: Buffer.alloc(0),
  });
  async function askCoordinator<T>(_group: string, { api }: Ask<T>): Promise<T> {
    const answers: Readonly<Record<string, () => object>> = {
      JoinGroup: () => ({ generationId: 1, leaderId: "other", memberId: "me", members: [] }),
      SyncGroup: () => ({ memberAssignment }),
      Heartbeat: () => heartbeat(),
    };
    // The script says what each request of a member is answered with.
    return (answers[api]?.() ?? {}) as T;
  }
  const wakes: (() => void)[] = [];
  const member = startMember({
    // Only what a member uses is there.
    brokers: { askCoordinator } as unknown as Brokers,
    group: "g",
    topics: ["t"],
    partitions: 1,
    instanceId: "",
    sessionMs: 6_000,
    rebalanceMs: 6_000,
    now: () => 0,
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        wakes.push(resolve);
        signal?.addEventListener("abort", () => resolve());
      }),
    onAssigned() {},
    async onRevoked() {},
    onFailed(error) {
      throw error;
    },
  });
  await member.joined;
  const says = async (error: Error | null) => {
    heartbeat = () => {
      if (error !== null) throw error;
      return {};
    };
    return member.isAlive();
  };
  expect(await says(null)).toBe(true);
  expect(await says(answered("REBALANCE_IN_PROGRESS"))).toBe(true);
  expect(await says(closed())).toBe(true);
  expect(await says(answered("GROUP_COORDINATOR_NOT_AVAILABLE"))).toBe(true);
  expect(await says(answered("UNKNOWN_MEMBER_ID"))).toBe(false);
  expect(await says(answered("ILLEGAL_GENERATION"))).toBe(false);
  const leaving = member.leave();
  for (const wake of wakes.splice(0)) wake();
  await leaving;
});
