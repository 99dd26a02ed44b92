/** What a step was, as later texts are told by it. */
import type { Values } from "../../reading.ts";
import type { PageBelief } from "../belief.ts";
import type { ClausedAction } from "../naming/clauses.ts";
import type { Referent } from "../naming/finding.ts";
import { referentsOf, slotsHere, wholeName } from "../naming/here.ts";
import type { PageStructure } from "../structure.ts";
import { itemOf } from "../text/items.ts";
import { listHole } from "../text/lift.ts";
import { mentions } from "../text/words.ts";
import type { PageEvent } from "./event.ts";
import { listIn } from "./lists.ts";

interface Answered {
  readonly action: ClausedAction;
  readonly actionText: string;
  /** What the answer calls the arguments. */
  readonly called: Values;
  /** `Done`. */
  readonly key: string;
  readonly order: readonly number[];
  /** `formOf`. */
  readonly form: string;
  readonly body: string;
}

const saidCharsMax = 200;

export function eventOf(
  structure: PageStructure,
  belief: PageBelief,
  { action, actionText, called, key, order, form, body }: Answered,
): PageEvent {
  const { current: from, steps } = belief;
  const referents = referentsOf(belief, action);
  const things = called.map((name, at) => wholeName(structure.grammar, referents[at] ?? null, name));
  const names = order.map((at) => things[at] ?? "");
  const first = referents[order[0] ?? -1] ?? null;
  return {
    key,
    actionText,
    names: [...names, from === null ? "" : (belief.names.get(from) ?? "")],
    items: names.map((name) => (name === "" ? null : itemHere(structure, belief, name))),
    said: body.slice(0, saidCharsMax),
    held: first?.node.kids.map(({ lower }) => lower) ?? [],
    at: first === null ? 0 : orderOf(belief, first),
    toward: towardOf(belief, names),
    listed: form.includes(listHole) ? (listIn(body)?.items ?? []) : [],
    from,
    step: steps,
  };
}

function orderOf(belief: PageBelief, { node, text }: Referent): number {
  const nodes = belief.finder.nodesIn(slotsHere(belief)[text]?.text ?? "");
  return Math.max(0, nodes.filter(({ lower }) => lower === node.lower).indexOf(node));
}

/** As the page or what is held shows it, else as is usual. */
function itemHere({ usual }: PageStructure, { pages, current, read }: PageBelief, name: string): string {
  const page = current === null ? undefined : pages.get(current);
  const found = page === undefined ? null : itemOf(page, name);
  if (found !== null) return found;
  for (const { action, text } of [...read.values()].reverse()) {
    const item = action.args.includes(name) ? null : itemOf(text, name);
    if (item !== null && !definite.test(item)) return item;
  }
  return usual.get(name) ?? `${/^[aeiou]/i.test(name) ? "an" : "a"} ${name}`;
}

/** An answer speaks of it, and shows it not. */
const definite = /^the /i;

/** Places that names of things name. */
function towardOf({ places }: PageBelief, names: Values): Values {
  return [...places].filter((place) => names.some((name) => name !== place && mentions(name, place)));
}
