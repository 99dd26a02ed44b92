/**
 * The parts of the error that agents, actions, forms of states and missing support explain, each under an e-SR watch of its own. They are far less
 * noisy than the error: where a twentieth of all steps takes a new action, a reference that is wrong half of the time hardly shows it, while the
 * part of the error that new actions explain was nothing before. Each watch bets against the part's own level in the last third of the baseline, as
 * the rest of the baseline explains it; only its rises count.
 *
 * Together with the watch of the error itself the average run length stays: the mean of e-SR statistics is one, with these at weights of 1/25.
 */
import type { Json } from "../../json/json.ts";
import { type Cause, type Found, type Knowledge, knowledgeOf, type Parts, partsOf } from "./cause.ts";
import { betsFor, createESr, runLengthDefault } from "./detectors/e-sr.ts";
import type { Passage } from "./passage.ts";
import { errorOf, type Profile } from "./profile.ts";

/** Each with the cause that its rise means. */
const watchedParts = {
  schema: "schema",
  newActions: "action-mix",
  "action-mix": "action-mix",
  "agent-version": "agent-version",
  context: "context",
} as const satisfies { readonly [part in keyof Parts]?: Cause };
type WatchedPart = keyof typeof watchedParts;
const names = [
  "schema",
  "newActions",
  "action-mix",
  "agent-version",
  "context",
] as const satisfies readonly WatchedPart[];

export interface PartsWatch {
  /** The part that has risen, if one has. */
  take(passage: Passage): Found | null;
  reset(): void;
  snapshot(): Json;
  restore(snapshot: Json): void;
}

/** By part: the level that is bet against. */
export type PartLevels = Readonly<Record<WatchedPart, number>>;
/** What the watch stands on: the first two thirds of the baseline explain a passage, the last third says what is usual. */
export interface PartsBasis {
  readonly profile: Profile;
  readonly levels: PartLevels;
}

const weight = 1 / 25;
const z = 2.326;
/** Where a part was never seen: the rule of three, for episodes of which a tenth of the steps has it. */
const neverSeen = 0.3;

/** `earlier`: the baseline without these last passages. */
export function partsBasis(earlier: Profile, last: readonly Passage[]): PartsBasis {
  const known = knowledgeOf(earlier);
  const all = last.map((passage) => partsOf(passage, known));
  const level = (part: WatchedPart) => {
    const values = all.map((parts) => Math.max(0, parts[part]));
    const sum = values.reduce((whole, one) => whole + one, 0);
    const squares = values.reduce((whole, one) => whole + one * one, 0);
    const { mean, standardError } = errorOf({ passages: values.length, sum, squares });
    return Math.min(1, mean + z * standardError + neverSeen / Math.max(1, values.length));
  };
  const levels = {
    schema: level("schema"),
    newActions: level("newActions"),
    "action-mix": level("action-mix"),
    "agent-version": level("agent-version"),
    context: level("context"),
  };
  return { profile: earlier, levels };
}

export function createPartsWatch({ profile, levels }: PartsBasis): PartsWatch {
  const known: Knowledge = knowledgeOf(profile);
  const detectors = names.map((part) => {
    const p0 = levels[part];
    return { part, detector: createESr({ p0, bets: betsFor(p0), runLength: runLengthDefault / weight }) };
  });
  return {
    take(passage) {
      const parts = partsOf(passage, known);
      const [found] = detectors.filter(({ part, detector }) => detector.take(parts[part]) === "up");
      if (found === undefined) return null;
      return { part: found.part, cause: watchedParts[found.part], level: levels[found.part] };
    },
    reset() {
      for (const { detector } of detectors) detector.reset();
    },
    snapshot: () => detectors.map(({ detector }) => detector.snapshot()),
    restore(snapshot) {
      if (!Array.isArray(snapshot)) return;
      for (const [at, { detector }] of detectors.entries()) {
        const its = snapshot[at];
        if (its !== undefined) detector.restore(its);
      }
    },
  };
}
