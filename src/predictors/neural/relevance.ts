/**
 * Which pieces of a situation are read where not all fit: those that are near (the state, the last steps) and those that speak of what the
 * action speaks of. Words that few pieces hold count for more (inverse document frequency); two words in a row ("drawer 3") for more still.
 */
import type { Entry, Unit } from "./source.ts";
import { isWord } from "./tokens.ts";

/** A step with the very same action tells most. */
const sameActionBonus = 1.5;
const pairWeight = 2;

/** At most `room` tokens, in the order given. */
export function chooseUnits(units: readonly Unit[], action: readonly string[], room: number): readonly Unit[] {
  const total = units.reduce((sum, unit) => sum + unit.entries.length, 0);
  if (total <= room) return units;
  const wanted = termsOf(action);
  const held = units.map((unit) => {
    const terms = termsOf(unit.entries.map(wordOf));
    return [...wanted].filter((term) => terms.has(term));
  });
  const frequency = new Map<string, number>();
  for (const terms of held) for (const term of terms) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  const actionText = action.join(" ");
  const scored = units.map((unit, at) => {
    let score = unit.base;
    for (const term of held[at] ?? []) {
      const rarity = Math.log((units.length + 1) / (frequency.get(term) ?? 1)) / Math.log(units.length + 1);
      score += rarity * (term.includes(" ") ? pairWeight : 1);
    }
    if (unit.age > 0 && textOf(unit) === actionText) score += sameActionBonus;
    return { at, score, size: unit.entries.length };
  });
  scored.sort((a, b) => b.score - a.score || b.at - a.at);
  const taken = new Set<number>();
  let left = room;
  for (const { at, size } of scored) {
    if (size > left) continue;
    taken.add(at);
    left -= size;
    if (left < 4) break;
  }
  return units.filter((_, at) => taken.has(at));
}

/** Words, and pairs of words that follow each other. */
function termsOf(words: readonly (string | null)[]): Set<string> {
  const terms = new Set<string>();
  let before: string | null = null;
  for (const word of words) {
    const term = word !== null && isWord(word) ? word.toLowerCase() : null;
    if (term !== null) terms.add(term);
    if (term !== null && before !== null) terms.add(`${before} ${term}`);
    before = term;
  }
  return terms;
}

function wordOf(entry: Entry): string | null {
  return entry.form === "word" ? entry.word : null;
}

function textOf(unit: Unit): string {
  return unit.entries.flatMap((entry) => (entry.form === "word" ? [entry.word] : [])).join(" ");
}
