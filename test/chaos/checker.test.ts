/** The checker of the chaos runs must be able to fail: every kind of damage is done to topics that are right, and found. */
import { beforeEach, describe, expect, it } from "vitest";
import { check, type Verdict } from "./checker/check.ts";
import { decode, encode } from "./checker/decode.ts";
import type { Raw } from "./checker/dump.ts";
import { type Synthetic, synthetic } from "./checker/synthetic.ts";
import { createWorld, type Item } from "./world.ts";

const world = createWorld(5, 1_700_000_000_000);
const items: readonly Item[] = [...world.take(1_500), ...world.finish()];
let topics: Synthetic;
beforeEach(() => {
  topics = synthetic(items);
});

const verdict = (exactlyOnce = true): Verdict => check(topics.dump(), items, exactlyOnce, null);
const found = (exactlyOnce = true) => [
  ...new Set(verdict(exactlyOnce).findings.map(({ kind, topic }) => `${kind} ${topic}`)),
];

function records(topic: string): Raw[] {
  const its = topics.topics.get(topic);
  if (its === undefined) throw new Error(`no ${topic}`);
  return its;
}

/** The records get the offsets of their places. */
function number(topic: string): void {
  const its = records(topic);
  its.splice(0, its.length, ...its.map((record, offset) => ({ ...record, offset })));
}

function change(
  topic: string,
  record: string,
  at: number,
  fields: (body: Readonly<Record<string, unknown>>) => object,
) {
  const its = records(topic);
  const raw = its[at];
  if (raw?.value === null || raw === undefined) throw new Error(`no record ${at} of ${topic}`);
  const body = decode<Readonly<Record<string, unknown>>>(record, raw.value);
  its[at] = { ...raw, value: encode(record, { ...body, ...fields(body) }) };
}

describe("the checker of chaos runs", () => {
  it("finds nothing where everything is right, and has seen all of it", () => {
    expect(verdict().findings).toEqual([]);
    const { counts } = verdict();
    expect(
      Math.min(...["events", "transitions", "scores", "outcomes", "dead letters"].map((name) => counts[name] ?? 0)),
    ).toBeGreaterThan(20);
    const reasons = new Set(items.flatMap(({ expect }) => (expect.kind === "dead-letter" ? [expect.reason] : [])));
    for (const reason of ["clock", "conflict", "invalid", "patch-failed", "undecodable", "unknown-episode"])
      expect(reasons).toContain(reason);
  });

  it.each([
    ["transitions", "transition"],
    ["scores", "score"],
    ["outcomes", "outcome"],
  ])("finds one of %s that is lost", (topic) => {
    records(topic).splice(17, 1);
    expect(found()).toContain(`lost ${topic}`);
  });

  it("finds a dead letter that is missing, and one that nobody expects", () => {
    const [letter] = records("dead-letters").splice(3, 1);
    expect(found()).toEqual(["lost dead-letters"]);
    if (letter !== undefined) records("dead-letters").push(letter);
    number("dead-letters");
    change("dead-letters", "dead-letter", 0, () => ({ reason: "defect" }));
    expect(found()).toEqual(["wrong dead-letters"]);
  });

  it("finds one that is doubled; at least once that is a repetition, as long as the body is the same", () => {
    for (const topic of ["transitions", "scores", "outcomes"]) {
      const its = records(topic);
      its.splice(20, 0, ...its.slice(15, 17));
      number(topic);
    }
    expect(found()).toEqual(["doubled transitions", "doubled scores", "doubled outcomes"]);
    const { findings, repeated } = verdict(false);
    expect(findings).toEqual([]);
    expect(repeated).toMatchObject({ transitions: 2, scores: 2, outcomes: 2 });
    change("transitions", "transition", 20, () => ({ flags: ["other"] }));
    expect(found(false)).toEqual(["wrong transitions"]);
  });

  it("finds a step that came to be twice, from two events", () => {
    const its = records("transitions");
    const last = its.at(-1);
    if (last === undefined) throw new Error("there are none");
    its.push({ ...last, offset: last.offset + 1 });
    change("transitions", "transition", its.length - 1, ({ source }) => ({
      source: { ...(source as object), index: 7 },
    }));
    expect(found(false)).toContain("doubled transitions");
  });

  it("finds records in another order: consumers drop what comes behind a newer one", () => {
    const its = records("transitions");
    const [one, other] = [its[30], its[31]];
    if (one === undefined || other === undefined) throw new Error("there are too few");
    its.splice(30, 2, other, one);
    number("transitions");
    expect(found(false)).toContain("misordered transitions");
  });

  it("finds steps of an episode in another order, even where the sources are not", () => {
    const episodes = records("transitions").map(({ value }) => decode("transition", value ?? Buffer.alloc(0)));
    const at = episodes.findIndex(({ episode }, index) => episodes[index + 1]?.["episode"] === episode);
    const step = episodes[at]?.["step"];
    change("transitions", "transition", at, () => ({ step: episodes[at + 1]?.["step"] }));
    change("transitions", "transition", at + 1, () => ({ step }));
    expect(found()).toContain("misordered transitions");
  });

  it.each(["state", "action", "nextState", "environment", "quality"])("finds another %s in a transition", (field) => {
    const at = records("transitions").findIndex(
      ({ value }) => decode("transition", value ?? Buffer.alloc(0))["quality"] === "ok",
    );
    change("transitions", "transition", at, () => ({ [field]: '"other"' }));
    expect(found()).toEqual(["wrong transitions"]);
  });

  it("finds a score that counts what did not match as a match", () => {
    change("scores", "score", 4, ({ entries }) => ({
      entries: (entries as { exact: boolean }[]).map((entry) => ({ ...entry, exact: !entry.exact })),
    }));
    expect(found()).toContain("wrong scores");
  });

  it("finds an outcome with another number of steps", () => {
    change("outcomes", "outcome", 2, () => ({ steps: 99 }));
    expect(found()).toEqual(["wrong outcomes"]);
  });

  it("finds a rollup that counted a repetition", () => {
    change("rollups", "rollup", 0, ({ transitions }) => ({ transitions: Number(transitions) + 1 }));
    expect(found()).toEqual(["wrong rollups"]);
  });

  it("finds a group that has not read to the end, and a transaction that is open", () => {
    const dump = topics.dump();
    const committed = new Map(dump.committed).set("driftline-track interactions/0", 5);
    expect(check({ ...dump, committed }, items, true, null).findings.map(({ kind }) => kind)).toEqual(["lost"]);
    const ends = new Map(dump.ends).set("scores/0", { stable: 3, high: 9_999 });
    expect(check({ ...dump, ends }, items, true, null).findings.map(({ kind }) => kind)).toEqual(["wrong"]);
  });

  it("finds an event that was acknowledged and is not in the log", () => {
    records("interactions").pop();
    expect(found()).toContain("lost interactions");
  });

  it("compares with a clean run of the same workload", () => {
    const clean = verdict().run;
    const compare = () =>
      check(topics.dump(), items, true, clean).findings.map(({ kind, topic }) => `${kind} ${topic}`);
    expect(compare()).toEqual([]);
    change("transitions", "transition", 9, () => ({ reward: 12 }));
    expect(compare()).toEqual(["wrong transitions"]);
  });
});
