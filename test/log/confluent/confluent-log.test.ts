/** The log behind a real registry (Apicurio): the contract of logs, what goes onto the wire, and what is made of other people's records. */
import { randomBytes } from "node:crypto";
import avsc from "avsc";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createCodec } from "../../../src/codec/avro.ts";
import { blankInteraction } from "../../../src/codec/blank-interaction.ts";
import { codecs, topicCodecs } from "../../../src/codec/codecs.ts";
import { confluentHeader, confluentSchemaId } from "../../../src/codec/framing.ts";
import { parseSchema } from "../../../src/codec/schema.ts";
import { loadReleased } from "../../../src/codec/schemas.ts";
import { type ConfluentLog, createConfluentLog } from "../../../src/log/confluent/confluent-log.ts";
import { createMemoryLog, type MemoryLog } from "../../../src/log/memory/memory-log.ts";
import { type OutRecord, RegistryFailed, sentBytes, type TaskInput } from "../../../src/log/port.ts";
import type { SchemaRegistry } from "../../../src/registry/client.ts";
import { topicSpecs } from "../../../src/topology.ts";
import { logContract } from "../../contract/log.ts";
import { arbitraryOf } from "../../support/records.ts";
import { registryIsThere } from "../../support/registry.ts";
import { registryClient } from "../../support/registry-client.ts";
import { sharedRegistry } from "../../support/shared-registry.ts";

const prefix = `t-${randomBytes(4).toString("hex")}-`;
const subjectOf = (topic: string) => `${prefix}${topic}-value`;
const limits = { recordsMax: 1_000, bytesMax: 10_000_000 };
const out = (topic: string, value: Uint8Array | null, partition: number | null = 0): OutRecord => {
  return { topic, key: "k", partition, value };
};
const framed = (id: number, body: Uint8Array) => Buffer.concat([confluentHeader(id), body]);
const body = (single: Uint8Array) => single.subarray(10);

describe.runIf(registryIsThere())("a log behind a schema registry", () => {
  let registry: SchemaRegistry;
  let asked: number[] = [];
  let wire: MemoryLog;
  let log: ConfluentLog;
  let now = 0;
  beforeAll(async () => {
    const real = registryClient([await sharedRegistry()]).registry;
    registry = {
      ...real,
      schema(id) {
        asked.push(id);
        return real.schema(id);
      },
    };
  });
  beforeEach(async () => {
    asked = [];
    wire = createMemoryLog({ now: () => 1_700_000_000_000 });
    log = createConfluentLog({ log: wire, registry, subjectOf, register: true, now: () => now });
    await log.ensureTopics(topicSpecs(1, null));
  });
  afterAll(() => registry.close());

  logContract("behind a registry", async () => {
    const clock = { now: 1_700_000_000_000 };
    const inner = createMemoryLog({ now: () => clock.now });
    const own = createConfluentLog({ log: inner, registry, subjectOf, register: true, now: () => clock.now });
    return { log: own, clock, reopen: () => null, cleanup: () => inner.close() };
  });

  const onWire = (topic: string) => wire.read(topic, 0, 0, limits, 0);
  const read = (topic: string) => log.read(topic, 0, 0, limits, 0);

  it("writes every record with the id of its subject, and anyone reads it by the schema of that id", async () => {
    await log.prepare(Object.keys(topicCodecs));
    for (const [topic, codec] of Object.entries(topicCodecs)) {
      const [record] = fc.sample(arbitraryOf(parseSchema(codec.schema)), 1);
      const single = createCodec<unknown>(codec.name, codec.schema, []).encode(record);
      await log.append([out(topic, single), { ...out(topic, null), key: "gone" }]);
      const [sent, tombstone] = await onWire(topic);
      const id = confluentSchemaId(sent?.value ?? new Uint8Array()) ?? 0;
      expect(id).toBe((await registry.latest(subjectOf(topic)))?.id);
      expect(Buffer.from(sent?.value ?? []).subarray(5)).toEqual(Buffer.from(body(single)));
      expect(tombstone?.value).toBe(null);
      // avsc alone, as somebody else would.
      const theirs = avsc.Type.forSchema(JSON.parse((await registry.schema(id))?.text ?? ""), { wrapUnions: false });
      expect(theirs.isValid(theirs.fromBuffer(Buffer.from(sent?.value ?? []).subarray(5)))).toBe(true);
      const [back] = await read(topic);
      expect(back?.value).toEqual(single);
      expect(sentBytes(back ?? { value: null })).toEqual(sent?.value);
    }
  });

  it("does the same for what a stream task reads and commits", async () => {
    const single = codecs.interaction.encode({ ...blankInteraction, type: "end", episode: "e" });
    await log.append([out("interactions", single)]);
    const inputs: TaskInput[] = [];
    await log.join("g", ["interactions"], {
      assigned: (one) => void inputs.push(one),
      async revoked() {},
      failed() {},
    });
    const [record] = (await inputs[0]?.read({ interactions: 0 }, limits, 0)) ?? [];
    expect(record?.value).toEqual(single);
    await inputs[0]?.commit({ offsets: { interactions: 1 }, note: "", outputs: [out("interactions", single)] });
    expect((await onWire("interactions")).map(({ value }) => value?.[0])).toEqual([0, 0]);
  });

  it("leaves JSON, and reads what is in single-object encoding already", async () => {
    const single = codecs.interaction.encode({ ...blankInteraction, type: "end", episode: "e" });
    const json = Buffer.from('{"type":"end","episode":"e"}');
    await wire.append([out("interactions", single)]);
    await log.append([out("interactions", json), out("interactions", single)]);
    expect((await onWire("interactions")).map(({ value }) => value?.[0])).toEqual([0xc3, 0x7b, 0]);
    expect((await read("interactions")).map(({ value }) => Buffer.from(value ?? []))).toEqual(
      [single, json, single].map((one) => Buffer.from(one)),
    );
  });

  it("reads what older releases wrote without another copy of the record", async () => {
    for (const { release, schema } of loadReleased("interaction")) {
      const id = await registry.register(`${prefix}${release}-value`, schema);
      const old = createCodec<unknown>("interaction", schema, []);
      const [record] = fc.sample(arbitraryOf(parseSchema(schema)), 1);
      await wire.append([out("interactions", framed(id, body(old.encode(record))))]);
      expect((await read("interactions")).at(-1)?.value).toEqual(old.encode(record));
    }
  });

  const fields = (codecs.interaction.schema as { fields: readonly { name: string }[] }).fields;
  const of = (...names: readonly string[]) => fields.filter(({ name }) => names.includes(name));
  /** Of somebody who knows half of our fields, in another order, and one of their own. */
  const theirs = {
    type: "record",
    name: "Interaction",
    namespace: "com.example",
    fields: [...of("state", "action"), ...of("type", "episode", "step"), { name: "mood", type: "string" }],
  };
  const body1 = { type: "step", episode: "e", step: 0, action: '"go"', state: '"here"' };

  it("makes ours of what another writer wrote, and keeps what was sent", async () => {
    const id = await registry.register(`${prefix}theirs-value`, theirs);
    const writer = avsc.Type.forSchema(theirs as avsc.Schema, { wrapUnions: false });
    const sent = framed(id, writer.toBuffer({ ...body1, mood: "fine" }));
    await wire.append([out("interactions", sent), out("interactions", sent)]);
    for (const record of await read("interactions")) {
      expect(codecs.interaction.decode(record.value ?? new Uint8Array())).toEqual({ ...blankInteraction, ...body1 });
      expect(Buffer.from(sentBytes(record))).toEqual(sent);
    }
    await read("interactions");
    expect(asked).toEqual([id]);
  });

  const refusal = async (value: Uint8Array, topic = "interactions") => {
    await wire.append([out(topic, value), out(topic, Buffer.from("{}"))]);
    const records = await read(topic);
    expect(records).toHaveLength(2);
    expect(records[0]?.value).toEqual(value);
    return records[0]?.refused;
  };

  it("refuses records by name: schemas that are unknown or cannot be ours, and bodies that are not of their schema", async () => {
    expect(await refusal(framed(2_000_000_000, Buffer.from("x")))).toEqual({
      reason: "unknown-schema",
      message: expect.stringContaining("no schema with the id 2000000000"),
    });
    const other = await registry.register(`${prefix}other-value`, { ...theirs, fields: of("type", "state") });
    wire.truncate("interactions", 0, 2);
    expect(await refusal(framed(other, Buffer.from("x")))).toEqual({
      reason: "foreign-schema",
      message: expect.stringMatching(/id \d+ cannot be read as interaction: .*episode/),
    });
    wire.truncate("interactions", 0, 4);
    const id = await registry.register(`${prefix}theirs-value`, theirs);
    expect(await refusal(framed(id, Buffer.from([1, 2, 3])))).toMatchObject({ reason: "undecodable" });
    wire.truncate("interactions", 0, 6);
    expect(await refusal(Uint8Array.from([0, 1, 2]))).toMatchObject({ reason: "undecodable" });
    // An outcome where a score should be.
    const outcome = await registry.register(subjectOf("outcomes"), codecs.outcome.schema);
    expect(await refusal(framed(outcome, Buffer.from([1])), "scores")).toMatchObject({ reason: "foreign-schema" });
  });

  it("asks the registry for no id that none gives, and again for one that was unknown a while ago", async () => {
    expect(await refusal(Uint8Array.from([0, 255, 255, 255, 255, 1]))).toMatchObject({ reason: "unknown-schema" });
    expect(asked).toEqual([]);
    wire.truncate("interactions", 0, 2);
    await refusal(framed(2_000_000_001, Buffer.from("x")));
    await read("interactions");
    expect(asked).toHaveLength(1);
    now += 60_000;
    await read("interactions");
    expect(asked).toHaveLength(2);
  });

  it("hands nothing on and writes nothing where the registry cannot be asked", async () => {
    const gone = registryClient(["http://127.0.0.1:1"], { deadlineMs: 1_000 });
    const cut = createConfluentLog({ log: wire, registry: gone.registry, subjectOf, register: true, now: () => 0 });
    await wire.append([out("interactions", framed(5, Buffer.from("x")))]);
    await expect(cut.read("interactions", 0, 0, limits, 0)).rejects.toThrow(RegistryFailed);
    await expect(cut.append([out("outcomes", Buffer.from("x"))])).rejects.toThrow(/ECONNREFUSED.*log\.registry\.url/);
    await expect(cut.prepare(["scores"])).rejects.toThrow(RegistryFailed);
    expect(await wire.range("outcomes", 0)).toEqual({ start: 0, end: 0 });
  });

  it("registers nothing where it is told so, and names the schema that is missing", async () => {
    const shy = (of: typeof subjectOf) =>
      createConfluentLog({ log: wire, registry, subjectOf: of, register: false, now: () => 0 });
    await registry.register(subjectOf("alarms"), codecs.alarm.schema);
    await shy(subjectOf).prepare(["alarms"]);
    const missing = shy((topic) => `${prefix}none-${topic}-value`).prepare(["alarms"]);
    await expect(missing).rejects.toThrow(/none-alarms-value does not have .*register schemas\/alarm\.avsc under it/);
    expect(await registry.latest(`${prefix}none-alarms-value`)).toBe(null);
  });
});
