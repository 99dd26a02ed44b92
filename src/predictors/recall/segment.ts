/**
 * Versions of recall as blobs. A version is a list of immutable segments, oldest first; a row of a newer one replaces the older row of the
 * same key, a null removes it. So publishing appends one small segment, loading reads only segments that this process has not read yet,
 * and versions share what they have in common. Segments are merged like those of a log-structured merge tree, so that there are few.
 */
import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import { keyChars } from "./levels.ts";
import { cells, type Entry, type Precision } from "./precision.ts";

const magic = Buffer.from("DLR1");
/** An inflated segment beyond this is refused: it can only be damaged or hostile. */
const segmentBytesMax = 512 * 1024 * 1024;

export type Row = readonly [key: string, entry: Entry | null];

export interface Segment {
  /** Undefined: the segment says nothing about the key. Null: older segments' row is gone. */
  row(key: string): Entry | null | undefined;
  readonly precision: Precision;
}

export function encodeSegment(rows: Iterable<Row>, precision: Precision): Uint8Array {
  const lines = [JSON.stringify(precision)];
  for (const [key, entry] of rows) {
    lines.push(JSON.stringify(entry === null ? [key] : [key, entry.next, entry.support, entry.total]));
  }
  return Buffer.concat([magic, deflateRawSync(lines.join("\n"), { level: constants.Z_BEST_SPEED })]);
}

/** Throws `SegmentUnreadable`, naming the hash, for what is not a segment of this version. */
export function decodeSegment(bytes: Uint8Array, hash: string): Segment {
  if (Buffer.compare(bytes.subarray(0, magic.length), magic) !== 0) {
    throw new SegmentUnreadable(hash, "it does not start as one");
  }
  try {
    const text = inflateRawSync(bytes.subarray(magic.length), { maxOutputLength: segmentBytesMax }).toString("utf8");
    const [first = "", ...lines] = text.split("\n");
    return { row: rowsOf(lines, hash), precision: precisionFrom(JSON.parse(first)) };
  } catch (error) {
    throw new SegmentUnreadable(hash, error instanceof Error ? error.message : String(error));
  }
}

class SegmentUnreadable extends Error {
  override readonly name = "SegmentUnreadable";
  constructor(hash: string, why: string) {
    super(`blob ${hash} is no segment of a recall model: ${why}`);
  }
}

/** A version is loaded where steps wait for it, so rows are found by their key and read when they are asked for: few ever are. */
function rowsOf(lines: readonly string[], hash: string): Segment["row"] {
  const rows = new Map<string, string | Entry | null>();
  for (const line of lines) {
    if (!line.startsWith('["') || line[2 + keyChars] !== '"') throw new Error("a row without a key");
    rows.set(line.slice(2, 2 + keyChars), line);
  }
  return (key) => {
    const found = rows.get(key);
    if (typeof found !== "string") return found;
    try {
      const [, entry] = rowOf(JSON.parse(found));
      rows.set(key, entry);
      return entry;
    } catch (error) {
      throw new SegmentUnreadable(hash, error instanceof Error ? error.message : String(error));
    }
  };
}

function rowOf(value: unknown): Row {
  if (!Array.isArray(value)) throw new Error("a row is not an array");
  const [key, next, support, total]: unknown[] = value;
  if (typeof key !== "string") throw new Error("a row without a key");
  if (value.length === 1) return [key, null];
  if (typeof next !== "string" || !isCount(support) || !isCount(total)) throw new Error(`row ${key} is malformed`);
  return [key, { next, support, total }];
}

export function precisionFrom(value: unknown): Precision {
  if (!Array.isArray(value) || value.length !== 2 * cells || !value.every(isCount))
    throw new Error("no precision table");
  return value;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
