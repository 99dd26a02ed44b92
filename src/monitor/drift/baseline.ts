/**
 * The baseline of a reference: gathered episode by episode, then frozen. It is frozen after `episodesWanted` passages, or from `episodesMin` on
 * once its upper bound lies close to its mean (simulated in test/bench/DETECTION.md: both keep false alarms and delays). The bound is made
 * from episode means, so that what hangs together inside an episode widens it by as much as it should (the design effect).
 *
 * While the error still moves nothing is frozen: where the older and the newer half differ by more than chance, the oldest tenth is let go.
 */
import type { BaselineError } from "./detectors/detector.ts";
import { type PartLevels, type PartsBasis, partsBasis } from "./parts.ts";
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
  readonly parts: PartsBasis;
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
  readonly frozen: {
    readonly profile: PlainProfile;
    readonly parts: { readonly profile: PlainProfile; readonly levels: PartLevels };
  } | null;
  readonly blocks: readonly PlainProfile[];
  readonly last: readonly Passage[];
}

/** One-sided 95 %. */
const z = 1.6448536269514722;
/** Halves that differ by more standard errors than this are not of one level (two-sided 0.1 %). */
const levelDistanceMax = 3.29;
const blocksWanted = 10;
const lastMax = 400;
/** Where no error was seen: the rule of three for a share of episodes. */
const neverSeen = 3;

function boundOf(profile: Profile): BaselineError {
  const { mean, standardError } = errorOf(profile);
  const passages = Math.max(1, profile.passages);
  return { mean, upper: Math.min(1, Math.max(mean + z * standardError, mean + 1 / passages, neverSeen / passages)) };
}

export function createBaseline(options: BaselineOptions, plain: PlainBaseline | null = null): BaselineStore {
  const blockSize = Math.max(2, Math.ceil(Math.min(options.episodesWanted, options.episodesMin) / blocksWanted));
  let blocks = plain === null ? [emptyProfile()] : plain.blocks.map(profileFrom);
  /** The newest ones as they came: the levels of parts are found on them. */
  let last: Passage[] = plain === null ? [] : [...plain.last];
  let frozen: Frozen | null = null;
  if (plain !== null && plain.frozen !== null) {
    const profile = profileFrom(plain.frozen.profile);
    const { levels, profile: earlier } = plain.frozen.parts;
    frozen = { profile, error: boundOf(profile), parts: { profile: profileFrom(earlier), levels } };
  }
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
      if ((blocks.at(-1)?.passages ?? blockSize) >= blockSize) blocks.push(emptyProfile());
      const block = blocks.at(-1);
      if (block === undefined) return false;
      addPassage(block, passage);
      last.push(passage);
      if (last.length > lastMax) last.shift();
      if (block.passages < blockSize || !isEnough()) return false;
      if (isMoving(blocks)) {
        blocks = blocks.slice(Math.max(1, Math.floor(blocks.length / blocksWanted)));
        return false;
      }
      frozen = freeze(blocks, last);
      blocks = [];
      last = [];
      return true;
    },
    snapshot: () => ({
      frozen:
        frozen === null
          ? null
          : {
              profile: plainProfile(frozen.profile),
              parts: { profile: plainProfile(frozen.parts.profile), levels: frozen.parts.levels },
            },
      blocks: blocks.map(plainProfile),
      last: [...last],
    }),
  };
}

/** The last third of the blocks says what is usual of the parts, as the others explain them. */
function freeze(blocks: readonly Profile[], last: readonly Passage[]): Frozen {
  const profile = mergedProfiles(blocks);
  const cut = Math.floor((2 * blocks.length) / 3);
  const passages = mergedProfiles(blocks.slice(cut)).passages;
  const parts = partsBasis(mergedProfiles(blocks.slice(0, cut)), last.slice(-passages));
  return { profile, error: boundOf(profile), parts };
}

function isMoving(blocks: readonly Profile[]): boolean {
  const half = Math.floor(blocks.length / 2);
  const [older, newer] = [errorOf(mergedProfiles(blocks.slice(0, half))), errorOf(mergedProfiles(blocks.slice(half)))];
  const distance = Math.abs(newer.mean - older.mean);
  return distance > levelDistanceMax * Math.hypot(older.standardError, newer.standardError) && distance > 1e-9;
}
