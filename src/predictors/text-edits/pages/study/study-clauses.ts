/** Learns which words begin clauses ("cup in bowl"): where both things are shown, mostly one is in the other, or both are in the same. */
import type { ClauseKind, ClauseWords, Pair } from "../naming/clauses.ts";
import type { Ties } from "../naming/finding.ts";

export interface ClauseCounts {
  /** Changes with what is added. */
  readonly words: ClauseWords;
  /** Two arguments of an action that was done, and how the texts that are shown tie them. */
  add(pair: Pair, ties: Ties): void;
}

type Counts = Record<ClauseKind | "tries", number>;

const wordsMax = 2_000;
const triesMin = 10;
const share = 0.6;
/** Of a word that mostly begins a clause with other verbs: what is believed of contents is not always so. */
const [likelyShare, elsewhereShare] = [0.25, 0.5];
/** What is held beside other things is shown so less often. */
const besideFactor = 2;
const kinds: readonly ClauseKind[] = ["with", "in", "beside"];

export function createClauseCounts(): ClauseCounts {
  const counts = new Map<string, Counts>();
  const everywhere = new Map<string, Counts>();
  const words = new Map<string, ClauseKind>();

  function countsOf(all: Map<string, Counts>, key: string): Counts | null {
    const own = all.get(key) ?? { in: 0, with: 0, beside: 0, tries: 0 };
    if (!all.has(key) && all.size >= wordsMax) return null;
    all.set(key, own);
    return own;
  }

  return {
    words,
    add({ key }, ties) {
      const [own, all] = [countsOf(counts, key), countsOf(everywhere, key.slice(key.indexOf("\u0003")))];
      if (own === null || all === null) return;
      for (const one of [own, all]) {
        one.tries += 1;
        for (const kind of kinds) one[kind] += Number(ties[kind]);
      }
      const kind = kinds.find((one) => isKind(one, own, all));
      if (kind === undefined) words.delete(key);
      else words.set(key, kind);
    },
  };
}

function isKind(kind: ClauseKind, own: Counts, all: Counts): boolean {
  const factor = kind === "beside" ? besideFactor : 1;
  const [its, usual] = [own, all].map((one) => (factor * one[kind]) / Math.max(1, one.tries));
  if (its === undefined || usual === undefined) return false;
  if (own.tries < triesMin)
    return all.tries >= triesMin && (own.tries * its + triesMin * usual) / (own.tries + triesMin) > elsewhereShare;
  return its > share || (its > likelyShare && usual > elsewhereShare);
}
