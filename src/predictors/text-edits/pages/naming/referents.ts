/** Which thing of the texts that show what is here an argument means, and what tells it apart from others of its name. */
import type { Values } from "../../reading.ts";
import { type ListIn, listIn } from "../events/lists.ts";
import { type Node, nodesOf } from "../text/nodes.ts";
import { segmentsOf } from "../text/sentences.ts";
import { mentions } from "../text/words.ts";

export interface Referent {
  readonly node: Node;
  /** In which of the texts it is shown. */
  readonly text: number;
  /** How well the argument fits: `ranks`. */
  readonly rank: number;
  /** Things that fit as well, at most 3, and how many names those have. */
  readonly count: number;
  readonly names: number;
}

const ranks = { byWords: 1, longer: 2, within: 3, exact: 4 } as const;
/** Of what another argument holds or has, what it holds, or what is named in its name. */
const aboutBonus = 0.5;

/** "toilet drain": the drain that the toilet holds, not the toilet. */
const wordsBonus = 0.25;

/** Longer arguments name nothing: every part of one may be asked for every word of the other. */
const thingWordsMax = 8;
const textsMax = 12;
const countMax = 3;

/** Remembers what it has read in a text, and its last answers. */
export interface Finder {
  /** Of each argument; null where no text shows it. `owners`: of each text what has what it shows, a place or what is asked; empty: nobody knows. */
  find(texts: readonly string[], args: Values, owners?: Values): readonly (Referent | null)[];
  /** The lists that a page's sentences end with. */
  listsIn(page: string): readonly ListIn[];
}

interface Asked {
  readonly texts: readonly string[];
  readonly args: Values;
  readonly owners: Values;
  readonly found: readonly (Referent | null)[];
}

const lastMax = 8;
const nothing = "nothing";

/** The things of a text, and which of them fit what was looked for in it. */
interface ReadNodes {
  readonly nodes: readonly Node[];
  readonly fitting: Map<string, readonly Fit[]>;
}

interface Fit {
  readonly node: Node;
  readonly rank: number;
}

/** Arguments remembered of one text. */
const fittingMax = 64;

/** `titleEnd`: where the title of a page ends that is not its first line; null for other texts. */
export function createFinder(titleEnd: (text: string) => number | null = () => null): Finder {
  const read = new Map<string, ReadNodes>();
  let last: Asked[] = [];
  let listed: { readonly page: string; readonly lists: readonly ListIn[] } | null = null;

  function nodesIn(text: string): ReadNodes {
    const nodes = read.get(text) ?? { nodes: nodesOf(text, titleEnd(text)), fitting: new Map() };
    read.delete(text);
    read.set(text, nodes);
    const oldest = read.size > textsMax ? read.keys().next().value : undefined;
    if (oldest !== undefined) read.delete(oldest);
    return nodes;
  }

  return {
    find(texts, args, owners = []) {
      const isAsked = (one: Asked) =>
        areSame(one.args, args) && areSame(one.texts, texts) && areSame(one.owners, owners);
      const known = last.find(isAsked);
      if (known !== undefined) return known.found;
      const all = texts.map(nodesIn);
      const found = args.map((arg) => findOne(all, arg, args, owners));
      last = [{ texts, args, owners, found }, ...last.slice(0, lastMax - 1)];
      return found;
    },
    listsIn(page) {
      if (listed?.page !== page) listed = { page, lists: segmentsOf(page).flatMap(({ text }) => listIn(text) ?? []) };
      return listed.lists;
    },
  };
}

function areSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at]);
}

function findOne(texts: readonly ReadNodes[], arg: string, args: Values, owners: Values): Referent | null {
  const thing = arg.toLowerCase();
  if (thing === "" || thing.split(" ", thingWordsMax + 1).length > thingWordsMax) return null;
  const others = args.filter((one) => one !== arg && one !== "").map((one) => one.toLowerCase());
  let best: { readonly node: Node; readonly text: number } | null = null;
  let rank = 0;
  let fitting: Node[] = [];
  for (let text = 0; text < texts.length; text++) {
    const isOfOther = others.includes(owners[text]?.toLowerCase() ?? "");
    for (const { node, rank: own } of fittingIn(texts[text], thing)) {
      const its = own + (isOfOther || others.some((one) => isAbout(node, one)) ? aboutBonus : 0);
      if (its < rank) continue;
      if (its > rank) {
        [best, rank] = [{ node, text }, its];
        fitting = [];
      }
      fitting.push(node);
    }
  }
  if (best === null) return null;
  const names = new Set(fitting.map(({ lower }) => lower)).size;
  return {
    ...best,
    rank: Math.floor(rank),
    count: Math.min(countMax, fitting.length),
    names: Math.min(countMax, names),
  };
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

function rankOf({ lower, whole }: Node, thing: string, words: readonly string[]): number {
  if (lower === thing) return ranks.exact;
  if (lower.includes(thing)) return mentions(lower, thing) ? ranks.within : 0;
  const isByWords = words.every((word) => whole.includes(word) && mentions(whole, word));
  if (words.length > 1 && thing.includes(lower) && mentions(thing, lower))
    return ranks.longer + (isByWords ? wordsBonus : 0);
  return isByWords ? ranks.byWords : 0;
}

/** English "nothing" is given, as in the reading of things. */
function isAbout({ lower, parent, kids, holds }: Node, other: string): boolean {
  if (mentions(lower, other)) return true;
  if (other === nothing ? holds && kids.length === 0 : kids.some((kid) => mentions(kid.lower, other))) return true;
  return parent !== null && (mentions(parent.lower, other) || mentions(other, parent.lower));
}

export interface Surroundings {
  /** The name of the place; null where that is not known. */
  readonly here: string | null;
  /** Names of places. */
  readonly places: ReadonlySet<string>;
  /** Names of things that are wherever one goes. */
  readonly roaming: ReadonlySet<string>;
}

/** The lower-case name of a thing with what tells it apart from things of the same name: what holds it, and the place. */
export function identityOf(name: string, referent: Referent | null, { here, places, roaming }: Surroundings): string {
  const own = (referent?.node.lower ?? name).toLowerCase();
  if (places.has(name)) return name;
  if (here === null || referent === null || roaming.has(own)) return own;
  for (const place of places)
    if (place !== here && mentions(own, place)) {
      // What leads from one place to another is the same from there.
      return `${own.replace(place, "")} ${atMark}${place < here ? `${place} ${here}` : `${here} ${place}`}`;
    }
  const { parent } = referent.node;
  const held = parent === null ? own : `${own} in ${parent.lower}`;
  return `${held} ${atMark}${referent.text === 0 ? here : ""}`;
}

const atMark = "@ ";

/** The identity without the place. */
export function placeless(identity: string): string {
  const at = identity.indexOf(` ${atMark}`);
  return at < 0 ? identity : identity.slice(0, at);
}
