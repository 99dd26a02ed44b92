/**
 * How sentences end that hold a list, and how they end without it: "a tray that has a cup on it.", "a tray, that has nothing on it." Two sights of a
 * sentence whose list came or went show both; what stands before is as it was, whatever it says. Such rules are kept among the edits.
 */
import { shownTemplate, type Values } from "../../reading.ts";
import { lift, listHole, putBack } from "../text/lift.ts";
import { commonStart } from "../text/words.ts";
import type { ListIn } from "./lists.ts";

const emptiedMark = "\u0004emptied ";
const filledMark = "\u0004filled ";

function emptiedKey(full: string): string {
  return emptiedMark + full;
}

function filledKey(empty: string): string {
  return filledMark + empty;
}

/** Such a rule in words; null for other edits. */
export function endWords(key: string, outcome: string): string | null {
  for (const [mark, when] of [
    [emptiedMark, "without its last item"],
    [filledMark, "with its first item"],
  ] as const)
    if (key.startsWith(mark))
      return `a sentence that ends "${shownTemplate(key.slice(mark.length))}" ends "${shownTemplate(outcome)}" ${when}`;
  return null;
}

const letter = /\p{L}/u;
/** Longer ends are sentences of their own. */
const endCharsMax = 160;

/** The ends of two sentences that begin alike, from the border of a word on; null where nothing is alike, or one says nothing more. */
function endsApart(full: string, empty: string): readonly [full: string, empty: string] | null {
  let at = commonStart(full, empty);
  if (/\w/.test(full[at] ?? "") || /\w/.test(empty[at] ?? "")) while (at > 0 && /\w/.test(full[at - 1] ?? "")) at -= 1;
  const [end, other] = [full.slice(at), empty.slice(at)];
  return at > 0 && letter.test(end.replace(listHole, "")) && letter.test(other) ? [end, other] : null;
}

/** The sentence without its last item; null where nobody has seen how that is said. */
export function emptiedText(
  edits: ReadonlyMap<string, string>,
  { before, after }: ListIn,
  names: Values,
): string | null {
  return turnedText(edits, emptiedMark, lift(`${before}${listHole}${after}`, names, []), names);
}

/** The sentence with its first item. */
export function filledText(
  edits: ReadonlyMap<string, string>,
  sentence: string,
  item: string,
  names: Values,
): string | null {
  return turnedText(edits, filledMark, lift(sentence, names, []), names)?.replace(listHole, () => item) ?? null;
}

/** The longest end that is known. */
function turnedText(edits: ReadonlyMap<string, string>, mark: string, lifted: string, names: Values): string | null {
  for (let at = Math.max(0, lifted.length - endCharsMax); at < lifted.length; at++) {
    const end =
      at > 0 && /\w/.test(lifted[at] ?? "") && /\w/.test(lifted[at - 1] ?? "")
        ? undefined
        : edits.get(mark + lifted.slice(at));
    if (end !== undefined) return putBack(lifted.slice(0, at) + end, names);
  }
  return null;
}

export interface EmptyCounts {
  add(full: string, empty: string): void;
  decided(): ReadonlyMap<string, string>;
}

const seenMin = 3;
const share = 0.6;
const countsMax = 4_000;

export function createEmptyCounts(): EmptyCounts {
  const counts = new Map<string, Map<string, number>>();
  const count = (key: string, outcome: string) => {
    const own = counts.get(key) ?? new Map<string, number>();
    if (!counts.has(key) && counts.size >= countsMax) return;
    counts.set(key, own);
    own.set(outcome, (own.get(outcome) ?? 0) + 1);
  };
  return {
    add(full, empty) {
      const ends = endsApart(full, empty);
      if (ends === null || !ends[0].includes(listHole) || ends.some(({ length }) => length > endCharsMax)) return;
      count(emptiedKey(ends[0]), ends[1]);
      count(filledKey(ends[1]), ends[0]);
    },
    decided() {
      const rules = new Map<string, string>();
      for (const [key, outcomes] of counts) {
        let [best, most, sum] = ["", 0, 0];
        for (const [outcome, times] of outcomes) {
          sum += times;
          if (times > most) [best, most] = [outcome, times];
        }
        if (most >= seenMin && most > share * sum) rules.set(key, best);
      }
      return rules;
    },
  };
}
