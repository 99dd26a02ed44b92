/**
 * A look at a GGUF file before a native library maps it: is it there, is it GGUF, and is it whole? The header names every tensor with its
 * place, so a file that a download left short is told from a good one. Format: ggml's `docs/gguf.md`, versions 2 and 3.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

export interface GgufFile {
  readonly bytes: number;
  readonly mtimeMs: number;
}

/** Throws, naming the file, what was expected and what was found. */
export function checkGguf(path: string, what = "model"): GgufFile {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new Error(`${what} ${path}: expected a GGUF file, found none (${code})`);
  }
  try {
    const { size, mtimeMs } = fstatSync(file);
    const magic = Buffer.alloc(4);
    const read = readSync(file, magic, 0, 4, 0);
    if (read < 4 || magic.toString("latin1") !== "GGUF")
      throw new Error(
        `${what} ${path}: expected the bytes "GGUF" at its beginning, found ${JSON.stringify(magic.toString("latin1", 0, read))}`,
      );
    const needed = bytesNeeded(createReader(file, size));
    if (needed === null)
      throw new Error(`${what} ${path}: expected a whole GGUF header, found ${size} bytes: it is truncated or damaged`);
    if (needed > size)
      throw new Error(`${what} ${path}: expected ${needed} bytes by its header, found ${size}: it is truncated`);
    return { bytes: size, mtimeMs };
  } finally {
    closeSync(file);
  }
}

interface Reader {
  u32(): number;
  u64(): number;
  text(): string;
  skip(bytes: number): void;
  readonly at: number;
}

class Beyond extends Error {}

/** Names and keys are short; a longer one is no header. */
const textBytesMax = 65_536;
const windowBytes = 1 << 20;

function createReader(file: number, size: number): Reader {
  const window = Buffer.alloc(windowBytes);
  let start = 0;
  let filled = 0;
  let at = 4;
  /** `bytes` from here, in the window. */
  const take = (bytes: number): number => {
    if (at + bytes > size) throw new Beyond();
    if (at < start || at + bytes > start + filled) {
      start = at;
      filled = readSync(file, window, 0, windowBytes, start);
      if (filled < bytes) throw new Beyond();
    }
    at += bytes;
    return at - bytes - start;
  };
  const reader: Reader = {
    u32: () => window.readUInt32LE(take(4)),
    u64() {
      const value = window.readBigUInt64LE(take(8));
      if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Beyond();
      return Number(value);
    },
    text() {
      const length = reader.u64();
      if (length > textBytesMax) throw new Beyond();
      const from = take(length);
      return window.toString("utf8", from, from + length);
    },
    skip(bytes) {
      if (at + bytes > size) throw new Beyond();
      at += bytes;
    },
    get at() {
      return at;
    },
  };
  return reader;
}

/** Null: the header itself is not whole. */
function bytesNeeded(reader: Reader): number | null {
  try {
    reader.u32();
    const [tensors, pairs] = [reader.u64(), reader.u64()];
    let alignment = 32;
    for (let at = 0; at < pairs; at++) {
      const key = reader.text();
      const type = reader.u32();
      if (key === "general.alignment" && type === 4) alignment = Math.max(1, reader.u32());
      else skipValue(reader, type);
    }
    let end = 0;
    for (let at = 0; at < tensors; at++) end = Math.max(end, tensorEnd(reader));
    return Math.ceil(reader.at / alignment) * alignment + end;
  } catch (error) {
    if (error instanceof Beyond) return null;
    throw error;
  }
}

const stringType = 8;
const arrayType = 9;
/** Bytes of the value types 0 to 12. */
const scalarBytes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];

function skipValue(reader: Reader, type: number): void {
  if (type === stringType) return reader.skip(reader.u64());
  if (type !== arrayType) return reader.skip(bytesOf(type));
  const element = reader.u32();
  const count = reader.u64();
  if (element === stringType) for (let at = 0; at < count; at++) reader.skip(reader.u64());
  else reader.skip(count * bytesOf(element));
}

function bytesOf(type: number): number {
  const bytes = scalarBytes[type];
  if (bytes === undefined || bytes === 0) throw new Beyond();
  return bytes;
}

/** ggml types: bytes of a block and values in it. Of a type that is not listed only the beginning of its tensors is checked. */
const blocks: Readonly<Record<number, readonly [bytes: number, values: number]>> = {
  0: [4, 1],
  1: [2, 1],
  2: [18, 32],
  3: [20, 32],
  6: [22, 32],
  7: [24, 32],
  8: [34, 32],
  10: [84, 256],
  11: [110, 256],
  12: [144, 256],
  13: [176, 256],
  14: [210, 256],
  30: [2, 1],
};

/** Relative to the beginning of the tensors' data. */
function tensorEnd(reader: Reader): number {
  reader.text();
  const dimensions = reader.u32();
  if (dimensions > 8) throw new Beyond();
  let values = 1;
  for (let at = 0; at < dimensions; at++) values *= reader.u64();
  const [bytes, each] = blocks[reader.u32()] ?? [0, 1];
  return reader.u64() + (values / each) * bytes;
}
