/**
 * Parsing Canonical Form and CRC-64-AVRO (the Rabin fingerprint) of a schema, as in the Avro 1.11 specification, "Schema Fingerprints".
 * avsc has neither this CRC nor a canonical form that is free of its own additions, so both are here; the tests hold them against the
 * vectors of the Java implementation.
 */
const empty = 0xc15d213aa4d7a795n;
const mask = 0xffffffffffffffffn;
const table: readonly bigint[] = Array.from({ length: 256 }, (_, byte) => {
  let fp = BigInt(byte);
  for (let bit = 0; bit < 8; bit++) fp = (fp >> 1n) ^ (empty & -(fp & 1n) & mask);
  return fp;
});

const low = Int32Array.from(table, (fp) => Number(fp & 0xffffffffn) | 0);
const high = Int32Array.from(table, (fp) => Number(fp >> 32n) | 0);

/** CRC-64-AVRO of the bytes: unsigned 64 bits. In two halves, since every process reads all schemas when it starts. */
export function crc64Avro(bytes: Uint8Array): bigint {
  let fpLow = Number(empty & 0xffffffffn) | 0;
  let fpHigh = Number(empty >> 32n) | 0;
  for (const byte of bytes) {
    const at = (fpLow ^ byte) & 0xff;
    fpLow = ((fpLow >>> 8) | (fpHigh << 24)) ^ (low[at] ?? 0);
    fpHigh = (fpHigh >>> 8) ^ (high[at] ?? 0);
  }
  return (BigInt(fpHigh >>> 0) << 32n) | BigInt(fpLow >>> 0);
}

/** CRC-64-AVRO of the schema's Parsing Canonical Form. */
export function fingerprintOf(schema: unknown): bigint {
  return crc64Avro(Buffer.from(parsingCanonicalForm(schema)));
}

/** Whatever does not matter to a reader is gone: docs, defaults, aliases, white space; names are full, attributes in fixed order. */
export function parsingCanonicalForm(schema: unknown): string {
  return form(schema, "");
}

const primitives: ReadonlySet<string> = new Set([
  "null",
  "boolean",
  "int",
  "long",
  "float",
  "double",
  "bytes",
  "string",
]);

function form(schema: unknown, namespace: string): string {
  if (typeof schema === "string") {
    return JSON.stringify(primitives.has(schema) ? schema : qualify(schema, namespace));
  }
  if (Array.isArray(schema)) return `[${schema.map((branch) => form(branch, namespace)).join(",")}]`;
  const object: Readonly<Record<string, unknown>> = typeof schema === "object" && schema !== null ? { ...schema } : {};
  const type = object["type"];
  if (typeof type === "string" && primitives.has(type)) return JSON.stringify(type);
  if (typeof type !== "string") return form(type, namespace);
  switch (type) {
    case "array":
      return `{"type":"array","items":${form(object["items"], namespace)}}`;
    case "map":
      return `{"type":"map","values":${form(object["values"], namespace)}}`;
    default:
      return named(object, type, namespace);
  }
}

function named(object: Readonly<Record<string, unknown>>, type: string, namespace: string): string {
  const own = object["namespace"];
  const name = qualify(String(object["name"]), typeof own === "string" ? own : namespace);
  const head = `{"name":${JSON.stringify(name)},"type":${JSON.stringify(type)}`;
  const { fields, symbols, size } = lists(object);
  if (type === "enum") return `${head},"symbols":${JSON.stringify(symbols)}}`;
  if (type === "fixed") return `${head},"size":${Number(size)}}`;
  const inside = name.includes(".") ? name.slice(0, name.lastIndexOf(".")) : "";
  const parts = fields.map((field) => {
    const entry: Readonly<Record<string, unknown>> = typeof field === "object" ? { ...field } : {};
    return `{"name":${JSON.stringify(entry["name"])},"type":${form(entry["type"], inside)}}`;
  });
  return `${head},"fields":[${parts.join(",")}]}`;
}

function lists(object: Readonly<Record<string, unknown>>): {
  readonly fields: readonly unknown[];
  readonly symbols: readonly unknown[];
  readonly size: unknown;
} {
  const { fields, symbols, size }: { fields?: unknown; symbols?: unknown; size?: unknown } = object;
  return { fields: Array.isArray(fields) ? fields : [], symbols: Array.isArray(symbols) ? symbols : [], size };
}

function qualify(name: string, namespace: string): string {
  return name.includes(".") || namespace === "" ? name : `${namespace}.${name}`;
}
