/** Every released version is read for ever, and a change that would break that is refused before it is released. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createCodec } from "../../src/codec/avro.ts";
import { CodecError } from "../../src/codec/errors.ts";
import { fingerprintOf } from "../../src/codec/fingerprint.ts";
import {
  loadReleased,
  loadSchema,
  type RecordName,
  recordNames,
  releases,
  schemasFolder,
} from "../../src/codec/schemas.ts";
import { recordFromText } from "../support/records.ts";

interface Golden {
  readonly name: RecordName;
  readonly bytes: string;
  readonly record: unknown;
}

function golden(release: string): readonly Golden[] {
  const text = readFileSync(new URL(`released/${release}/golden.jsonl`, schemasFolder), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => recordFromText(line) as Golden);
}

function codecOf(name: RecordName, schema = loadSchema(name)) {
  return createCodec<unknown>(
    name,
    schema,
    loadReleased(name).map((one) => one.schema),
  );
}

type Fields = { name: string; type: unknown; default?: unknown }[];
/** A changed copy of the current schema of transitions. */
function changed(change: (fields: Fields) => Fields): unknown {
  const schema = structuredClone(loadSchema("transition")) as { fields: Fields };
  schema.fields = change(schema.fields);
  return schema;
}

describe("released schemas", () => {
  it("has at least one release, with every record that it knew", () => {
    expect(releases().length).toBeGreaterThan(0);
    for (const release of releases()) {
      const known = recordNames.filter((name) => loadReleased(name).some((one) => one.release === release));
      expect(known.length).toBeGreaterThanOrEqual(11);
      expect(new Set(golden(release).map((one) => one.name))).toEqual(new Set(known));
    }
  });

  it.each(releases())("decodes the bytes of %s to the same records", (release) => {
    for (const { name, bytes, record } of golden(release)) {
      const decoded = codecOf(name).decode(Buffer.from(bytes, "base64"));
      expect(decoded).toMatchObject(record as object);
    }
  });

  it("lets the newest release read what is written today, so that processes can be updated one by one", () => {
    const newest = releases().at(-1);
    for (const name of recordNames) {
      const before = loadReleased(name).find((one) => one.release === newest)?.schema;
      // A record that is new has no reader of before.
      if (before === undefined) continue;
      expect(() => createCodec(name, before, [loadSchema(name)]).prepare(), name).not.toThrow();
    }
  });

  it("takes a new field with a default as compatible", () => {
    const schema = changed((fields) => [...fields, { name: "added", type: ["null", "string"], default: null }]);
    const codec = codecOf("transition", schema);
    expect(fingerprintOf(schema)).not.toBe(fingerprintOf(loadSchema("transition")));
    const old = golden("v1").find((one) => one.name === "transition");
    expect(codec.decode(Buffer.from(old?.bytes ?? "", "base64"))).toMatchObject({ added: null });
  });

  const incompatible: readonly [string, (fields: Fields) => Fields][] = [
    ["a new field without a default", (fields) => [...fields, { name: "added", type: "string" }]],
    ["another type", (fields) => fields.map((one) => (one.name === "step" ? { ...one, type: "string" } : one))],
    ["a narrower type", (fields) => fields.map((one) => (one.name === "time" ? { ...one, type: "int" } : one))],
    [
      "a new name for a field",
      (fields) => fields.map((one) => (one.name === "step" ? { name: "number", type: one.type } : one)),
    ],
    [
      "null no longer allowed",
      (fields) => fields.map((one) => (one.name === "task" ? { name: one.name, type: "string" } : one)),
    ],
    [
      "a symbol taken out of an enum",
      (fields) =>
        fields.map((one) =>
          one.name === "arm" ? { ...one, type: { type: "enum", name: "Arm", symbols: ["real", "transfer"] } } : one,
        ),
    ],
  ];
  it.each(incompatible)("refuses %s", (_title, change) => {
    expect(() => codecOf("transition", changed(change)).prepare()).toThrow(CodecError);
  });
});
