/** Which thing of the texts that show what is here an argument means, and what tells it apart from others of its name. */
import type { Values } from "../../reading.ts";
import { type ListIn, listIn } from "../events/lists.ts";
import { type Node, nodesOf } from "../text/nodes.ts";
import { segmentsOf } from "../text/sentences.ts";
import { mentions } from "../text/words.ts";
import type { Clauses, Named, Pair } from "./clauses.ts";
import { allOf, findOne, type ReadNodes, type Referent, type Shown, type Ties, tiesIn } from "./finding.ts";
import type { Kinds } from "./fits.ts";

const textsMax = 12;

/** Remembers what it has read in a text, and its last answers. */
export interface Finder {
  /** Of each argument; null where no text shows it. `owners`: of each text what has what it shows, a place or what is asked; empty: nobody knows. */
  find(texts: readonly string[], args: Values, owners?: Values, clauses?: Clauses): readonly (Referent | null)[];
  /** All that may be meant by an argument that are named so, where the texts show them: those of which most is so that the action says. */
  all(texts: readonly string[], named: Named, owners: Values, at: number): readonly Shown[];
  /** All things that the text shows. */
  nodesIn(text: string): readonly Node[];
  /** How the texts tie the two; null where one of them is not shown. */
  ties(texts: readonly string[], pair: Pair, owners: Values): Ties | null;
  /** The lists that a page's sentences end with. */
  listsIn(page: string): readonly ListIn[];
}

interface Asked {
  readonly texts: readonly string[];
  readonly args: Values;
  readonly owners: Values;
  readonly said: string;
  readonly found: readonly (Referent | null)[];
}

const lastMax = 8;

/** `titleEnd`: where the title of a page ends that is not its first line; null for other texts. */
export function createFinder(titleEnd: (text: string) => number | null = () => null, kinds: Kinds = new Map()): Finder {
  const read = new Map<string, ReadNodes>();
  let last: Asked[] = [];
  let listed: { readonly page: string; readonly lists: readonly ListIn[] } | null = null;

  function nodesIn(text: string): ReadNodes {
    const nodes = read.get(text) ?? { nodes: nodesOf(text, titleEnd(text)), fitting: new Map(), ofKind: new Map() };
    read.delete(text);
    read.set(text, nodes);
    const oldest = read.size > textsMax ? read.keys().next().value : undefined;
    if (oldest !== undefined) read.delete(oldest);
    return nodes;
  }

  return {
    find(texts, args, owners = [], clauses = undefined) {
      const said = clauses?.form ?? "";
      const isAsked = (one: Asked) =>
        one.said === said && areSame(one.args, args) && areSame(one.texts, texts) && areSame(one.owners, owners);
      const known = last.find(isAsked);
      if (known !== undefined) return known.found;
      const all = texts.map(nodesIn);
      const found = args.map((_, at) => findOne({ texts: all, args, owners, clauses, kinds }, at));
      last = [{ texts, args, owners, said, found }, ...last.slice(0, lastMax - 1)];
      return found;
    },
    all: (texts, { args, clauses }, owners, at) =>
      allOf({ texts: texts.map(nodesIn), args, owners, clauses, kinds }, at),
    nodesIn: (text) => nodesIn(text).nodes,
    ties: (texts, pair, owners) => tiesIn(texts.map(nodesIn), pair, owners),
    listsIn(page) {
      if (listed?.page !== page) listed = { page, lists: segmentsOf(page).flatMap(({ text }) => listIn(text) ?? []) };
      return listed.lists;
    },
  };
}

function areSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at]);
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
  // Things of a name in one place are told apart by their order there.
  const order = [referent.node.nth, parent?.nth ?? 0].map((nth) => (nth > 0 ? ` ${nth}` : "")).join("");
  return `${held} ${atMark}${referent.text === 0 ? here : ""}${order}`;
}

const atMark = "@ ";

/** The identity without the place. */
export function placeless(identity: string): string {
  const at = identity.indexOf(` ${atMark}`);
  return at < 0 ? identity : identity.slice(0, at);
}
