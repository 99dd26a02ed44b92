/**
 * The baseline of a reference: gathered episode by episode, then frozen. It is frozen after `episodesWanted` passages, or from `episodesMin` on
 * once its upper bound lies close to its mean (simulated in test/bench/DETECTION.md: both keep false alarms and delays). The bound is made
 * from episode means, so that what hangs together inside an episode widens it by as much as it should (the design effect).
 *
 * While the error still moves nothing is frozen: where the older and the newer half differ by more than chance, the oldest tenth is let go.
 */
import type { BaselineError } from "./detectors/detector.ts";
import type { Passage } from "./passage.ts";
import {
  addPassage,
  emptyProfile,
  errorOf,
  mergedProfiles,
  type PlainProfile,
  type Profile,
  plainProfile,
  profileFrom,
} from "./profile.ts";

export interface BaselineOptions {
  readonly episodesWanted: number;
  readonly episodesMin: number;
  readonly precision: number;
}

export interface Frozen {
  readonly profile: Profile;
  readonly error: BaselineError;
}

export interface BaselineStore {
  /** Null while it is gathered. */
  readonly frozen: Frozen | null;
  readonly passages: number;
  readonly since: number;
  /** Gathers; true where that froze it. */
  take(passage: Passage): boolean;
  snapshot(): PlainBaseline;
}
export interface PlainBaseline {
  readonly frozen: PlainProfile | null;
  readonly blocks: readonly PlainProfile[];
}

/** One-sided 95 %. */
const z = 1.6448536269514722;
/** Halves that differ by more standard errors than this are not of one level (two-sided 0.1 %). */
const levelDistanceMax = 3.29;
const blocksWanted = 10;
/** Where no error was seen: the rule of three for a share of episodes. */
const neverSeen = 3;

export function boundOf(profile: Profile): BaselineError {
  const { mean, standardError } = errorOf(profile);
  const passages = Math.max(1, profile.passages);
  return { mean, upper: Math.min(1, Math.max(mean + z * standardError, mean + 1 / passages, neverSeen / passages)) };
}

export function createBaseline(options: BaselineOptions, plain: PlainBaseline | null = null): BaselineStore {
  const blockSize = Math.max(2, Math.ceil(Math.min(options.episodesWanted, options.episodesMin) / blocksWanted));
  let blocks = plain === null ? [emptyProfile()] : plain.blocks.map(profileFrom);
  let frozen = plain === null || plain.frozen === null ? null : freeze(profileFrom(plain.frozen));
  const gathered = () => blocks.reduce((sum, block) => sum + block.passages, 0);

  function isEnough(): boolean {
    const passages = gathered();
    if (passages >= options.episodesWanted) return true;
    if (passages < options.episodesMin) return false;
    const { mean, upper } = boundOf(mergedProfiles(blocks));
    return upper - mean <= options.precision * mean;
  }

  return {
    get frozen() {
      return frozen;
    },
    get passages() {
      return frozen?.profile.passages ?? gathered();
    },
    get since() {
      return frozen?.profile.since ?? blocks.find((block) => block.passages > 0)?.since ?? 0;
    },
    take(passage) {
      if (frozen !== null) return false;
      const last = blocks.at(-1);
      if (last === undefined || last.passages >= blockSize) blocks.push(emptyProfile());
      const block = blocks.at(-1);
      if (block === undefined) return false;
      addPassage(block, passage);
      if (block.passages < blockSize || !isEnough()) return false;
      if (isMoving(blocks)) {
        blocks = blocks.slice(Math.max(1, Math.floor(blocks.length / blocksWanted)));
        return false;
      }
      frozen = freeze(mergedProfiles(blocks));
      blocks = [];
      return true;
    },
    snapshot: () => ({
      frozen: frozen === null ? null : plainProfile(frozen.profile),
      blocks: blocks.map(plainProfile),
    }),
  };
}

function freeze(profile: Profile): Frozen {
  return { profile, error: boundOf(profile) };
}

function isMoving(blocks: readonly Profile[]): boolean {
  const half = Math.floor(blocks.length / 2);
  const [older, newer] = [errorOf(mergedProfiles(blocks.slice(0, half))), errorOf(mergedProfiles(blocks.slice(half)))];
  const distance = Math.abs(newer.mean - older.mean);
  return distance > levelDistanceMax * Math.hypot(older.standardError, newer.standardError) && distance > 1e-9;
}
