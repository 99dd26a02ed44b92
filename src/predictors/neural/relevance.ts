/**
 * Which pieces of a situation are read where not all fit: those that are near (the state, the last steps) and those that speak of what the
 * action speaks of. Words that few pieces hold count for more (inverse document frequency); two words in a row ("lamp 3") for more still.
 */
import type { Entry } from "./reading.ts";
import type { Unit } from "./source.ts";
import { isWord } from "./tokens.ts";

/** A step with the very same action tells most. */
const sameActionBonus = 1.5;
const pairWeight = 2;
/** Too little room for any piece. */
const roomMin = 4;

/** At most `room` tokens, in the order given. */
export function chooseUnits(units: readonly Unit[], action: readonly Entry[], room: number): readonly Unit[] {
  const total = units.reduce((sum, unit) => sum + unit.entries.length, 0);
  if (total <= room) return units;
  const wanted = [...termsOf(action).terms];
  const actionText = termsOf(action).text;
  const frequency = new Map<string, number>();
  const held = units.map((unit) => {
    const { terms } = termsOf(unit.entries);
    const shared = wanted.filter((term) => terms.has(term));
    for (const term of shared) frequency.set(term, (frequency.get(term) ?? 0) + 1);
    return shared;
  });
  const whole = Math.log(units.length + 1);
  const scored = units.map((unit, at) => {
    let score = unit.base;
    for (const term of held[at] ?? []) {
      const rarity = (whole - Math.log(frequency.get(term) ?? 1)) / whole;
      score += rarity * (term.includes(" ") ? pairWeight : 1);
    }
    if (unit.age > 0 && termsOf(unit.entries).text === actionText) score += sameActionBonus;
    return { at, score, size: unit.entries.length };
  });
  scored.sort((a, b) => b.score - a.score || b.at - a.at);
  const taken = new Set<number>();
  let left = room;
  for (const { at, size } of scored) {
    if (size > left) continue;
    taken.add(at);
    left -= size;
    if (left < roomMin) break;
  }
  return units.filter((_, at) => taken.has(at));
}

interface Terms {
  /** Words in lower case, and pairs of words that follow each other. */
  readonly terms: ReadonlySet<string>;
  readonly text: string;
}

/** Pieces are read at many steps. */
const remembered = new WeakMap<readonly Entry[], Terms>();

function termsOf(entries: readonly Entry[]): Terms {
  const known = remembered.get(entries);
  if (known !== undefined) return known;
  const terms = new Set<string>();
  const words: string[] = [];
  let before: string | null = null;
  for (const entry of entries) {
    if (entry.form === "word") words.push(entry.word);
    const term = entry.form === "word" && isWord(entry.word) ? entry.word.toLowerCase() : null;
    if (term !== null) terms.add(term);
    if (term !== null && before !== null) terms.add(`${before} ${term}`);
    before = term;
  }
  const found = { terms, text: words.join(" ") };
  remembered.set(entries, found);
  return found;
}
