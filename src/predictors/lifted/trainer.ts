/**
 * Keeps the rows of all paths and the forests grown from them. Forests are grown anew only where rows gained an error or a new truth, and
 * either the rows of the path have grown by two fifths, or its errors pay for it (they are many for its rows), or it errs more than it used to
 * (strain). The path with most errors for its rows comes first; small ones do not wait for a large one. All in slices: `work(budget)` is called
 * with every transition.
 */

import { createRandom, type Random } from "../../stats/random.ts";
import { exhaust, type Slices } from "../slices.ts";
import { certain, type Growing } from "./counter.ts";
import type { Forest } from "./forest.ts";
import { type Growth, growForest } from "./grow.ts";
import { hashText } from "./hash.ts";
import { createRows, isChange, type Row, type RowLimits, type Rows } from "./rows.ts";
import { samplesOf } from "./samples.ts";
import { createStrain, isStrained, noteStrain, relax, type Strain } from "./strain.ts";
import type { Block } from "./tokens.ts";

export interface PathMemory {
  readonly key: string;
  readonly rows: Rows;
  /** Rows offered when the forest was grown; 0 before the first. */
  fittedAt: number;
  /** The same, when it was last grown from so many more rows, or for so many more errors, that it is another one. */
  renewedAt: number;
  /** Rows since it was grown that the forest had wrong, or that were of a new truth. */
  errors: number;
  strain: Strain;
  forest: Forest | null;
  waiting: boolean;
}

export interface TrainerLimits extends RowLimits {
  readonly pathsMax: number;
  /** Bytes of all rows; beyond it new rows replace old ones of the same path only. */
  readonly bytesMax: number;
  /** Each error pays for growing from so many rows: of a path that is little known it is learnt from at once. 0: errors alone pay for none. */
  readonly rowsPerError: number;
}

export interface Trainer {
  readonly paths: ReadonlyMap<string, PathMemory>;
  readonly bytes: number;
  readonly random: Random;
  /** `isFormer`: of a step before all that were learnt so far; what is known already stands against it. */
  add(key: string, blocks: readonly Block[], labels: readonly number[], wrong: boolean, isFormer?: boolean): void;
  work(budget: number): void;
  /** Nothing is being grown, and nothing waits. */
  readonly idle: boolean;
  /** Lets all that has an error wait for its turn, however little has come since it was grown. */
  refresh(): void;
  /** Grows all that waits, all that has an error, and what was grown from much fewer rows: right so far, it may be so by chance. */
  settle(): void;
  /** The same in slices. Nothing may be added meanwhile. */
  settling(): Slices;
  /** Finishes the path that is being grown, so that nothing half done is left. */
  finish(): void;
  /** Forgets the paths whose key is named. */
  drop(isStale: (key: string) => boolean): void;
  restore(path: RestoredPath): void;
}

export interface RestoredPath {
  readonly key: string;
  readonly fittedAt: number;
  readonly renewedAt: number;
  readonly errors: number;
  readonly strain: Strain;
  readonly offered: number;
  readonly forest: Forest | null;
  readonly kept: readonly Row[];
  readonly changed: readonly Row[];
  readonly seen: readonly [kept: number, changed: number];
}

export interface TrainerDeps {
  readonly limits: TrainerLimits;
  readonly growing?: Growing;
  readonly weightOf: (label: number) => number;
  /** A forest was grown; `isRenewed`: it is another one, and not only mended where it erred. */
  readonly grown: (memory: PathMemory, isRenewed: boolean) => void;
}

/** Rows seen since the last growth, as a factor: growing costs in proportion to the rows. */
const growthMin = 1.4;

interface Job {
  readonly memory: PathMemory;
  readonly growth: Growth;
  readonly isRenewed: boolean;
}

/** Changed rows of a path after which its errors may be noise, and their share then. */
const noiseMin = 256;
const noiseShare = 0.95;

/** Tokens visited by a slice of settling, some milliseconds' work, and where nobody waits. */
const sliceBudget = 40_000;
const wholeBudget = 10_000_000;

/** What has so many times fewer rows than what is being grown need not wait for it. */
const sizesApart = 4;

export function createTrainer({ limits, growing = certain, weightOf, grown }: TrainerDeps): Trainer {
  const paths = new Map<string, PathMemory>();
  const random = createRandom(0x11f7ed);
  const queue: PathMemory[] = [];
  /** What is being grown: the last of them first. */
  const jobs: Job[] = [];
  let bytes = 0;

  function memory(key: string): PathMemory | null {
    const known = paths.get(key);
    if (known !== undefined) return known;
    if (paths.size >= limits.pathsMax) return null;
    const made: PathMemory = {
      key,
      rows: createRows(limits),
      fittedAt: 0,
      renewedAt: 0,
      errors: 0,
      strain: createStrain(),
      forest: null,
      waiting: false,
    };
    paths.set(key, made);
    return made;
  }

  function enqueue(one: PathMemory): void {
    if (one.waiting || one.errors === 0) return;
    if (!hasGrown(one) && !(isLearnable(one) && errorsPay(one)) && !isStrained(one.strain)) return;
    one.waiting = true;
    queue.push(one);
  }

  function errorsPay(one: PathMemory): boolean {
    return shareOfErrors(one) * limits.rowsPerError >= 1;
  }

  /** Where errors are most for what growing costs. */
  function nextInQueue(): number {
    let best = 0;
    for (let at = 1; at < queue.length; at++) if (shareOfErrors(queue[at]) > shareOfErrors(queue[best])) best = at;
    return best;
  }

  function start(one: PathMemory, isRenewed: boolean): void {
    one.waiting = false;
    one.errors = 0;
    relax(one.strain);
    one.fittedAt = one.rows.seen;
    if (isRenewed) one.renewedAt = one.rows.seen;
    const { samples, labels } = samplesOf(one.rows, weightOf);
    jobs.push({ memory: one, growth: growForest(samples, labels, hashText(one.key), growing), isRenewed });
  }

  function advance(budget: number): void {
    const job = jobs.at(-1);
    if (job === undefined || !job.growth.advance(budget)) return;
    jobs.pop();
    job.memory.forest = job.growth.forest();
    grown(job.memory, job.isRenewed);
  }

  function work(budget: number): void {
    const at = nextInQueue();
    const [next, current] = [queue[at], jobs.at(-1)?.memory];
    if (next !== undefined && (current === undefined || sizesApart * sizeOf(next) <= sizeOf(current))) {
      queue.splice(at, 1);
      start(next, next.rows.seen >= next.renewedAt * growthMin || isStrained(next.strain));
    }
    advance(budget);
  }

  function* finishing(budget: number): Generator<void> {
    while (jobs.length > 0) {
      advance(budget);
      yield;
    }
  }

  function* settling(budget: number): Generator<void> {
    yield* finishing(budget);
    for (const one of paths.values()) {
      if (!one.waiting && !hasGrown(one) && (one.errors === 0 || !isLearnable(one))) continue;
      start(one, true);
      yield* finishing(budget);
    }
    queue.length = 0;
  }

  return {
    paths,
    random,
    get bytes() {
      return bytes;
    },
    restore({ key, fittedAt, renewedAt, errors, strain, offered, forest, kept, changed, seen }) {
      const one = memory(key);
      if (one === null) return;
      const before = one.rows.bytes;
      one.rows.restore(false, kept, seen[0]);
      one.rows.restore(true, changed, seen[1]);
      one.fittedAt = fittedAt;
      one.renewedAt = renewedAt;
      one.rows.restoreOffered(offered);
      one.errors = errors;
      one.strain = { ...strain };
      one.forest = forest;
      bytes += one.rows.bytes - before;
    },
    add(key, blocks, labels, wrong, isFormer = false) {
      const one = memory(key);
      if (one === null) return;
      const before = one.rows.bytes;
      const news = one.rows.add(blocks, labels, random, {
        hard: wrong,
        full: bytes > limits.bytesMax,
        isFormer,
      });
      bytes += one.rows.bytes - before;
      if (!isFormer && (wrong || isChange(labels))) noteStrain(one.strain, wrong);
      if (wrong && (news || (!isFormer && one.forest !== null))) one.errors += 1;
      enqueue(one);
    },
    work,
    get idle() {
      return jobs.length === 0 && queue.length === 0;
    },
    refresh() {
      for (const one of paths.values()) {
        if (one.waiting || one.errors === 0 || !isLearnable(one)) continue;
        one.waiting = true;
        queue.push(one);
      }
    },
    finish: () => exhaust(finishing(wholeBudget)),
    settle: () => exhaust(settling(wholeBudget)),
    settling: () => settling(sliceBudget),
    drop(isStale) {
      exhaust(finishing(wholeBudget));
      for (const [key, one] of paths) {
        if (!isStale(key)) continue;
        paths.delete(key);
        const before = one.rows.bytes;
        one.rows.clear();
        bytes += one.rows.bytes - before;
      }
      const left = queue.filter((one) => !isStale(one.key));
      queue.splice(0, queue.length, ...left);
    },
  };
}

function hasGrown({ rows, fittedAt }: PathMemory): boolean {
  return rows.seen >= fittedAt * growthMin;
}

/** Not so where nearly all that changed was wrong, however much of it was known: noise. It is grown anew as its rows grow, not for each error. */
function isLearnable({ rows, strain }: PathMemory): boolean {
  return rows.changed.length < noiseMin || strain.share < noiseShare;
}

function shareOfErrors(one: PathMemory | undefined): number {
  return one === undefined ? 0 : one.errors / sizeOf(one);
}

function sizeOf({ rows }: PathMemory): number {
  return rows.changed.length + rows.kept.length;
}
