/** The codec: what goes in comes out, and what avsc would do in silence is an error with the field's name. */
import avsc from "avsc";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCodec } from "../../src/codec/avro.ts";
import { codecs } from "../../src/codec/codecs.ts";
import { CodecError } from "../../src/codec/errors.ts";
import { crc64Avro, fingerprintOf, parsingCanonicalForm } from "../../src/codec/fingerprint.ts";
import { framingOf } from "../../src/codec/framing.ts";
import { parseSchema } from "../../src/codec/schema.ts";
import { arbitraryOf } from "../support/records.ts";

const all = Object.entries(codecs) as unknown as readonly [string, ReturnType<typeof createCodec<unknown>>][];
const schema = {
  type: "record",
  name: "R",
  fields: [
    { name: "count", type: "long" },
    { name: "ratio", type: "double" },
    { name: "text", type: ["null", "string"], default: null },
    { name: "list", type: { type: "array", items: "int" } },
    { name: "raw", type: "bytes" },
  ],
};
const codec = createCodec<unknown>("r", schema, []);
const good = { count: 1, ratio: 0.5, text: null, list: [1, 2], raw: new Uint8Array([1, 2]) };

describe("a codec", () => {
  it.each(all)("gives back every %s that it is given", (_name, one) => {
    fc.assert(
      fc.property(arbitraryOf(parseSchema(one.schema)), (record) => {
        const bytes = one.encode(record);
        expect(framingOf(bytes)).toBe("single-object");
        expect(one.decode(bytes)).toEqual(record);
        expect(one.translator(one.schema)(bytes, 10)).toEqual(bytes);
      }),
      { numRuns: 100 },
    );
  });

  it("makes plain objects that share no memory with the input", () => {
    const bytes = codec.encode(good);
    const record = codec.decode(bytes) as typeof good;
    bytes.fill(0);
    expect(record).toEqual(good);
    expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
    expect(record.raw.constructor).toBe(Uint8Array);
  });

  const traps: readonly [string, object, RegExp][] = [
    ["a long beyond 2^52", { ...good, count: 2 ** 53 }, /\.count is 9007199254740992/],
    ["NaN", { ...good, ratio: Number.NaN }, /\.ratio is NaN/],
    ["an infinity", { ...good, ratio: Number.POSITIVE_INFINITY }, /\.ratio is Infinity/],
    ["-0", { ...good, ratio: -0 }, /\.ratio is -0/],
    ["an undeclared field", { ...good, other: 1 }, /\.other is not in the schema/],
    ["a missing field", { count: 1, ratio: 1, list: [], raw: new Uint8Array() }, /\.text/],
    ["half a surrogate pair", { ...good, text: "\ud800" }, /\.text holds half/],
    ["a fraction in an int", { ...good, list: [1, 1.5] }, /\.list\[1\] is 1\.5/],
    ["an int beyond 32 bits", { ...good, list: [2 ** 31] }, /\.list\[0\] is 2147483648/],
    ["a string for a number", { ...good, count: "1" }, /\.count is string/],
    ["an object where a union is meant", { ...good, text: { string: "x" } }, /\.text is object/],
  ];
  it.each(traps)("refuses %s and names the field", (_title, record, message) => {
    expect(() => codec.encode(record)).toThrow(CodecError);
    expect(() => codec.encode(record)).toThrow(message);
  });

  it("keeps 64-bit values exact up to 2^52 - 1, and refuses greater ones in bytes of others", () => {
    const edge = { ...good, count: 2 ** 52 - 1 };
    expect(codec.decode(codec.encode(edge))).toEqual(edge);
    expect(codec.decode(codec.encode({ ...good, count: -(2 ** 52 - 1) }))).toMatchObject({ count: -(2 ** 52 - 1) });
    const bytes = codec.encode(good);
    const great = Buffer.concat([
      bytes.subarray(0, 10),
      Buffer.from("feffffffffffffffff01", "hex"),
      bytes.subarray(11),
    ]);
    expect(() => codec.decode(great)).toThrow(CodecError);
  });

  it("refuses every truncation and every left-over byte, with nothing but a CodecError", () => {
    for (const [name, one] of all) {
      const [record] = fc.sample(arbitraryOf(parseSchema(one.schema)), { numRuns: 1, seed: 3 });
      const bytes = one.encode(record);
      for (let length = 0; length < bytes.length; length++)
        expect(() => one.decode(bytes.subarray(0, length)), `${name} ${length}`).toThrow(CodecError);
      expect(() => one.decode(Buffer.concat([bytes, Buffer.from([0])]))).toThrow(/left over/);
    }
  });

  it("survives any bytes behind a good header: a value or a CodecError, in bounded time and memory", () => {
    for (const [, one] of all) {
      const head = one
        .encode(fc.sample(arbitraryOf(parseSchema(one.schema)), { numRuns: 1, seed: 3 })[0])
        .subarray(0, 10);
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 64 }), (tail) => {
          try {
            one.decode(Buffer.concat([head, tail]));
          } catch (error) {
            expect(error).toBeInstanceOf(CodecError);
          }
        }),
        { numRuns: 300 },
      );
    }
  });

  it("is not led to allocate by a hostile array count", () => {
    const bytes = codec.encode({ ...good, list: [] });
    const head = bytes.subarray(0, 10 + 1 + 8 + 1);
    const hostile = Buffer.concat([head, Buffer.from("feffffff0f", "hex")]);
    expect(() => codec.decode(hostile)).toThrow(CodecError);
  });

  it("says which schema it does not know", () => {
    const other = createCodec<unknown>("r", { ...schema, name: "Other" }, []);
    expect(() => codec.decode(other.encode(good))).toThrow(/no schema with the fingerprint [0-9a-f]{16}/);
    expect(() => codec.decode(Buffer.from("{}"))).toThrow(CodecError);
    expect(() => codec.decode(Buffer.alloc(0))).toThrow(CodecError);
  });

  it("makes another writer's record ours, by its schema", () => {
    const fields = [...schema.fields].reverse();
    const newer = {
      ...schema,
      namespace: "of.others",
      fields: [...fields, { name: "more", type: ["null", "int"], default: null }],
    };
    const writer = createCodec<unknown>("r", newer, []);
    expect([codec.knows(schema), codec.knows(newer)]).toEqual([true, false]);
    const ours = codec.translator(newer);
    const bytes = writer.encode({ ...good, more: 3 });
    expect(ours(bytes, 10)).toEqual(codec.encode(good));
    expect(() => ours(bytes.subarray(0, bytes.length - 1), 10)).toThrow(/truncated/);
    expect(() => codec.translator({ ...newer, fields: fields.slice(1) })).toThrow(
      /writer's schema cannot be read: .*raw/,
    );
    expect(() => codec.translator({ ...newer, name: "S" })).toThrow(CodecError);
  });

  it("reads a little more of other writers: nullables in either order, and times in milliseconds", () => {
    const field = (name: string, type: unknown) => ({ name, type });
    const loose = {
      ...schema,
      fields: [
        field("count", { type: "long", logicalType: "timestamp-millis" }),
        field("ratio", "double"),
        field("text", ["string", "null"]),
        field("list", { type: "array", items: "int" }),
        field("raw", "bytes"),
      ],
    };
    const writer = avsc.Type.forSchema(loose as avsc.Schema, { wrapUnions: false });
    for (const text of ["a", null]) {
      const bytes = writer.toBuffer({ ...good, text, raw: Buffer.from(good.raw) });
      expect(codec.decode(codec.translator(loose)(bytes, 0))).toEqual({ ...good, text });
    }
    const micros = { type: "long", logicalType: "timestamp-micros" };
    const other = { ...loose, fields: [field("count", micros), ...loose.fields.slice(1)] };
    expect(() => codec.translator(other)).toThrow(/timestamp-micros/);
  });

  it("compiles no name that is not one: another writer's schema becomes code", () => {
    const evil = 'x"];globalThis.pwned=1;["';
    for (const other of [
      { ...schema, name: evil },
      { ...schema, namespace: evil },
      { ...schema, fields: [...schema.fields, { name: evil, type: "int" }] },
      { ...schema, fields: [...schema.fields, { name: "x", type: { type: "enum", name: "E", symbols: [evil] } }] },
    ])
      expect(() => codec.translator(other)).toThrow(/name/);
    expect("pwned" in globalThis).toBe(false);
  });

  it("refuses parts of Avro that it does not check", () => {
    for (const type of [
      { type: "map", values: "int" },
      ["string", "null"],
      { type: "long", logicalType: "timestamp-millis" },
    ])
      expect(() => createCodec("r", { type: "record", name: "R", fields: [{ name: "x", type }] }, [])).toThrow(
        CodecError,
      );
  });

  it("keeps records that are greater than its buffer", () => {
    const great = { ...good, text: "ä".repeat(700_000) };
    expect(codec.decode(codec.encode(great))).toEqual(great);
    expect(codec.decode(codec.encode(good))).toEqual(good);
  });
});

describe("the fingerprint", () => {
  /** `share/test/data/schema-tests.txt` of Apache Avro. */
  it.each([
    ["null", "63dd24e7cc258f8a"],
    ["boolean", "9f42fc78a4d4f764"],
    ["int", "7275d51a3f395c8f"],
    ["string", "8f014872634503c7"],
  ])("of %s is the one that the Java implementation gives", (type, hex) => {
    expect(fingerprintOf(type).toString(16).padStart(16, "0")).toBe(hex);
    expect(crc64Avro(Buffer.from(JSON.stringify(type)))).toBe(fingerprintOf(type));
  });

  it("depends on nothing that a reader does not need", () => {
    const bare = { name: "a.R", type: "record", fields: [{ name: "x", type: "int" }] };
    const dressed = {
      type: "record",
      doc: "d",
      namespace: "a",
      name: "R",
      fields: [{ default: 1, name: "x", doc: "d", type: { type: "int" } }],
    };
    expect(parsingCanonicalForm(dressed)).toBe('{"name":"a.R","type":"record","fields":[{"name":"x","type":"int"}]}');
    expect(fingerprintOf(dressed)).toBe(fingerprintOf(bare));
  });
});
