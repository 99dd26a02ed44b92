/**
 * Mentions of a thing by what holds it or by what it holds: "paint in cup", "cup containing nothing in box". Which words stand between is
 * learnt (joins.ts); which of the two holds the other the things of the text tell. English "and" and "nothing" are given.
 */
import type { Node } from "./nodes.ts";
import { mentions } from "./words.ts";

export interface Fit {
  readonly node: Node;
  readonly rank: number;
}

/** What shows things: its title names what holds them all. */
export interface Shown {
  readonly joins: ReadonlySet<string>;
  /** In lower case. */
  readonly title: string;
  /** The things that fit a phrase. */
  readonly fitting: (phrase: string) => readonly Fit[];
}

const nothing = "nothing";
const and = " and ";

/** The things that fit the beginning of the phrase and hold, or are held by, what its end says; of several places to part it, the first. */
export function compoundIn(shown: Shown, words: readonly string[]): readonly Fit[] {
  for (let at = 1; at + 1 < words.length; at++) {
    if (!shown.joins.has(words[at] ?? "")) continue;
    const end = words.slice(at + 1).join(" ");
    const found = shown
      .fitting(words.slice(0, at).join(" "))
      .filter(({ node }) => isHeldBy(shown, node, end) || holdsAll(shown, node, end));
    if (found.length > 0) return found;
  }
  return [];
}

function isHeldBy(shown: Shown, { parent }: Node, holder: string): boolean {
  if (parent === null) return mentions(shown.title, holder);
  const holders = shown.fitting(holder);
  for (let one: Node | null = parent; one !== null; one = one.parent)
    if (holders.some(({ node }) => node === one)) return true;
  return false;
}

function holdsAll(shown: Shown, { kids, holds }: Node, held: string): boolean {
  if (held === nothing) return holds && kids.length === 0;
  return kids.length > 0 && held.split(and).every((one) => shown.fitting(one).some(({ node }) => kids.includes(node)));
}
