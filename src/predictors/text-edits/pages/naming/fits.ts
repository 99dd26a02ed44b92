/** How well a thing that a text shows fits an argument: by its name, and by what the action says of it. */
import type { Values } from "../../reading.ts";
import type { Node } from "../text/nodes.ts";
import { mentions } from "../text/words.ts";
import type { Clauses } from "./clauses.ts";

export const ranks = { ofKind: 0.25, byWords: 1, longer: 2, within: 3, exact: 4 } as const;
/** Of what another argument holds or has, what it holds, or what is named in its name. */
export const aboutBonus = 0.5;
/** "toilet drain": the drain that the toilet holds, not the toilet. */
const wordsBonus = 0.25;

/** English "nothing" is given, as in the reading of things. */
export const nothing = "nothing";

/** `thing`: in lower case, `words`: its words. 0: it is not named so. */
export function rankOf({ lower, whole }: Node, thing: string, words: readonly string[]): number {
  if (lower === thing) return ranks.exact;
  if (lower.includes(thing)) return mentions(lower, thing) ? ranks.within : 0;
  const isByWords = words.every((word) => whole.includes(word) && mentions(whole, word));
  if (words.length > 1 && thing.includes(lower) && mentions(thing, lower))
    return ranks.longer + (isByWords ? wordsBonus : 0);
  return isByWords ? ranks.byWords : 0;
}

export function isAbout({ lower, parent, kids, holds }: Node, other: string): boolean {
  if (mentions(lower, other)) return true;
  if (other === nothing ? holds && kids.length === 0 : kids.some((kid) => mentions(kid.lower, other))) return true;
  return parent !== null && (mentions(parent.lower, other) || mentions(other, parent.lower));
}

/** By words that name no thing that is shown ("something soft"): what things were called that they meant. All in lower case. */
export type Kinds = ReadonlyMap<string, ReadonlySet<string>>;

/** What the action says of a thing is not so, is so with more, may be so, is so. */
export const levels = { contrary: 0, less: 1, open: 2, said: 3 } as const;

interface Said {
  readonly args: Values;
  readonly clauses: Clauses;
  readonly kinds: Kinds;
  /** Whether any text shows what the argument names. */
  readonly isShown: (at: number) => boolean;
}

/** `owner`: what has what the text shows. */
export function levelOf(node: Node, owner: string, at: number, said: Said): number {
  const holder = said.clauses.holders[at] ?? null;
  const held = said.clauses.held[at] ?? [];
  return Math.min(
    holder === null ? levels.said : holderLevel(node, owner, holder, said),
    held.length === 0 ? levels.said : heldLevel(node, held, said),
  );
}

function holderLevel({ parent }: Node, owner: string, holder: number, said: Said): number {
  const name = said.args[holder]?.toLowerCase() ?? "";
  const isOwner = owner.toLowerCase() === name;
  if (parent === null) return isOwner ? levels.said : said.isShown(holder) ? levels.contrary : levels.open;
  if (isNamed(parent, name, said.kinds)) return levelOf(parent, owner, holder, said);
  for (let above = parent.parent; above !== null; above = above.parent)
    if (isNamed(above, name, said.kinds)) return levels.less;
  return isOwner ? levels.less : levels.contrary;
}

/** All that it holds is said, things of one name once. */
function heldLevel({ kids, holds }: Node, held: readonly number[], { args, kinds }: Said): number {
  if (!holds) return levels.open;
  const left = new Map(kids.map((kid) => [kid.lower, kid]));
  const names = held.map((at) => args[at]?.toLowerCase() ?? "");
  for (const name of names) {
    const found = [...left.values()].find((kid) => isNamed(kid, name, kinds));
    if (found === undefined && name !== nothing) return levels.contrary;
    if (found !== undefined) left.delete(found.lower);
  }
  if (left.size === 0) return levels.said;
  return names.includes(nothing) ? levels.contrary : levels.less;
}

function isNamed(node: Node, name: string, kinds: Kinds): boolean {
  return rankOf(node, name, name.split(" ")) >= ranks.longer || kinds.get(name)?.has(node.lower) === true;
}
