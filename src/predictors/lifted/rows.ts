/**
 * The rows of one path, bounded. A row is a set of tokens and the labels (edit expressions) that explain what followed; label 0 says
 * "kept". Rows with the same tokens are one row: the newest truth counts, so that a change of dynamics is learnt. Changed rows and kept rows
 * have room of their own, a reservoir each, so that rare changes are never pushed out by the many rows where nothing happens.
 */
import { mix } from "./hash.ts";
import type { Random } from "./random.ts";
import type { Block } from "./tokens.ts";

export interface Row {
  /** What is asked of the situation, of the entity, and of the path: the first two are shared with other rows. */
  readonly blocks: readonly Block[];
  /** Candidate labels; `[0]` where nothing changed. */
  labels: readonly number[];
  /** How often these tokens were seen with this truth. */
  count: number;
}

export interface RowLimits {
  readonly changedMax: number;
  /** Kept rows: so many for each changed one, but no fewer than `keptMin` and no more than `keptMax`. */
  readonly keptMin: number;
  readonly keptMax: number;
}

export interface Rows {
  readonly changed: readonly Row[];
  readonly kept: readonly Row[];
  /** Rows offered so far. */
  readonly seen: number;
  readonly bytes: number;
  /** True where the row is new or its truth is another than before. A `hard` one, which rules had wrong, is always taken. */
  add(blocks: readonly Block[], labels: readonly number[], random: Random, hard: boolean): boolean;
  restore(changed: boolean, rows: readonly Row[], seenOf: number): void;
  readonly seenChanged: number;
  readonly seenKept: number;
}

export function createRows(limits: RowLimits): Rows {
  const changedPool = createPool(() => limits.changedMax);
  const keptMax = () => Math.min(limits.keptMax, Math.max(limits.keptMin, keptPerChanged * changedPool.rows.length));
  const pools = [createPool(keptMax), changedPool] as const;
  return {
    get changed() {
      return pools[1].rows;
    },
    get kept() {
      return pools[0].rows;
    },
    get seen() {
      return pools[0].seen + pools[1].seen;
    },
    get seenChanged() {
      return pools[1].seen;
    },
    get seenKept() {
      return pools[0].seen;
    },
    get bytes() {
      return pools[0].bytes + pools[1].bytes;
    },
    add(blocks, labels, random, hard) {
      const changed = labels[0] !== 0 || labels.length !== 1;
      const key = keyOf(blocks);
      const gone = pools[changed ? 0 : 1].remove(key);
      return pools[changed ? 1 : 0].add(key, blocks, labels, random, hard) || gone;
    },
    restore(changed, rows, seenOf) {
      const pool = pools[changed ? 1 : 0];
      for (const row of rows) pool.put(keyOf(row.blocks), row);
      pool.seen = seenOf;
    },
  };
}

interface Pool {
  readonly rows: readonly Row[];
  seen: number;
  readonly bytes: number;
  add(key: number, blocks: readonly Block[], labels: readonly number[], random: Random, hard: boolean): boolean;
  put(key: number, row: Row): void;
  remove(key: number): boolean;
}

/** What changes often has many ways not to: they take as many rows to tell apart. */
const keptPerChanged = 4;

function createPool(maxOf: () => number): Pool {
  const rows: Row[] = [];
  const keys: number[] = [];
  const places = new Map<number, number>();
  let bytes = 0;

  function put(key: number, row: Row): void {
    places.set(key, rows.length);
    rows.push(row);
    keys.push(key);
    bytes += bytesOf(row);
  }

  function removeAt(at: number): void {
    const last = rows.length - 1;
    const [row, key, lastRow, lastKey] = [rows[at], keys[at], rows[last], keys[last]];
    if (row === undefined || key === undefined || lastRow === undefined || lastKey === undefined) return;
    bytes -= bytesOf(row);
    rows[at] = lastRow;
    keys[at] = lastKey;
    places.set(lastKey, at);
    places.delete(key);
    rows.pop();
    keys.pop();
  }

  return {
    rows,
    seen: 0,
    get bytes() {
      return bytes;
    },
    add(key, blocks, labels, random, hard) {
      const at = places.get(key);
      const known = at === undefined ? undefined : rows[at];
      if (known !== undefined) {
        known.count += 1;
        const same = sameLabels(known.labels, labels);
        known.labels = labels;
        return !same;
      }
      this.seen += 1;
      const max = maxOf();
      if (rows.length >= max) {
        // Vitter's algorithm R over the distinct rows, with a floor, so that what is new is learnt even late.
        if (!hard && random.next() >= Math.max(max / this.seen, reservoirFloor)) return false;
        removeAt(random.below(rows.length));
      }
      put(key, { blocks, labels, count: 1 });
      return true;
    },
    put,
    remove(key) {
      const at = places.get(key);
      if (at !== undefined) removeAt(at);
      return at !== undefined;
    },
  };
}

/** Among millions of rows a new one still has this chance to be kept: an environment that changes must not be frozen out. */
const reservoirFloor = 0.1;

function keyOf(blocks: readonly Block[]): number {
  let [a, b] = [0x1234567, 0x7654321];
  for (const { hash } of blocks) {
    a = mix(a, hash);
    b = mix(hash, b);
  }
  // 53 bits, so that a number can be a key.
  return (a >>> 0) * 2_097_152 + (b >>> 11);
}

function sameLabels(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((label, at) => label === b[at]);
}

/** Shared blocks are counted by the share that a row has in them, about. */
function bytesOf({ blocks, labels }: Row): number {
  let bytes = 8 * labels.length + 200;
  for (const [at, { tokens }] of blocks.entries())
    bytes += tokens.byteLength / (at === blocks.length - 1 ? 1 : sharersTypical);
  return bytes;
}

/** Rows of one entity, and entities of one situation, that are kept together. */
const sharersTypical = 4;
