/**
 * `driftline run` on a real Kafka with a real schema registry: producers that frame their records as Confluent does are understood, anybody reads
 * what comes out by the schema of its id, and a registry that fails loses nothing.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import avsc from "avsc";
import type { Kafka } from "kafkajs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blankInteraction } from "../../src/codec/blank-interaction.ts";
import { codecs } from "../../src/codec/codecs.ts";
import { blockIn, linesOf } from "../guide/blocks.ts";
import { driftline, type Running, startRun, temporaryFolder, until } from "../support/driftline.ts";
import { driftlineHere } from "../support/driftline-here.ts";
import { kafkaClient } from "../support/kafka.ts";
import { kafkaIsThere } from "../support/kafka-jars.ts";
import { registryIsThere } from "../support/registry.ts";
import { type RegistryRelay, startRegistryRelay } from "../support/registry-relay.ts";
import { sharedKafka } from "../support/shared-kafka.ts";
import { sharedRegistry } from "../support/shared-registry.ts";

const folder = temporaryFolder();
const prefix = `reg-${randomBytes(3).toString("hex")}-`;
const running: Running[] = [];
const { schema } = codecs.interaction;
const fields = (schema as { fields: readonly { name: string }[] }).fields;
/** Of a producer that knows a part of our fields, in its own order, and has one of its own. */
const theirs = {
  type: "record",
  name: "Interaction",
  namespace: "com.example",
  fields: [
    { name: "mood", type: "string" },
    ...["episode", "type", "state", "action", "step"].map((name) => fields.find((field) => field.name === name)),
  ],
};

const impatient = ["--log-registry-deadline-ms", "4000", "--log-registry-request-ms", "4000"];

interface Totals {
  readonly deadLetters: number;
  readonly transitions: number;
}

describe.runIf(kafkaIsThere() && registryIsThere())("a pipeline behind a schema registry", () => {
  let kafka: Kafka;
  let registry = "";
  let brokers: readonly string[] = [];
  let relay: RegistryRelay;
  let flags: readonly string[] = [];

  beforeAll(async () => {
    [brokers, registry] = await Promise.all([sharedKafka(), sharedRegistry()]);
    kafka = kafkaClient(brokers);
    relay = await startRegistryRelay(registry);
    // As the README says it, but for the addresses.
    const [line = ""] = linesOf(blockIn("Schema registry", "sh"));
    const written = line.replace("127.0.0.1:9092", brokers.join(",")).replace("http://127.0.0.1:8081", relay.url);
    expect(written).toContain(`driftline run --log kafka --brokers ${brokers.join(",")} --registry ${relay.url}`);
    flags = [...written.split(" ").slice(2), "--log-partitions", "2"];
  });
  afterAll(async () => {
    await Promise.all(running.map((one) => one.stop()));
    relay?.close();
    folder.cleanup();
  });

  const mine = () => [...flags, "--log-kafka-prefix", prefix];
  const start = async (name: string) => {
    const one = await startRun(join(folder.path, name), [...mine(), ...impatient]);
    running.push(one);
    return one;
  };

  async function doctor(more: readonly string[]) {
    const { out } = await driftlineHere(["doctor", "--json", ...more]);
    const checks: { check: string; result: string; means: string; mend: string }[] = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const of = (name: string) => checks.find(({ check }) => check === name);
    return { registry: of("registry"), schemas: of("schemas") };
  }

  async function register(subject: string, what: unknown): Promise<number> {
    const answer = await fetch(`${registry}/subjects/${prefix}${subject}/versions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ schema: JSON.stringify(what) }),
    });
    const { id } = (await answer.json()) as { id?: number };
    if (id === undefined) throw new Error(`${subject}: ${answer.status}`);
    return id;
  }

  /** As any serializer of Confluent's does. */
  function serialize(id: number, type: avsc.Type, record: object): Buffer {
    const head = Buffer.alloc(5);
    head.writeInt32BE(id, 1);
    return Buffer.concat([head, type.toBuffer(record)]);
  }

  async function send(values: readonly Buffer[]): Promise<void> {
    const producer = kafka.producer();
    await producer.connect();
    await producer.send({
      topic: `${prefix}interactions`,
      messages: values.map((value) => ({ key: "e", value, partition: 0 })),
    });
    await producer.disconnect();
  }

  const typeOf = (what: unknown) => avsc.Type.forSchema(what as avsc.Schema, { wrapUnions: false });
  const step = (at: number) => {
    return { type: "step", episode: "e", step: at, action: '"add"', state: JSON.stringify({ count: at + 1 }) };
  };
  /** Zeros while it starts. */
  const status = async ({ address }: Running) => {
    const view: { totals?: Totals } = JSON.parse(await (await fetch(`${address}/api/status`)).text());
    return view.totals ?? { deadLetters: 0, transitions: 0 };
  };

  async function rawTransitions(count: number): Promise<readonly Buffer[]> {
    const consumer = kafka.consumer({ groupId: `${prefix}reader` });
    const values: Buffer[] = [];
    await consumer.connect();
    await consumer.subscribe({ topics: [`${prefix}transitions`], fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => void values.push(message.value ?? Buffer.alloc(0)) });
    await until(async () => values.length >= count, 60_000, `${count} transitions`);
    await consumer.disconnect();
    return values;
  }

  it("understands framed records of two writers, and frames what it writes", { timeout: 180_000 }, async () => {
    const one = await start("one");
    const [ours, other, broken] = await Promise.all([
      register("interactions-value", schema),
      register("theirs-value", theirs),
      register("broken-value", { ...theirs, fields: theirs.fields.slice(0, 1) }),
    ]);
    const reset = { ...blankInteraction, type: "reset", episode: "e", environment: "shop", state: '{"count":0}' };
    const unknown = Buffer.from([0, 0x7f, 0, 0, 1, 9]);
    const unreadable = serialize(broken, typeOf({ ...theirs, fields: theirs.fields.slice(0, 1) }), { mood: "low" });
    await send([
      serialize(ours, typeOf(schema), reset),
      serialize(other, typeOf(theirs), { ...step(0), mood: "fine" }),
      unknown,
      unreadable,
      Buffer.from(JSON.stringify({ ...step(1), action: "add", state: { count: 2 } })),
      Buffer.from(codecs.interaction.encode({ ...blankInteraction, ...step(2), type: "step" })),
      serialize(other, typeOf(theirs), { ...step(3), mood: "fine" }),
    ]);
    await until(async () => (await status(one)).transitions >= 4, 60_000, "four transitions");

    const values = await rawTransitions(4);
    const read = await Promise.all(
      values.map(async (value) => {
        expect(value[0]).toBe(0);
        const found = await (await fetch(`${registry}/schemas/ids/${value.readInt32BE(1)}`)).json();
        return typeOf(JSON.parse((found as { schema: string }).schema)).fromBuffer(value.subarray(5));
      }),
    );
    expect(read.map((record) => [record.episode, record.step, record.state, record.next ?? record.nextState])).toEqual(
      [0, 1, 2, 3].map((at) => ["e", at, `{"count":${at}}`, `{"count":${at + 1}}`]),
    );

    const without = mine().filter((word, at, all) => word !== "--registry" && all[at - 1] !== "--registry");
    const [letters, aside, explained, blind, seeing, unseeing] = await Promise.all([
      driftlineHere(["dead-letters", "list", "--json", ...mine()]),
      driftlineHere(["topics", "read", "interactions", "--json", ...mine()]),
      driftlineHere(["explain", "e", "3", ...mine()]),
      driftlineHere(["topics", "read", "transitions", ...without]),
      doctor(mine()),
      doctor(without),
    ]);
    expect(seeing.registry).toMatchObject({ result: "ok", means: expect.stringContaining("14 of 14 schemas") });
    expect(seeing.schemas).toMatchObject({ result: "bad", means: expect.stringMatching(/1: .*no schema with the id/) });
    expect(seeing.schemas?.means).toMatch(/^sampled records that cannot be read: 1: [^;]*; 1: [^;]*$/);
    expect(unseeing.registry).toBeUndefined();
    expect(unseeing.schemas?.means).toMatch(
      /5: Confluent framing, but no schema registry is configured: --registry URL/,
    );
    const found = letters.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(found.map(({ reason }) => reason)).toEqual(["unknown-schema", "foreign-schema"]);
    const sent = found.map(({ value }) =>
      typeof value === "string" ? Buffer.from(value) : Buffer.from(value.base64, "base64"),
    );
    expect(sent).toEqual([unknown, unreadable]);
    expect(aside.out.match(/"type":"step"/g)).toHaveLength(4);
    expect(aside.out).toContain("no schema with the id 2130706433");
    expect(explained.out).toContain("persistence");
    expect(blind.out).toContain("is --registry set?");
  });

  it("stops without a commit where the registry fails, and takes the record once it is back", {
    timeout: 180_000,
  }, async () => {
    const one = running[0] ?? (await start("one"));
    const id = await register("later-value", { ...theirs, namespace: "com.later" });
    relay.fail(true);
    const told = await doctor([...mine(), ...impatient]);
    expect(told.registry).toMatchObject({ result: "bad", mend: expect.stringContaining("--registry URL") });
    expect(told.registry?.means).toContain("store is gone");
    expect(told.schemas).toMatchObject({ result: "ok" });
    await send([serialize(id, typeOf(theirs), { ...step(4), mood: "fine" })]);
    await until(async () => /cannot go on \(failed\)/.test(one.output()), 60_000, "it stops by itself");
    expect(await one.stop()).toBe(1);
    expect(one.output()).toMatch(
      /RegistryFailed.*answers 500 to GET \/schemas\/ids\/\d+ \(store is gone\): see its log/,
    );
    running.splice(0);
    relay.fail(false);
    const two = await start("two");
    await until(async () => (await status(two)).transitions >= 5, 60_000, "the fifth transition");
    expect((await status(two)).deadLetters).toBe(2);
  });

  it("does not start where the registry refuses a schema or does not answer", { timeout: 120_000 }, async () => {
    const taken = `${prefix}taken-`;
    await register("taken-outcomes-value", { type: "record", name: "Outcome", namespace: "driftline", fields: [] });
    const run = (more: readonly string[]) =>
      driftline(["run", "--port", "0", "--data-dir", join(folder.path, "never"), ...flags, ...more]);
    const [refused, unreachable, told] = await Promise.all([
      run(["--log-kafka-prefix", taken]),
      run(["--log-kafka-prefix", taken, "--registry", "http://127.0.0.1:1", ...impatient]),
      doctor([...flags, "--log-kafka-prefix", taken]),
    ]);
    expect(told.registry).toMatchObject({ result: "bad", mend: expect.stringContaining("log.kafka.prefix") });
    expect(told.registry?.means).toContain(`${taken}outcomes-value`);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/refuses a schema as incompatible .*taken-outcomes-value.*Incompatible artifact/);
    expect(unreachable.code).toBe(1);
    expect(unreachable.err).toMatch(/does not answer POST .*\(ECONNREFUSED\): start it, or mend log\.registry\.url/);
  });
});
