/** The checker of the chaos runs must be able to fail: every kind of damage is done to topics that are right, and found. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeEach, describe, expect, it } from "vitest";
import { check, type Verdict } from "./checker/check.ts";
import { decode, encode } from "./checker/decode.ts";
import type { Raw } from "./checker/dump.ts";
import { createFindings } from "./checker/findings.ts";
import { type Synthetic, synthetic } from "./checker/synthetic.ts";
import { unframe } from "./checker/unframe.ts";
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

function put(topic: string, record: string, key: string, body: object): void {
  const its = topics.topics.get(topic) ?? [];
  topics.topics.set(topic, its);
  its.push({ partition: 0, offset: its.length, timestamp: 1, key, value: encode(record, body) });
}

describe("the checker of chaos runs", () => {
  it("finds nothing where everything is right, and has seen all of it", () => {
    expect(verdict().findings).toEqual([]);
    const { counts } = verdict();
    expect(
      Math.min(
        ...["events", "transitions", "scores", "outcomes", "situations", "dead letters"].map(
          (name) => counts[name] ?? 0,
        ),
      ),
    ).toBeGreaterThan(20);
    const reasons = new Set(items.flatMap(({ expect }) => (expect.kind === "dead-letter" ? [expect.reason] : [])));
    for (const reason of ["clock", "conflict", "invalid", "patch-failed", "undecodable", "unknown-episode"])
      expect(reasons).toContain(reason);
  });

  it.each([
    ["transitions", "transition"],
    ["scores", "score"],
    ["outcomes", "outcome"],
    ["situations", "situation"],
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

  it("finds a question that nobody answered, one that was answered twice, and a word too many", () => {
    const its = records("interactions");
    const at = its.findLastIndex(({ value }) => value?.[0] === 0xc3);
    const answer = its[at];
    if (answer === undefined) throw new Error("nobody was asked");
    its[at] = { ...answer, value: null };
    expect(found()).toEqual(["lost interactions"]);
    its[at] = answer;
    its.push({ ...answer, offset: its.length });
    number("interactions");
    expect(found()).toEqual(["doubled interactions"]);
    expect(found(false)).toEqual([]);
    const isRoom = ({ value }: Raw) => /^room/.test(String(decode("score", value ?? Buffer.alloc(0))["environment"]));
    const word = records("scores").findIndex(isRoom);
    change("scores", "score", word, ({ entries }) => ({
      entries: [...(entries as object[]), ...(entries as object[])],
    }));
    expect(found(false)).toContain("doubled scores");
    change("scores", "score", word, ({ entries }) => ({ entries: (entries as object[]).slice(0, 1) }));
    expect(found(false)).toContain("lost scores");
  });

  it("finds a question about another state", () => {
    change("situations", "situation", 3, () => ({ state: '"elsewhere"' }));
    expect(found()).toEqual(["wrong situations"]);
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

  it("finds alarms that are said twice, or close without having been open", () => {
    const alarm = { environment: "e", predictor: "p", detector: "d", cause: "c", since: 1, time: 2, evidence: "{}" };
    put("alarms", "alarm", "e", { ...alarm, id: "one", status: "open" });
    put("alarms", "alarm", "e", { ...alarm, id: "one", status: "recovered" });
    expect(found()).toEqual([]);
    put("alarms", "alarm", "e", { ...alarm, id: "one", status: "recovered" });
    expect(found()).toEqual(["doubled alarms"]);
    expect(found(false)).toEqual([]);
    put("alarms", "alarm", "e", { ...alarm, id: "one", status: "recovered", time: 3 });
    expect(found(false)).toEqual(["wrong alarms"]);
    records("alarms").splice(0, 1);
    expect(found(false)).toContain("lost alarms");
  });

  it("finds bytes that a snapshot names and nobody has", () => {
    const data = [Buffer.from("the first piece"), Buffer.from(" and the second")];
    const hash = createHash("sha256").update(Buffer.concat(data)).digest("hex");
    const bytes = Buffer.concat(data).length;
    const blob = { hash, bytes, chunks: 2, offset: 0, complete: true };
    for (const [index, piece] of data.entries())
      put("blob-chunks", "blob-chunk", `${hash}/${index}`, { hash, index, data: piece });
    put("blobs", "blob", hash, blob);
    put("snapshots", "snapshot", "g/0", { group: "g", partition: 0, blob: hash, bytes, at: 1, offsets: [] });
    expect(found()).toEqual([]);
    change("blob-chunks", "blob-chunk", 1, () => ({ data: Buffer.from(" and something else") }));
    expect(found()).toEqual(["wrong blob-chunks"]);
    const [second] = records("blob-chunks").splice(1, 1);
    expect(found()).toEqual(["lost blob-chunks"]);
    if (second !== undefined) records("blob-chunks").push(second);
    put("blobs", "blob", hash, { ...blob, complete: false });
    expect(found()).toEqual(["lost blobs"]);
    records("snapshots").push({ partition: 0, offset: 1, timestamp: 1, key: "g/0", value: null });
    expect(found()).toEqual([]);
  });

  it("reads Confluent framing by the schema that the registry has for its id", async () => {
    const schemas = new Map([
      [1, readFileSync(new URL("../../schemas/transition.avsc", import.meta.url), "utf8")],
      [2, '{"type":"record","name":"Other","fields":[]}'],
    ]);
    const server = createServer(({ url = "" }, response) => {
      response.end(JSON.stringify({ schema: schemas.get(Number(url.split("/").at(-1))) }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const framed = (id: number) =>
      records("transitions").map((raw) => {
        const head = Buffer.alloc(5);
        head.writeInt32BE(id, 1);
        return { ...raw, value: Buffer.concat([head, (raw.value ?? head).subarray(10)]) };
      });
    const findings = createFindings();
    const read = async (id: number) =>
      unframe({ ...topics.dump(), topics: new Map(topics.topics).set("transitions", framed(id)) }, root, findings);
    expect(check(await read(1), items, true, null).findings).toEqual([]);
    expect(findings.all).toEqual([]);
    await read(2);
    expect(findings.all).toMatchObject([{ kind: "wrong", topic: "transitions" }]);
    server.close();
  });

  it("compares with a clean run of the same workload", () => {
    const clean = verdict().run;
    const compare = () =>
      check(topics.dump(), items, true, clean).findings.map(({ kind, topic }) => `${kind} ${topic}`);
    expect(compare()).toEqual([]);
    // What depends on when something was learnt is left out, and nothing else.
    const added = (predictor: string, exact: boolean) =>
      change("scores", "score", 9, ({ entries }) => {
        const [first, ...others] = entries as readonly object[];
        return { entries: [first, ...others, { ...first, predictor, exact, version: "other" }] };
      });
    added("best-of", true);
    expect(check(topics.dump(), items, true, clean).findings.filter(({ message }) => /clean/.test(message))).toEqual(
      [],
    );
    added("other", true);
    expect(
      check(topics.dump(), items, true, clean).findings.filter(({ message }) => /clean/.test(message)),
    ).toHaveLength(1);
    topics = synthetic(items);
    change("transitions", "transition", 9, () => ({ reward: 12 }));
    expect(compare()).toEqual(["wrong transitions"]);
  });
});
