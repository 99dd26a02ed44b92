/** Loads `schemas/` once at start: the current schema of every record and all its released versions. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { root } from "../root.ts";

export const recordNames = [
  "interaction",
  "situation",
  "transition",
  "score",
  "outcome",
  "alarm",
  "baseline",
  "rollup",
  "model",
  "snapshot",
  "command",
  "dead-letter",
  "blob",
  "blob-chunk",
] as const;
export type RecordName = (typeof recordNames)[number];

export const schemasFolder = new URL("schemas/", root);

/** Parsed JSON of the current schema. */
export function loadSchema(name: RecordName): unknown {
  return readSchema(new URL(`${name}.avsc`, schemasFolder));
}

/** Parsed JSON of each released version, oldest first, with the name of its release. */
export function loadReleased(name: RecordName): readonly { readonly release: string; readonly schema: unknown }[] {
  return releases().flatMap((release) => {
    const file = new URL(`released/${release}/${name}.avsc`, schemasFolder);
    return existsSync(file) ? [{ release, schema: readSchema(file) }] : [];
  });
}

/** Folders of `schemas/released`, oldest first: v1, v2, … */
export function releases(): readonly string[] {
  const folder = new URL("released/", schemasFolder);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^v[0-9]+$/.test(name))
    .sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
}

function readSchema(file: URL): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
