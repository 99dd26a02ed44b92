/** What an action's arguments mean where it is asked: which things of the texts that show what is here, and what answers may call them. */
import type { Values } from "../../reading.ts";
import { amountsTold } from "../amounts/ledger.ts";
import { type PageBelief, placeTold } from "../belief.ts";
import type { ListIn } from "../events/lists.ts";
import { amount, type Grammar } from "../grammar.ts";
import { blocksOf, pageNaming, seenFrom } from "../places.ts";
import type { PageStructure } from "../structure.ts";
import { firstWord } from "../text/cut.ts";
import { listed } from "../text/items.ts";
import type { Told } from "../text/lift.ts";
import { neighboursOf } from "../text/neighbours.ts";
import type { Node } from "../text/nodes.ts";
import { partnersOf } from "../text/partners.ts";
import { mentions } from "../text/words.ts";
import type { Named, Pair } from "./clauses.ts";
import type { Referent, Shown, Ties } from "./finding.ts";
import { type Candidates, inLettersOf, shortened } from "./names.ts";
import { identityOf, type Surroundings } from "./referents.ts";

/** What may stand in an answer besides what the action and the context name. */
export function besideOf(structure: PageStructure, belief: PageBelief, named: Named): readonly Told[] {
  const { text, registerShown } = belief;
  const { args } = named;
  const beside = neighboursOf(structure.separator, text, args);
  return [
    ...amountsTold(structure.grammar, args),
    ...listsTold(belief, args),
    ...placesTold(structure, belief, args),
    ...heldBy(referentsOf(belief, named)),
    ...onlyTold(referentsOf(belief, named), args),
    ...partnersTold(structure, belief, args),
    ...tiedTold(structure, belief, named),
    ...beside,
    ...(registerShown === null ? [] : [registerShown]),
    ...placeTold(belief, args),
  ];
}

/** The blocks of pages whose places the arguments name, and of answers to the actions that they name. */
function placesTold(structure: PageStructure, belief: PageBelief, args: Values): readonly Told[] {
  return args.flatMap((arg, at) => {
    const answer = belief.read.get(arg);
    if (answer !== undefined) return blocksOf(answer.text, String(at));
    const title = belief.places.has(arg) ? pageNaming(belief, arg) : null;
    const page = title === null ? undefined : belief.pages.get(title);
    return page === undefined ? [] : blocksOf(title === belief.current ? page : seenFrom(structure, page), String(at));
  });
}

/** What the things that the arguments mean hold, one a line, and what is said before it. */
function heldBy(referents: readonly (Referent | null)[]): readonly Told[] {
  return referents.flatMap((one, at) => {
    if (one === null || !one.node.holds) return [];
    const { kids, opening } = one.node;
    const held = kids.map(({ text }) => text).join("\n\t");
    const told = opening === "" ? [] : [{ name: `opening ${at}`, text: opening, sentences: [] }];
    return kids.length === 0 ? told : [...told, { name: `held ${at}`, text: held, sentences: [] }];
  });
}

/** What is all that an argument holds, by name, where the action does not name it. */
function onlyTold(referents: readonly (Referent | null)[], args: Values): readonly Told[] {
  return referents.flatMap((one, at): readonly Told[] => {
    const [kid, other] = one?.node.kids ?? [];
    if (kid === undefined || other !== undefined) return [];
    const isNamed = args.some((arg) => mentions(kid.name, arg) || mentions(arg, kid.name));
    return isNamed ? [] : [{ name: `only ${at}`, text: kid.name, sentences: [] }];
  });
}

/** What the context names together with the arguments. */
function partnersTold({ grammar }: PageStructure, { told }: PageBelief, args: Values): readonly Told[] {
  return args.flatMap((arg, at) =>
    partnersOf(told, grammar.functionWords, arg).map(({ word, text }) => ({
      name: `partner ${at} ${word}`,
      text,
      sentences: [],
    })),
  );
}

/** What the page lists of each argument; null where it does not. */
export function listsHere({ current, pages, finder }: PageBelief, args: Values): readonly (ListIn | null)[] {
  const page = current === null ? undefined : pages.get(current);
  const lists = page === undefined || args.length === 0 ? [] : finder.listsIn(page);
  return args.map((arg) => lists.find(({ before, after }) => mentions(before, arg) || mentions(after, arg)) ?? null);
}

function listsTold(belief: PageBelief, args: Values): readonly Told[] {
  return listsHere(belief, args).flatMap((list, at) =>
    list === null ? [] : [{ name: `shown ${at}`, text: listed(list.items), sentences: [] }],
  );
}

/** What is most likely meant by each argument, before it is answered. */
export function meant({ grammar }: PageStructure, belief: PageBelief, named: Named): Values {
  const referents = referentsOf(belief, named);
  return candidatesOf(belief, named).map(([, called, shown], at) =>
    wholeName(grammar, referents[at] ?? null, called ?? shown ?? named.args[at] ?? ""),
  );
}

/** "door" of the "door to the yard": the name that the page gives it, where it goes on with a function word, which tells it apart. */
export function wholeName({ functionWords }: Grammar, one: Referent | null, called: string): string {
  const start = `${called} `;
  if (one === null || called === "" || !one.node.name.startsWith(start)) return called;
  return functionWords.has(firstWord(one.node.name.slice(start.length))) ? one.node.name : called;
}

interface Slot {
  readonly text: string;
  readonly put: (text: string) => void;
}

/** What shows what is here: the page that is looked at, and answers to actions that name nothing. */
function shownHere({ current, pages, read, text: shown, isOfFields }: PageBelief) {
  if (isOfFields) return { page: undefined, answers: [] };
  return {
    page: current === null ? shown : pages.get(current),
    answers: [...read.values()].filter(({ action, text }) => action.args.length === 0 && isList(text)),
  };
}

/** Several lines, and those behind the first do not only say something. */
function isList(text: string): boolean {
  const [, ...lines] = text.split("\n");
  return lines.some((line) => line !== "" && (/^\s/.test(line) || !/[.!?]$/.test(line)));
}

/** The page first. */
export function slotsHere(belief: PageBelief): readonly Slot[] {
  const { current, pages } = belief;
  const { page, answers } = shownHere(belief);
  const slots: Slot[] = answers.map((answer) => ({
    text: answer.text,
    put: (text) => void Object.assign(answer, { text }),
  }));
  if (page === undefined) return slots;
  return [{ text: page, put: (text) => void (current === null ? undefined : pages.set(current, text)) }, ...slots];
}

/** The texts of `slotsHere`. */
function textsHere(belief: PageBelief): readonly string[] {
  const { page, answers } = shownHere(belief);
  const texts = answers.map(({ text }) => text);
  return page === undefined ? texts : [page, ...texts];
}

/** Whether one of these texts names it. */
export function isHere(belief: PageBelief, name: string): boolean {
  return textsHere(belief).some((text) => mentions(text, name));
}

export function referentsOf(belief: PageBelief, { args, clauses }: Named): readonly (Referent | null)[] {
  const { texts, owners } = ownedHere(belief);
  return belief.finder.find(texts, args, owners, clauses);
}

/** All that may be meant by an argument, and what has it: a place, or what was asked. */
export function allHere(belief: PageBelief, named: Named, at: number): readonly (Shown & { readonly owner: string })[] {
  const { texts, owners } = ownedHere(belief);
  const own = belief.finder.all(texts, named, owners, at);
  return own.map((one) => ({ ...one, owner: owners[one.text] ?? "" }));
}

/** How what is shown here ties the two; null where one of them is not shown. */
export function tiesHere(belief: PageBelief, pair: Pair): Ties | null {
  const { texts, owners } = ownedHere(belief);
  return belief.finder.ties(texts, pair, owners);
}

/** What shows what is here, and what has it: the place, and what was asked. */
function ownedHere(belief: PageBelief): { readonly texts: readonly string[]; readonly owners: Values } {
  const { page, answers } = shownHere(belief);
  const texts = answers.map(({ text }) => text);
  const owners = answers.map(({ actionText }) => actionText);
  if (page === undefined) return { texts, owners };
  const place = belief.current === null ? undefined : belief.names.get(belief.current);
  return { texts: [page, ...texts], owners: [place ?? "", ...owners] };
}

/** What the arguments are, told apart from others of their names. `called`: what answers call them, as far as is known. */
export function identitiesOf(
  { links: { roaming } }: Pick<PageStructure, "links">,
  belief: PageBelief,
  named: Named,
  called: Values,
): readonly string[] {
  const surroundings = surroundingsOf(belief, roaming);
  const meant = referentsOf(belief, named);
  return called.map((name, at) => {
    const own = meant[at] ?? null;
    const lower = name.toLowerCase();
    const isIt = own !== null && (mentions(own.node.lower, lower) || mentions(lower, own.node.lower));
    return identityOf(name, isIt ? own : (belief.finder.find(textsHere(belief), [name])[0] ?? null), surroundings);
  });
}

function surroundingsOf({ current, names, places }: PageBelief, roaming: ReadonlySet<string>): Surroundings {
  return { here: current === null ? null : (names.get(current) ?? current), places, roaming };
}

const tiedMax = 4;

/** Of the things that each argument holds the names of those that are tied, but of what the action names itself. */
export function tiedIn(
  { links: { roaming } }: Pick<PageStructure, "links">,
  belief: PageBelief,
  named: Named,
): readonly Values[] {
  const { links } = belief;
  const { args } = named;
  if (links.size === 0) return args.map(() => []);
  const surroundings = surroundingsOf(belief, roaming);
  return referentsOf(belief, named).map((one) => {
    if (one === null) return [];
    const isTied = (node: Node) => (links.get(identityOf(node.name, { ...one, node }, surroundings))?.size ?? 0) > 0;
    const tied = one.node.kids.filter((node) => isTied(node) && !args.some((arg) => mentions(node.name, arg)));
    return tied.slice(0, tiedMax).map(({ name }) => name);
  });
}

function tiedTold(structure: PageStructure, belief: PageBelief, named: Named): readonly Told[] {
  return tiedIn(structure, belief, named).flatMap((names, at) =>
    names.map((text, place) => ({ name: `tied ${at} ${place}`, text, sentences: [] })),
  );
}

/** What each argument may be called, but for what other worlds tell. */
export function candidatesOf(belief: PageBelief, named: Named): readonly Candidates[] {
  const texts = textsHere(belief);
  const referents = referentsOf(belief, named);
  return named.args.map((arg, at): Candidates => {
    // An amount is no thing.
    if (amount.test(arg)) return [arg];
    const shown = referents[at]?.node.name ?? null;
    const [last, first, most, more] = shortened(arg);
    return [
      arg,
      belief.called.get(arg) ?? null,
      shown,
      last,
      first,
      shown === null ? null : (shown.split(" ").at(-1) ?? null),
      most,
      more,
      inLettersOf(texts, arg),
    ];
  });
}

/** What is a name of another argument, and none of its own, calls no other thing. */
export function isOfAnother(candidate: string, args: Values, at: number): boolean {
  if (mentions(args[at] ?? "", candidate)) return false;
  return args.some((arg, other) => other !== at && mentions(arg, candidate));
}
