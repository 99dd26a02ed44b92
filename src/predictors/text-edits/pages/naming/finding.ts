/** Finds the things of texts that fit an argument, by what they are called, their kind, and what the action says of them. */
import type { Values } from "../../reading.ts";
import type { Node } from "../text/nodes.ts";
import type { Clauses, Pair } from "./clauses.ts";
import { aboutBonus, isAbout, type Kinds, levelOf, levels, nothing, rankOf, ranks } from "./fits.ts";

export interface Referent {
  readonly node: Node;
  /** In which of the texts it is shown. */
  readonly text: number;
  /** How well the argument fits: `ranks`. */
  readonly rank: number;
  /** Things that fit as well, at most 3, and how many names those have. */
  readonly count: number;
  readonly names: number;
  /** How far what the action says of it is so: `levels`. */
  readonly level: number;
  /** Things of which that may be so, however well they fit, at most 3. */
  readonly all: number;
}

/** How texts tie two things of these names. */
export interface Ties {
  readonly in: boolean;
  readonly with: boolean;
  readonly beside: boolean;
}

export interface Shown {
  readonly node: Node;
  readonly text: number;
}

/** Longer arguments name nothing: every part of one may be asked for every word of the other. */
const thingWordsMax = 8;
const countMax = 3;

/** The things of a text, and which of them fit what was looked for in it. */
export interface ReadNodes {
  readonly nodes: readonly Node[];
  readonly fitting: Map<string, readonly Fit[]>;
  /** The same for words of a kind. */
  readonly ofKind: Map<string, readonly Fit[]>;
}

interface Fit {
  readonly node: Node;
  readonly rank: number;
}

/** Arguments remembered of one text. */
const fittingMax = 64;

export interface Sought {
  readonly texts: readonly ReadNodes[];
  readonly args: Values;
  readonly owners: Values;
  readonly clauses: Clauses | undefined;
  readonly kinds: Kinds;
}

export function findOne(sought: Sought, at: number): Referent | null {
  const { args, owners, clauses } = sought;
  const arg = args[at] ?? "";
  const thing = arg.toLowerCase();
  if (thing === "" || thing.split(" ", thingWordsMax + 1).length > thingWordsMax) return null;
  const holder = clauses?.holders[at] ?? null;
  if (clauses !== undefined && (holder !== null || (clauses.held[at] ?? []).length > 0))
    return findSaid(sought, clauses, at, thing) ?? (holder === null ? null : onlyIn(findOne(sought, holder)));
  const others = args.filter((one) => one !== arg && one !== "").map((one) => one.toLowerCase());
  let best: { readonly node: Node; readonly text: number } | null = null;
  let rank = 0;
  let fitting: Node[] = [];
  let all = 0;
  for (const [text, fits] of fitsOf(sought, thing).entries()) {
    const isOfOther = others.includes(owners[text]?.toLowerCase() ?? "");
    for (const { node, rank: own } of fits) {
      all += 1;
      const its = own + (isOfOther || others.some((one) => isAbout(node, one)) ? aboutBonus : 0);
      if (its < rank) continue;
      if (its > rank) {
        [best, rank] = [{ node, text }, its];
        fitting = [];
      }
      fitting.push(node);
    }
  }
  if (best === null) return ownerOf(sought, thing);
  return { ...best, ...counted(fitting), rank: Math.floor(rank), level: levels.said, all: atMost(all) };
}

/** What has what another text than the page shows ("inventory"), as if it were a thing that holds it. */
function ownerOf({ texts, owners }: Sought, thing: string): Referent | null {
  const text = owners.findIndex((owner, at) => at > 0 && owner.toLowerCase() === thing);
  const kids = texts[text]?.nodes.filter(({ parent }) => parent === null);
  if (kids === undefined) return null;
  const node: Node = {
    ...{ name: thing, lower: thing, head: "", whole: thing, text: thing, opening: "" },
    ...{ parent: null, nth: 0, kids, holds: true, start: 0, inside: -1 },
  };
  return { node, text, rank: ranks.exact, count: 1, names: 1, level: levels.said, all: 1 };
}

/** Whether any text shows what the argument names. */
function isShownIn({ texts, args, owners }: Sought, at: number): boolean {
  const name = args[at]?.toLowerCase() ?? "";
  return owners.some((one) => one.toLowerCase() === name) || texts.some((one) => fittingIn(one, name).length > 0);
}

export function allOf(sought: Sought, at: number): readonly Shown[] {
  const { args, owners, clauses, kinds } = sought;
  let found: Shown[] = [];
  let level: number = levels.open;
  for (const [text, fits] of fitsOf(sought, args[at]?.toLowerCase() ?? "").entries())
    for (const { node, rank } of fits) {
      const said = clauses && { args, clauses, kinds, isShown: (other: number) => isShownIn(sought, other) };
      const own = said === undefined ? levels.said : levelOf(node, owners[text] ?? "", at, said);
      if ((rank < ranks.within && rank !== ranks.ofKind) || own < level) continue;
      if (own > level) [found, level] = [[], own];
      found.push({ node, text });
    }
  return found;
}

/** The thing of which most is so that the action says. */
function findSaid(sought: Sought, clauses: Clauses, at: number, thing: string): Referent | null {
  const { args, owners, kinds } = sought;
  const isShown = (other: number) => isShownIn(sought, other);
  let best: { readonly node: Node; readonly text: number } | null = null;
  let [rank, level, all] = [0, -1, 0];
  let fitting: Node[] = [];
  const allFits = fitsOf(sought, thing);
  // What is said of a thing does not make one of it that only has the words somewhere.
  const least = allFits.some((fits) => fits.some((one) => one.rank >= ranks.longer)) ? ranks.longer : 0;
  for (const [text, fits] of allFits.entries())
    for (const { node, rank: its } of fits) {
      if (its < least) continue;
      const own = levelOf(node, owners[text] ?? "", at, { args, clauses, kinds, isShown });
      all += Number(own >= levels.open);
      if (own < level || (own === level && its < rank)) continue;
      if (own > level || its > rank) {
        [best, rank, level] = [{ node, text }, its, own];
        fitting = [];
      }
      fitting.push(node);
    }
  return best === null ? null : { ...best, ...counted(fitting), rank: Math.floor(rank), level, all: atMost(all) };
}

/** What is all that another thing holds may be meant by any word for it. */
function onlyIn(holder: Referent | null): Referent | null {
  const [node, other] = holder?.node.kids ?? [];
  if (holder === null || node === undefined || other !== undefined) return null;
  return { ...holder, node, rank: 0, names: 1 };
}

function counted(fitting: readonly Node[]): Pick<Referent, "count" | "names"> {
  return { count: atMost(fitting.length), names: atMost(new Set(fitting.map(({ lower }) => lower)).size) };
}

function atMost(count: number): number {
  return Math.min(countMax, count);
}

export function tiesIn(texts: readonly ReadNodes[], { first, second }: Pair, owners: Values): Ties | null {
  const [one, other] = [first.toLowerCase(), second.toLowerCase()];
  const ties = { in: false, with: false, beside: false };
  const isOwner = owners.some((owner) => owner.toLowerCase() === other);
  let [isFirst, isSecond] = [false, other === nothing || isOwner];
  for (const [text, read] of texts.entries()) {
    const fitting = new Set(namedIn(read, other));
    isSecond ||= fitting.size > 0;
    const siblings = new Set([...fitting].flatMap(({ parent }) => (parent === null ? [] : [parent])));
    for (const node of namedIn(read, one)) {
      isFirst = true;
      const { parent, kids, holds } = node;
      ties.in ||= parent === null ? owners[text]?.toLowerCase() === other : fitting.has(parent);
      ties.with ||= other === nothing ? holds && kids.length === 0 : kids.some((kid) => fitting.has(kid));
      ties.beside ||= parent !== null && siblings.has(parent);
    }
  }
  return isFirst && isSecond ? ties : null;
}

/** Named so, and not only by words that stand somewhere. */
function namedIn(read: ReadNodes, thing: string): readonly Node[] {
  return fittingIn(read, thing).flatMap(({ node, rank }) => (rank >= ranks.longer ? [node] : []));
}

/** By text; where none shows what is named so, what is of the kind. */
function fitsOf({ texts, kinds }: Sought, thing: string): readonly (readonly Fit[])[] {
  const named = texts.map((one) => fittingIn(one, thing));
  const kind = kinds.get(thing);
  return kind === undefined || named.some(({ length }) => length > 0)
    ? named
    : texts.map((one) => ofKindIn(one, thing, kind));
}

function ofKindIn({ nodes, ofKind }: ReadNodes, thing: string, kind: ReadonlySet<string>): readonly Fit[] {
  const known = ofKind.get(thing);
  if (known !== undefined) return known;
  const found = nodes.filter(({ lower }) => kind.has(lower)).map((node) => ({ node, rank: ranks.ofKind }));
  if (ofKind.size >= fittingMax) ofKind.clear();
  ofKind.set(thing, found);
  return found;
}

function fittingIn(read: ReadNodes | undefined, thing: string): readonly Fit[] {
  if (read === undefined) return [];
  const known = read.fitting.get(thing);
  if (known !== undefined) return known;
  const words = thing.split(" ");
  const found: Fit[] = [];
  for (const node of read.nodes) {
    const rank = rankOf(node, thing, words);
    if (rank > 0) found.push({ node, rank });
  }
  if (read.fitting.size >= fittingMax) read.fitting.clear();
  read.fitting.set(thing, found);
  return found;
}
