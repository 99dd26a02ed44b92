/**
 * Which end of a thing an answer takes ("terminal 1 on the wire"): a forest of the thing and of what it is tied to, not of the action and not of
 * the other thing. In templates an end and the name behind it are one hole.
 */
import { greatest, vote } from "../../../lifted/forest.ts";
import { hashText, mix } from "../../../lifted/hash.ts";
import { follow } from "../../../lifted/ordered-labels.ts";
import { families } from "../../../lifted/tokens.ts";
import type { Rules } from "../../engine.ts";
import { put } from "../../features.ts";
import { hole, shownTemplate, type Values } from "../../reading.ts";
import type { Store } from "../../store.ts";
import { teachRow } from "../../teach.ts";
import { TokenWriter } from "../../token-writer.ts";
import type { PageBelief } from "../belief.ts";
import type { Asked } from "../choice/sources.ts";
import { type Mention, mentionsIn } from "../events/links.ts";
import type { PageStructure } from "../structure.ts";
import { type Told, toldHole } from "../text/lift.ts";
import { mentions } from "../text/words.ts";
import { identitiesOf, referentsOf } from "./here.ts";
import { givenOr, type Names } from "./naming.ts";
import { placeless } from "./referents.ts";

/** The key of the forest; no verb has it. */
export const endChoice = "\u0004end";
const phraseMark = "\u0004phrase ";
const endName = "end ";

/** In words. */
export function shownEnd(label: string): string {
  return `an answer names a thing behind "${label.slice(phraseMark.length)}"`;
}

export interface End {
  /** Which argument. */
  readonly at: number;
  readonly phrase: string;
  /** Where the phrase and the name stand. */
  readonly from: number;
  readonly to: number;
}

/** The ends that an answer names, in its order. */
export function endsIn(text: string, called: Values, phrases: ReadonlySet<string>): readonly End[] {
  if (phrases.size === 0) return [];
  return mentionsIn(text, called).flatMap((one): readonly End[] => {
    const phrase = phraseOf(one, phrases);
    return phrase === null ? [] : [{ at: one.at, phrase, from: one.from - phrase.length - 1, to: one.to }];
  });
}

/** The longest that stands right before the mention. */
function phraseOf({ before }: Mention, phrases: ReadonlySet<string>): string | null {
  const words = before.split(" ");
  for (let from = 0; from < words.length; from++) {
    const phrase = words.slice(from).join(" ");
    if (phrases.has(phrase)) return phrase;
  }
  return null;
}

/** The text with its ends taken out. */
export function withoutEnds(text: string, ends: readonly End[]): string {
  let lifted = text;
  for (const { at, from, to } of [...ends].reverse()) lifted = lifted.slice(0, from) + endHole(at) + lifted.slice(to);
  return lifted;
}

function endHole(at: number): string {
  return hole(toldHole(`${endName}${at}`));
}

export function namesEnd(label: string): boolean {
  return label.includes(toldHole(endName));
}

/** Which argument's end the name of a hole means; null where it means something else. */
export function endOf(name: string): number | null {
  return name.startsWith(endName) ? Number(name.slice(endName.length)) : null;
}

const { action: ofForm, relation: ofRelation, name: ofName, parent: ofParent, addressed: ofAddressed } = families;
const { self: ofSelf } = families;
const writer = new TokenWriter(null);

/** What is known of the ends of each argument. */
type Write = (target: TokenWriter, at: number) => void;

function writerOf(pages: PageStructure, belief: PageBelief, { action }: Asked, names: Values): Write {
  const { links } = belief;
  const { args } = action;
  const referents = referentsOf(belief, action);
  const ids = identitiesOf(pages, belief, action, names);
  return (target, at) => {
    target.begin();
    const [id = "", name = ""] = [ids[at], names[at]];
    put(target, ofForm, 501, at, () => `it is <${at}>`);
    put(target, ofForm, 502, hashText(action.template), () => `the action is ${shownTemplate(action.template)}`);
    put(target, ofName, 503, hashText(name), () => `the thing is "${name}"`);
    put(target, ofName, 504, hashText(name.split(" ").at(-1) ?? ""), () => `the last word of its name is of "${name}"`);
    const own = links.get(id);
    put(target, ofRelation, 505, Math.min(4, own?.size ?? 0), () => `${own?.size ?? 0} of its ends are taken`);
    for (const [end, { other, step }] of own ?? []) {
      put(target, ofRelation, 506, hashText(end), () => `its "${end}" is taken`);
      if (ids.includes(other)) put(target, ofAddressed, 507, hashText(end), () => `its "${end}" is tied to the other`);
      const isNew = Number(belief.steps - step < newSteps);
      put(
        target,
        ofParent,
        mix(508, isNew),
        hashText(end),
        () => `its "${end}" was taken ${isNew ? "" : "not "}lately`,
      );
    }
    for (const [other, its] of links)
      if (other !== id && placeless(other) === placeless(id))
        for (const end of its.keys())
          put(target, ofSelf, 509, hashText(end), () => `"${end}" of another of its name is taken`);
    for (const phrase of pages.links.phrases)
      for (const [from, arg] of args.entries())
        if (phrase.split(" ").length > 1 && mentions(arg, phrase.slice(0, phrase.lastIndexOf(" "))))
          put(target, ofRelation, mix(510, Math.sign(from - at)), hashText(phrase), () => `<${from}> says "${phrase}"`);
    const referent = referents[at] ?? null;
    put(target, ofParent, 511, referent?.rank ?? 0, () => `it is ${referent === null ? "not " : ""}shown`);
    if (referent !== null)
      put(
        target,
        ofSelf,
        512,
        hashText(referent.node.head),
        () => `of it is said "${referent.node.head.slice(0, 80)}"`,
      );
    for (const [other, its] of ids.entries())
      if (other < at && its === id) put(target, ofRelation, 513, 1, () => `<${at}> and <${other}> are the same`);
  };
}

const newSteps = 4;

let shares = new Float64Array(16);

export interface ChosenEnds {
  readonly told: readonly Told[];
  /** Of each argument, how sure its end is. */
  readonly shares: readonly number[];
}

/** The likeliest end of each argument, with the name behind it. */
export function endsFor(
  rules: Rules,
  pages: PageStructure,
  belief: PageBelief,
  asked: Asked,
  names: Names,
): ChosenEnds {
  const choice = rules.choiceOf(endChoice);
  if (choice === undefined) return { told: [], shares: [] };
  const { forest, templates, ordered } = choice;
  if (shares.length < templates.length) shares = new Float64Array(2 * templates.length);
  const write = writerOf(pages, belief, asked, givenOr(names, asked.action.args));
  const sets = [writer.set];
  const told: Told[] = [];
  const sure = names.map((name, at) => {
    write(writer, at);
    let best = vote(forest, sets, shares);
    if (ordered !== undefined) best = follow(ordered, sets, shares)[0] ?? greatest(shares, templates.length);
    const share = shares[best] ?? 0;
    // All ends are deleted, or all names of the thing.
    if (share < 0 || name === null) return 0;
    const phrase = (templates[best] ?? "").slice(phraseMark.length);
    told.push({ name: `${endName}${at}`, text: `${phrase} ${name}`, sentences: [] });
    return Math.min(1, share);
  });
  return { told, shares: sure };
}

/** Of all ends in the template. */
export function surenessOf(label: string, { shares }: ChosenEnds): number {
  return shares.reduce((all, share, at) => (label.includes(endHole(at)) ? all * share : all), 1);
}

export function learnEnds(
  { templates, trainer }: Store,
  pages: PageStructure,
  belief: PageBelief,
  asked: Asked,
  called: Values,
  ends: readonly End[],
): void {
  if (ends.length === 0) return;
  const write = writerOf(pages, belief, asked, called);
  for (const { at, phrase } of ends) {
    const label = templates.of(`${phraseMark}${phrase}`);
    if (label === null) continue;
    write(writer, at);
    teachRow(trainer, writer, endChoice, [label]);
  }
}
