/** The client against a real registry (Apicurio): register, evolve, refuse. */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codecs } from "../../src/codec/codecs.ts";
import { loadReleased, loadSchema, recordNames } from "../../src/codec/schemas.ts";
import { createSchemaRegistry, type SchemaRegistry } from "../../src/registry/client.ts";
import { defaultsOf } from "../support/defaults.ts";
import { registryIsThere } from "../support/registry.ts";
import { sharedRegistry } from "../support/shared-registry.ts";

describe.runIf(registryIsThere())("a real schema registry", () => {
  const subject = `s-${randomBytes(4).toString("hex")}-outcomes-value`;
  const { schema } = codecs.outcome;
  const fields = (schema as { fields: readonly object[] }).fields;
  const newer = { ...(schema as object), fields: [...fields, { name: "more", type: ["null", "int"], default: null }] };
  const broken = { ...(schema as object), fields: [...fields, { name: "needed", type: "string" }] };
  let url = "";
  const open: SchemaRegistry[] = [];
  const client = () => {
    const options = { ...defaultsOf().log.registry, url: [url] };
    const made = createSchemaRegistry({ options, readFile: String, now: Date.now, sleep, onLog: () => {} });
    open.push(made);
    return made;
  };
  beforeAll(async () => {
    url = await sharedRegistry();
  });
  afterAll(() => {
    for (const one of open) one.close();
  });

  it("says of what is not there that it is not", async () => {
    const registry = client();
    expect(await registry.schema(2_000_000_000)).toBe(null);
    expect(await registry.latest(subject)).toBe(null);
    expect(await registry.find(subject, schema)).toBe(null);
    expect(await registry.check(subject, schema)).toEqual({ compatible: true, messages: [] });
  });

  it("registers, once however many ask, and gives back what it was given", async () => {
    const ids = await Promise.all(Array.from({ length: 4 }, () => client().register(subject, schema)));
    expect(new Set(ids).size).toBe(1);
    const [id = 0] = ids;
    const registry = client();
    const found = await registry.schema(id);
    expect(found?.type).toBe("AVRO");
    expect(JSON.parse(found?.text ?? "")).toEqual(schema);
    expect(await registry.find(subject, schema)).toBe(id);
    expect(await registry.latest(subject)).toMatchObject({ id, version: 1 });
  });

  it("lets a compatible schema follow, under an id of its own", async () => {
    const registry = client();
    expect(await registry.check(subject, newer)).toMatchObject({ compatible: true });
    const id = await registry.register(subject, newer);
    expect(await registry.latest(subject)).toMatchObject({ id, version: 2 });
    expect(id).not.toBe(await registry.find(subject, schema));
  });

  it("lets each release of every schema follow the one before, and today's the last", async () => {
    const registry = client();
    for (const name of recordNames) {
      for (const one of [...loadReleased(name).map(({ schema: released }) => released), loadSchema(name)])
        expect(await registry.register(`${subject}-${name}`, one)).toBeGreaterThan(0);
    }
  });

  it("refuses an incompatible schema, in the registry's words", async () => {
    const registry = client();
    expect(await registry.check(subject, broken)).toMatchObject({ compatible: false });
    await expect(registry.register(subject, broken)).rejects.toMatchObject({
      failure: "incompatible",
      message: expect.stringMatching(
        /incompatible with what its subject holds \(.*needed at \/fields\/17.*log\.kafka\.prefix/,
      ),
    });
    expect(await registry.latest(subject)).toMatchObject({ version: 2 });
  });

  it("refuses what is no schema", async () => {
    await expect(client().register(subject, { type: "enum" })).rejects.toMatchObject({ failure: "invalid" });
  });
});
