/**
 * The rows of one path, bounded. A row is a set of tokens and the labels (edit expressions) that explain what followed; label 0 says
 * "kept". Rows with the same tokens are one row: the newest truth counts, so that a change of dynamics is learnt. Changed rows and kept rows
 * have room of their own, a reservoir each, so that rare changes are never pushed out by the many rows where nothing happens.
 */

import type { Random } from "../../stats/random.ts";
import { mix } from "./hash.ts";
import type { Block } from "./tokens.ts";

export interface Row {
  /** What is asked of the situation, of the entity, and of the path: the first two are shared with other rows. */
  readonly blocks: readonly Block[];
  /** Candidate labels; `[0]` where nothing changed. */
  labels: readonly number[];
  /** How often these tokens were seen with this truth. */
  count: number;
  /** When they were seen last: the path's rows are numbered as they are offered, those of former steps downwards from zero. */
  at: number;
}

export interface RowLimits {
  readonly changedMax: number;
  /** Kept rows: so many for each changed one, but no fewer than `keptMin` and no more than `keptMax`. */
  readonly keptMin: number;
  readonly keptMax: number;
  /**
   * So many truths more than others keep a row's truth against one that contradicts it; 1: the newest counts. Of truths that agree those labels
   * stay that explain all of them.
   */
  readonly trustMax: number;
}

export interface Rows {
  readonly changed: readonly Row[];
  readonly kept: readonly Row[];
  /** Rows offered so far that were not known. */
  readonly seen: number;
  /** Rows offered so far. */
  readonly offered: number;
  /** Of the rows, blocks that are shared counted with the first that held them: the sum over all paths is exact. */
  readonly bytes: number;
  /** True where the row is new or its truth is another than before. */
  add(blocks: readonly Block[], labels: readonly number[], random: Random, how: HowAdded): boolean;
  clear(): void;
  restore(changed: boolean, rows: readonly Row[], seenOf: number): void;
  restoreOffered(count: number): void;
  readonly seenChanged: number;
  readonly seenKept: number;
}

export interface HowAdded {
  /** Rules had it wrong: it is always taken. */
  readonly hard: boolean;
  /** There is no room for more: it takes the place of others. */
  readonly full: boolean;
  /** Of a step before all that were offered so far: what is known already is newer. */
  readonly isFormer: boolean;
}

export function createRows(limits: RowLimits): Rows {
  const changedPool = createPool(() => limits.changedMax, limits.trustMax);
  const keptMax = () => Math.min(limits.keptMax, Math.max(limits.keptMin, keptPerChanged * changedPool.rows.length));
  const pools = [createPool(keptMax, limits.trustMax), changedPool] as const;
  let offered = 0;
  let earliest = 0;
  return {
    get offered() {
      return offered;
    },
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
    add(blocks, labels, random, how) {
      const changed = isChange(labels);
      const key = keyOf(blocks);
      if (how.isFormer && pools.some((pool) => pool.has(key))) return false;
      const at = how.isFormer ? --earliest : ++offered;
      const gone = pools[changed ? 0 : 1].remove(key);
      return pools[changed ? 1 : 0].add(key, { blocks, labels, count: 1, at }, random, how) || gone;
    },
    clear() {
      for (const pool of pools) pool.clear();
    },
    restore(changed, rows, seenOf) {
      const pool = pools[changed ? 1 : 0];
      for (const row of rows) {
        pool.put(keyOf(row.blocks), row);
        earliest = Math.min(earliest, row.at);
      }
      pool.seen = seenOf;
    },
    restoreOffered(count) {
      offered = count;
    },
  };
}

interface Pool {
  readonly rows: readonly Row[];
  seen: number;
  readonly bytes: number;
  add(key: number, row: Row, random: Random, how: HowAdded): boolean;
  put(key: number, row: Row): void;
  clear(): void;
  has(key: number): boolean;
  remove(key: number): boolean;
}

/** What changes often has many ways not to: they take as many rows to tell apart. */
const keptPerChanged = 4;

function createPool(maxOf: () => number, trustMax: number): Pool {
  const rows: Row[] = [];
  const keys: number[] = [];
  const places = new Map<number, number>();
  let bytes = 0;

  function put(key: number, row: Row): void {
    places.set(key, rows.length);
    rows.push(row);
    keys.push(key);
    bytes += hold(row);
  }

  function removeAt(at: number): void {
    const last = rows.length - 1;
    const [row, key, lastRow, lastKey] = [rows[at], keys[at], rows[last], keys[last]];
    if (row === undefined || key === undefined || lastRow === undefined || lastKey === undefined) return;
    bytes -= release(row);
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
    add(key, row, random, { hard, full }) {
      const at = places.get(key);
      const known = at === undefined ? undefined : rows[at];
      if (known !== undefined) {
        known.at = row.at;
        const same = sameLabels(known.labels, row.labels);
        const held = known.labels.filter((label) => row.labels.includes(label));
        if (held.length > 0) {
          known.count = Math.min(trustMax, known.count + 1);
          if (!same) known.labels = held;
        } else if (known.count > 1) known.count -= 1;
        else known.labels = lean(row.labels);
        return !same;
      }
      this.seen += 1;
      const max = full ? Math.max(1, Math.min(maxOf(), rows.length)) : maxOf();
      if (rows.length >= max) {
        // Vitter's algorithm R over the distinct rows, with a floor, so that what is new is learnt even late.
        if (!hard && random.next() >= Math.max(max / this.seen, reservoirFloor)) return false;
        removeAt(random.below(rows.length));
        // Two go for one, for as long as there is no room: rows differ in size.
        if (full && rows.length > 1) removeAt(random.below(rows.length));
      }
      put(key, { ...row, labels: lean(row.labels) });
      return true;
    },
    put,
    clear() {
      while (rows.length > 0) removeAt(rows.length - 1);
    },
    has: (key) => places.has(key),
    remove(key) {
      const at = places.get(key);
      if (at !== undefined) removeAt(at);
      return at !== undefined;
    },
  };
}

/** Among millions of rows a new one still has this chance to be kept: an environment that changes must not be frozen out. */
const reservoirFloor = 0.1;

/** Whether labels say that something changed. */
export function isChange(labels: readonly number[]): boolean {
  return labels[0] !== 0 || labels.length !== 1;
}

function keyOf(blocks: readonly Block[]): number {
  let [a, b] = [0x1234567, 0x7654321];
  for (const { hash } of blocks) {
    a = mix(a, hash);
    b = mix(hash, b);
  }
  // 53 bits, so that a number can be a key.
  return (a >>> 0) * 2_097_152 + (b >>> 11);
}

const kept: readonly number[] = [0];

/** The same without the room that an array keeps to grow: most of what is kept are short lists, and most of these say that nothing changed. */
function lean(labels: readonly number[]): readonly number[] {
  return isChange(labels) ? labels.slice() : kept;
}

function sameLabels(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((label, at) => label === b[at]);
}

/** Bytes that a row adds: its own, and those of blocks that no other row holds. */
function hold({ blocks }: Row): number {
  let bytes = rowBytes;
  for (const block of blocks) if (block.uses++ === 0) bytes += blockBytes + block.tokens.byteLength;
  return bytes;
}

/** Bytes that go with it. */
function release({ blocks }: Row): number {
  let bytes = rowBytes;
  for (const block of blocks) if (--block.uses === 0) bytes += blockBytes + block.tokens.byteLength;
  return bytes;
}

/** Of the objects themselves on a 64-bit machine: row, arrays, places; block, typed array and its buffer. */
const rowBytes = 268;
const blockBytes = 220;
