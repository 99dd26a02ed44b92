/**
 * Freezes the current schemas as a release: `npm run freeze-schemas -- v2`. Copies every schema to `schemas/released/v2` and
 * writes `golden.jsonl` beside them: records as text with their bytes, which every later version must decode to the same records.
 */
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { createCodec } from "../../src/codec/avro.ts";
import { parseSchema } from "../../src/codec/schema.ts";
import { loadSchema, recordNames, schemasFolder } from "../../src/codec/schemas.ts";
import { arbitraryOf, recordToText } from "../support/records.ts";

const recordsPerSchema = 12;

export function freeze(release: string): void {
  if (!/^v[0-9]+$/.test(release)) throw new Error("name the release: v2, v3, …");
  const folder = new URL(`released/${release}/`, schemasFolder);
  if (existsSync(new URL("golden.jsonl", folder)))
    throw new Error(`${release} is frozen already: a release never changes`);
  mkdirSync(folder, { recursive: true });

  const lines = recordNames.flatMap((name) => {
    const schema = loadSchema(name);
    copyFileSync(new URL(`${name}.avsc`, schemasFolder), new URL(`${name}.avsc`, folder));
    const codec = createCodec<unknown>(name, schema, []);
    return fc.sample(arbitraryOf(parseSchema(schema)), { numRuns: recordsPerSchema, seed: 1 }).map((record) => {
      const bytes = Buffer.from(codec.encode(record)).toString("base64");
      return `{"name":"${name}","bytes":"${bytes}","record":${recordToText(record)}}\n`;
    });
  });
  writeFileSync(new URL("golden.jsonl", folder), lines.join(""));
}
