/** What a GGUF predictor predicts with, as one hash: the bytes of model and adapters, and the settings that change answers. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { sha256Hex } from "../../json/hash.ts";
import type { GgufFile } from "./gguf.ts";

/** Hashes of files of this process, by path, size and time of change: gigabytes are not read twice when a predictor is opened anew. */
const known = new Map<string, string>();
const knownMax = 64;

export interface Part {
  readonly path: string;
  readonly file: GgufFile;
  readonly scale: number;
}

export async function versionOf(parts: readonly Part[], settings: object): Promise<string> {
  const hashes: (readonly [hash: string, scale: number])[] = [];
  for (const { path, file, scale } of parts) hashes.push([await hashOf(path, file), scale]);
  return sha256Hex(JSON.stringify([hashes, settings]));
}

async function hashOf(path: string, { bytes, mtimeMs }: GgufFile): Promise<string> {
  const key = JSON.stringify([path, bytes, mtimeMs]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk);
  const hex = hash.digest("hex");
  known.set(key, hex);
  const [oldest] = known.keys();
  if (known.size > knownMax && oldest !== undefined) known.delete(oldest);
  return hex;
}
