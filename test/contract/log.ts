/** What every log adapter must do. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { partitionOf } from "../../src/log/murmur2.ts";
import {
  Fenced,
  type Log,
  type LogRecord,
  type Membership,
  type OutRecord,
  type TaskInput,
  type TopicSpec,
} from "../../src/log/port.ts";

export interface LogUnderTest {
  readonly log: Log;
  /** Epoch ms of the log's clock; null where it is somebody else's. */
  readonly clock: { now: number } | null;
  /** Closes and opens the same log again, where it lasts; null where it does not. */
  reopen(): Promise<Log> | null;
  cleanup(): Promise<void>;
}

const topic = (name: string, partitions: number, cleanup: TopicSpec["cleanup"] = "delete"): TopicSpec => {
  return { name, partitions, cleanup, retentionMs: null, retentionBytes: null };
};
const specs = [topic("a", 3), topic("b", 3), topic("c", 2), topic("k", 1, "compact")];
const many = { recordsMax: 1_000, bytesMax: 1_000_000 };
const out = (to: string, key: string | null, value: string | null, partition: number | null = null): OutRecord => {
  return { topic: to, key, partition, value: value === null ? null : Buffer.from(value) };
};
/** Members of other processes hear of each other through heartbeats. */
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 20_000, interval: 20 });
const texts = (records: readonly LogRecord[]) =>
  records.map(({ value }) => (value === null ? null : Buffer.from(value).toString()));

export function logContract(name: string, make: () => Promise<LogUnderTest>): void {
  describe(`the log contract: ${name}`, () => {
    let test: LogUnderTest;
    let log: Log;
    beforeEach(async () => {
      test = await make();
      log = test.log;
      await log.ensureTopics(specs);
    });
    afterEach(() => test.cleanup());

    async function join(group: string, topics: readonly string[]) {
      const inputs = new Map<number, TaskInput>();
      const revoked: number[] = [];
      const membership: Membership = await log.join(group, topics, {
        assigned: (input) => void inputs.set(input.partition, input),
        async revoked(partition) {
          revoked.push(partition);
        },
        failed(error) {
          throw error;
        },
      });
      return { inputs, revoked, membership };
    }

    it("appends in order and answers with positions", async () => {
      const positions = await log.append([out("a", null, "x", 1), out("a", null, "y", 1), out("b", null, "z", 0)]);
      expect(positions).toEqual([
        { partition: 1, offset: 0 },
        { partition: 1, offset: 1 },
        { partition: 0, offset: 0 },
      ]);
      expect(texts(await log.read("a", 1, 0, many, 0))).toEqual(["x", "y"]);
      expect(texts(await log.read("a", 1, 1, many, 0))).toEqual(["y"]);
      expect(await log.range("a", 1)).toEqual({ start: 0, end: 2 });
    });

    it("places keys by murmur2, keeps keys, values and nulls as they were", async () => {
      for (const key of ["", "e1", "é", "a".repeat(300)]) {
        const [position] = await log.append([out("a", key, "v")]);
        expect(position?.partition).toBe(partitionOf(key, 3));
      }
      await log.append([
        out("k", "gone", null),
        { topic: "k", key: "bytes", partition: null, value: Uint8Array.from([0, 255, 10]) },
      ]);
      const records = await log.read("k", 0, 0, many, 0);
      expect(records.map(({ key, value }) => [key, value === null ? null : [...value]])).toEqual([
        ["gone", null],
        ["bytes", [0, 255, 10]],
      ]);
    });

    it("refuses what it cannot place, all or nothing", async () => {
      await expect(log.append([out("a", "good", "v"), out("a", null, "v")])).rejects.toThrow(
        /neither key nor partition/,
      );
      await expect(log.append([out("a", "good", "v"), out("a", null, "v", 9)])).rejects.toThrow(/no 9/);
      await expect(log.append([out("nowhere", "k", "v")])).rejects.toThrow(/nowhere/);
      expect(await log.range("a", partitionOf("good", 3))).toEqual({ start: 0, end: 0 });
    });

    it("gives append times that never go back", async () => {
      await log.append([out("a", null, "1", 0)]);
      if (test.clock !== null) test.clock.now -= 60_000;
      await log.append([out("a", null, "2", 0)]);
      if (test.clock !== null) test.clock.now += 120_000;
      await log.append([out("a", null, "3", 0)]);
      const times = (await log.read("a", 0, 0, many, 0)).map(({ timestamp }) => timestamp);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      if (test.clock !== null) expect(times[2]).toBe(test.clock.now);
    });

    it("reads within limits, but always one record", async () => {
      await log.append(Array.from({ length: 10 }, (_, number) => out("a", null, `${number}`.repeat(100), 0)));
      expect(await log.read("a", 0, 0, { recordsMax: 3, bytesMax: 1_000_000 }, 0)).toHaveLength(3);
      expect(await log.read("a", 0, 0, { recordsMax: 100, bytesMax: 250 }, 0)).toHaveLength(2);
      expect(await log.read("a", 0, 4, { recordsMax: 100, bytesMax: 1 }, 0)).toHaveLength(1);
      expect(await log.read("a", 0, 10, many, 0)).toEqual([]);
    });

    it("wakes a waiting reader at the next append, and lets it go in time", async () => {
      const waiting = log.read("a", 0, 0, many, 5_000);
      await log.append([out("a", null, "now", 0)]);
      expect(texts(await waiting)).toEqual(["now"]);
      expect(await log.read("a", 0, 1, many, 20)).toEqual([]);
    });

    it("says what topics there are, and refuses another partition count", async () => {
      expect((await log.topics()).map(({ name: found, partitions }) => [found, partitions.length])).toEqual([
        ["a", 3],
        ["b", 3],
        ["c", 2],
        ["k", 1],
      ]);
      expect(await log.partitionCount("c")).toBe(2);
      await log.ensureTopics(specs);
      await expect(log.ensureTopics([topic("a", 4)])).rejects.toThrow(/partitions/);
    });

    it("commits outputs, offsets and note together", async () => {
      await log.append([out("a", null, "in", 2)]);
      const { inputs } = await join("g", ["a", "b"]);
      const input = inputs.get(2);
      expect(await input?.committed()).toBeNull();
      expect(texts((await input?.read({ a: 0, b: 0 }, many, 0)) ?? [])).toEqual(["in"]);
      await input?.commit({ offsets: { a: 1, b: 0 }, note: "note é", outputs: [out("c", null, "out", 1)] });
      expect(await input?.committed()).toEqual({ offsets: { a: 1, b: 0 }, note: "note é" });
      await eventually(async () => expect(texts(await log.read("c", 1, 0, many, 0))).toEqual(["out"]));
    });

    it("writes nothing of a commit that it refuses", async () => {
      const { inputs } = await join("g", ["a"]);
      const input = inputs.get(0);
      await expect(
        input?.commit({ offsets: { a: 0 }, note: "n".repeat(4_097), outputs: [out("c", null, "out", 0)] }),
      ).rejects.toThrow(/4,096/);
      await expect(
        input?.commit({ offsets: { a: 0 }, note: "", outputs: [out("c", null, "out", 0), out("c", null, "out", 7)] }),
      ).rejects.toThrow(/7/);
      expect(await input?.committed()).toBeNull();
      expect(await log.range("c", 0)).toEqual({ start: 0, end: 0 });
    });

    it("keeps commits of many tasks that come at once apart", async () => {
      const { inputs } = await join("g", ["a"]);
      await Promise.all(
        [0, 1, 2].flatMap((partition) =>
          Array.from({ length: 20 }, (_, number) =>
            inputs.get(partition)?.commit({
              offsets: { a: number },
              note: `${number}`,
              outputs: [out("b", null, `${number}`, partition)],
            }),
          ),
        ),
      );
      for (const partition of [0, 1, 2]) {
        await eventually(async () =>
          expect(texts(await log.read("b", partition, 0, many, 0))).toEqual(
            Array.from({ length: 20 }, (_, number) => `${number}`),
          ),
        );
        expect((await inputs.get(partition)?.committed())?.note).toBe("19");
      }
    });

    it("divides partitions among members, asks before it takes one away, and gives them back", async () => {
      const first = await join("g", ["a", "b"]);
      expect([...first.inputs.keys()]).toEqual([0, 1, 2]);
      const second = await join("g", ["a", "b"]);
      await eventually(() => {
        expect(second.inputs.size).toBeGreaterThan(0);
        expect(first.revoked).toEqual([...second.inputs.keys()]);
      });
      const taken = [...second.inputs.keys()][0] ?? 0;
      await expect(
        first.inputs.get(taken)?.commit({ offsets: { a: 1, b: 0 }, note: "", outputs: [out("c", null, "late", 0)] }),
      ).rejects.toThrow(Fenced);
      expect(await log.range("c", 0)).toEqual({ start: 0, end: 0 });
      await second.membership.leave();
      await eventually(() => first.inputs.get(taken)?.commit({ offsets: { a: 0, b: 0 }, note: "back", outputs: [] }));
      await first.membership.leave();
      await expect(first.inputs.get(0)?.read({ a: 0, b: 0 }, many, 0)).rejects.toThrow(Fenced);
    });

    it("refuses a group over topics of different partition counts", async () => {
      await expect(join("g", ["a", "c"])).rejects.toThrow(/partition counts/);
    });

    it("counts lag from the committed offsets", async () => {
      await log.append([out("a", null, "1", 0), out("a", null, "2", 0), out("a", null, "3", 1)]);
      const { inputs } = await join("g", ["a"]);
      expect(await log.lag()).toEqual([{ group: "g", topic: "a", records: 3 }]);
      await inputs.get(0)?.commit({ offsets: { a: 2 }, note: "", outputs: [] });
      await eventually(async () => expect(await log.lag()).toEqual([{ group: "g", topic: "a", records: 1 }]));
    });

    it("reads aside what is in any topic, however it came there", async () => {
      await log.append(Array.from({ length: 300 }, (_, number) => out("k", `key${number % 7}`, `${number}`)));
      const newest = new Map(
        (await log.read("k", 0, 0, many, 0)).map(({ key, value }) => [key, Buffer.from(value ?? []).toString()]),
      );
      expect(Object.fromEntries(newest)).toEqual({
        key0: "294",
        key1: "295",
        key2: "296",
        key3: "297",
        key4: "298",
        key5: "299",
        key6: "293",
      });
    });

    it("has everything after it was closed and opened again, where it lasts", async () => {
      await log.append([out("a", "x", "1"), out("a", null, "2", 0)]);
      const { inputs } = await join("g", ["a"]);
      await inputs.get(1)?.commit({ offsets: { a: 0 }, note: "kept", outputs: [out("b", null, "out", 1)] });
      const before = await Promise.all([0, 1, 2].map((partition) => log.read("a", partition, 0, many, 0)));
      const reopened = await test.reopen();
      if (reopened === null) return;
      log = reopened;
      await log.ensureTopics(specs);
      const plain = (records: readonly LogRecord[]) =>
        records.map((record) => ({ ...record, value: [...(record.value ?? [])] }));
      for (const partition of [0, 1, 2])
        expect(plain(await log.read("a", partition, 0, many, 0))).toEqual(plain(before[partition] ?? []));
      const again = await join("g", ["a"]);
      expect(await again.inputs.get(1)?.committed()).toEqual({ offsets: { a: 0 }, note: "kept" });
      const [next] = await log.append([out("b", null, "next", 1)]);
      // Where commits are transactions, their marker has an offset too.
      expect(next?.offset).toBeGreaterThanOrEqual(1);
      await eventually(async () => expect(texts(await log.read("b", 1, 0, many, 0))).toEqual(["out", "next"]));
    });
  });
}
