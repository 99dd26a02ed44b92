/** What differs between a topic and its plan, and what setting it right would do. */
import { describe, expect, it } from "vitest";
import { differencesOf, type FoundTopic, planOf, replicationOf, shown } from "../../../src/log/kafka/topic-plan.ts";

const spec = { name: "a", partitions: 4, cleanup: "delete", retentionMs: 604_800_000, retentionBytes: null } as const;
const config = { "min.insync.replicas": "2", "max.message.bytes": "8388608" };
const plan = planOf(spec, "x-a", config, 3);
const found = (settings: Record<string, string> = {}, more: Partial<FoundTopic> = {}): FoundTopic => ({
  partitions: 4,
  replication: 3,
  settings: new Map(Object.entries({ ...plan.settings, "flush.ms": "5", ...settings })),
  ...more,
});
const effects = (one: FoundTopic | null) =>
  differencesOf(plan, one).map(({ setting, is, shouldBe, effect }) => [setting, is, shouldBe, effect]);

describe("the plan of a topic", () => {
  it("is what its file says, with its name on the cluster and the log's append times", () => {
    expect(plan).toEqual({
      topic: "x-a",
      partitions: 4,
      replication: 3,
      settings: {
        ...config,
        "cleanup.policy": "delete",
        "retention.ms": "604800000",
        "message.timestamp.type": "LogAppendTime",
      },
    });
  });

  it("has three copies, or as many as there are brokers, unless told otherwise", () => {
    expect([1, 2, 3, 9].map((brokers) => replicationOf(0, brokers))).toEqual([1, 2, 3, 3]);
    expect(replicationOf(5, 9)).toBe(5);
  });

  it("never asks for more copies in sync than there are", () => {
    expect(planOf(spec, "a", config, 1).settings["min.insync.replicas"]).toBe("1");
    // An existing topic goes by the copies that it has.
    expect(effects(found({ "min.insync.replicas": "1" }, { replication: 1 }))).toEqual([
      ["replication", "1", "3", "elsewhere"],
    ]);
  });

  it("is kept by a topic that has it, whatever else is set there, larger messages and more in sync included", () => {
    expect(effects(found())).toEqual([]);
    expect(effects(found({ "max.message.bytes": "99999999", "min.insync.replicas": "3" }))).toEqual([]);
  });
});

describe("a difference", () => {
  it("is mended without loss: what is missing, longer retention, the log's times, larger messages", () => {
    expect(effects(null)).toEqual([["topic", "missing", "4 partitions, 3 copies", "make"]]);
    expect(effects(found({ "retention.ms": "1000" }))).toEqual([["retention.ms", "1000", "604800000", "set"]]);
    expect(
      effects(found({ "message.timestamp.type": "CreateTime", "max.message.bytes": "1048588" })).map(
        ([setting, , , effect]) => [setting, effect],
      ),
    ).toEqual([
      ["max.message.bytes", "set"],
      ["message.timestamp.type", "set"],
    ]);
  });

  it("that would delete records or move keys says so", () => {
    const destroys = (one: FoundTopic) => differencesOf(plan, one).map(({ effect, why }) => [effect, why]);
    expect(destroys(found({ "retention.ms": "-1" }))).toEqual([
      ["destroys", "what is beyond 604800000 (7 d) is deleted"],
    ]);
    expect(destroys(found({ "retention.ms": "604800001" }))[0]?.[0]).toBe("destroys");
    expect(destroys(found({ "cleanup.policy": "compact" }))[0]).toEqual(["destroys", expect.stringContaining("old")]);
    expect(destroys(found({}, { partitions: 3 }))[0]).toEqual(["destroys", expect.stringContaining("keys move")]);
    const compact = planOf({ ...spec, cleanup: "compact", retentionMs: null }, "a", {}, 1);
    const [policy] = differencesOf(compact, found());
    expect(policy).toMatchObject({ setting: "cleanup.policy", effect: "destroys" });
    expect(policy?.why).toContain("newest record of each key");
  });

  it("that no change of the topic mends is not done", () => {
    expect(effects(found({}, { partitions: 5 }))).toEqual([["partitions", "5", "4", "elsewhere"]]);
    expect(effects(found({}, { replication: 2 }))[0]).toEqual(["replication", "2", "3", "elsewhere"]);
    expect(differencesOf(plan, found({}, { replication: 4 }))).toEqual([]);
    expect(differencesOf(plan, found({}, { replication: 4 }), true)).toHaveLength(1);
  });

  it("tells milliseconds in units that people know", () => {
    expect(["-1", "86400000", "90000", "1500"].map((ms) => shown("retention.ms", ms))).toEqual([
      "-1 (for ever)",
      "86400000 (1 d)",
      "90000 (90 s)",
      "1500",
    ]);
    expect(shown("segment.bytes", "86400000")).toBe("86400000");
  });
});
