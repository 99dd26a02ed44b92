/** The memory adapter: the contract, and its faults. */
import { describe, expect, it } from "vitest";
import { createMemoryLog } from "../../src/log/memory/memory-log.ts";
import { Fenced, OffsetGone, type TaskInput } from "../../src/log/port.ts";
import { logContract } from "../contract/log.ts";

logContract("memory", async () => {
  const clock = { now: 1_700_000_000_000 };
  const log = createMemoryLog({ now: () => clock.now });
  return { log, clock, reopen: () => null, cleanup: () => log.close() };
});

describe("the memory log", () => {
  it("fences the owner of a partition and assigns it anew", async () => {
    const log = createMemoryLog({ now: () => 0 });
    await log.ensureTopics([{ name: "a", partitions: 1, cleanup: "delete", retentionMs: null, retentionBytes: null }]);
    const inputs: TaskInput[] = [];
    await log.join("g", ["a"], { assigned: (input) => void inputs.push(input), async revoked() {}, failed() {} });
    await log.fence("g", 0);
    expect(inputs).toHaveLength(2);
    await expect(inputs[0]?.commit({ offsets: { a: 0 }, note: "", outputs: [] })).rejects.toThrow(Fenced);
    await inputs[1]?.commit({ offsets: { a: 0 }, note: "", outputs: [] });
  });

  it("says which offset is gone, and how to repair it", async () => {
    const log = createMemoryLog({ now: () => 0 });
    await log.ensureTopics([{ name: "a", partitions: 1, cleanup: "delete", retentionMs: null, retentionBytes: null }]);
    await log.append(
      Array.from({ length: 5 }, () => ({ topic: "a", key: null, partition: 0, value: Buffer.from("x") })),
    );
    const inputs: TaskInput[] = [];
    await log.join("g", ["a"], { assigned: (input) => void inputs.push(input), async revoked() {}, failed() {} });
    log.truncate("a", 0, 3);
    const read = inputs[0]?.read({ a: 1 }, { recordsMax: 1, bytesMax: 1 }, 0);
    await expect(read).rejects.toThrow(OffsetGone);
    await expect(read).rejects.toThrow(/driftline reset g --to start/);
  });
});
