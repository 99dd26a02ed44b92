/** Which of its names an answer calls a thing by: a forest of the thing, not of the action. */
import { vote } from "../../../lifted/forest.ts";
import { hashText, mix } from "../../../lifted/hash.ts";
import { follow } from "../../../lifted/ordered-labels.ts";
import { families } from "../../../lifted/tokens.ts";
import { counted } from "../../../words.ts";
import { isDeleted } from "../../chosen.ts";
import type { Rules } from "../../engine.ts";
import { put } from "../../features.ts";
import { shownTemplate, type Values } from "../../reading.ts";
import type { Store } from "../../store.ts";
import { teachRow } from "../../teach.ts";
import { TokenWriter } from "../../token-writer.ts";
import type { PageBelief } from "../belief.ts";
import type { Asked } from "../choice/sources.ts";
import type { TextMemory } from "../choice/texts.ts";
import { mentions } from "../text/words.ts";
import type { Named } from "./clauses.ts";
import { candidatesOf, isHere, isOfAnother } from "./here.ts";
import { type Candidates, firstTwo, joinedBy, nameKinds } from "./names.ts";

/** The key of the forest; no verb has it. */
export const nameChoice = "\u0004name";
const kindMark = "\u0004kind ";

/** In words. */
export function shownKind(label: string): string {
  return `an answer names a thing ${nameKinds[Number(label.slice(kindMark.length))] ?? "in another way"}`;
}

const { action: ofForm, relation: ofRelation, name: ofName, parent: ofParent, addressed: ofAddressed } = families;

export function calledKey(thing: string): number {
  return mix(hashText(thing), 5);
}

export function allCandidates(belief: PageBelief, texts: TextMemory, named: Named): readonly Candidates[] {
  const { args } = named;
  return candidatesOf(belief, named).map((own, at) => {
    if (own.length < 2) return own;
    const key = calledKey(args[at] ?? "");
    const [most, others] = [texts.of(key, belief.world), texts.sights(key, belief.world)];
    const here = others.find(({ text }) => isHere(belief, text));
    const all = [
      ...own,
      most?.text ?? null,
      here?.text ?? null,
      joinedBy(belief.joiner, args[at] ?? ""),
      firstTwo(args[at] ?? ""),
    ];
    return all.map((one) => (one !== null && isOfAnother(one, args, at) ? null : one));
  });
}

const writer = new TokenWriter(null);

/** How far other worlds agree on what the thing is called. */
function agreementOn(texts: TextMemory, belief: PageBelief, thing: string): number {
  const [most, next, ...others] = texts
    .sights(calledKey(thing), belief.world)
    .map(({ count }) => count)
    .sort((a, b) => b - a);
  if (most === undefined) return 0;
  if (next === undefined) return 1 + Math.min(2, Math.floor(Math.log2(most) / 2));
  return others.length === 0 && most >= agreedFactor * next ? 4 : 5;
}

/** What all of many other worlds called it, or most did by words of its own; null where they did not agree. */
function agreedOn(texts: TextMemory, belief: PageBelief, thing: string): string | null {
  const [most, next] = texts.sights(calledKey(thing), belief.world).toSorted((a, b) => b.count - a.count);
  if (most === undefined || most.count < agreedMin) return null;
  const isAgreed = next === undefined || (mentions(thing, most.text) && most.count >= agreedFactor * next.count);
  return isAgreed ? most.text : null;
}

const agreedMin = 8;
const agreedFactor = 4;
const agreements = [
  "has not been named in another world",
  "was named in another world",
  "was called the same in some worlds",
  "was called the same in many worlds",
  "was nearly always called the same",
  "is called in several ways",
];

interface Known {
  readonly texts: TextMemory;
  readonly belief: PageBelief;
}

function writeNameFeatures(
  target: TokenWriter,
  { texts, belief }: Known,
  { action }: Asked,
  at: number,
  candidates: Candidates,
): void {
  const thing = action.args[at] ?? "";
  target.begin();
  const agreement = agreementOn(texts, belief, thing);
  put(target, ofRelation, 311, agreement, () => `the thing ${agreements[agreement]}`);
  put(target, ofAddressed, 301, hashText(action.template), () => `the action is ${shownTemplate(action.template)}`);
  put(target, ofAddressed, 302, at, () => `it is <${at}>`);
  put(target, ofName, 303, hashText(thing), () => `the thing is "${thing}"`);
  const words = thing.split(" ");
  for (const word of words.slice(0, 8)) put(target, ofName, 304, hashText(word), () => `"${word}" is of its name`);
  put(target, ofName, 305, hashText(words.at(-1) ?? ""), () => `the last word of its name is "${words.at(-1)}"`);
  put(target, ofName, 306, hashText(words[0] ?? ""), () => `the first word of its name is "${words[0]}"`);
  put(target, ofForm, 307, Math.min(4, words.length), () => `its name has ${counted(words.length, "word", 4)}`);
  for (const [kind, candidate] of candidates.entries()) {
    if (kind === 0) continue;
    const what = candidate === null ? 0 : candidate === thing ? 1 : 2;
    const says = ["is not known", "is the same", "is another"][what];
    put(target, ofRelation, mix(308, kind), what, () => `the name ${nameKinds[kind]} ${says}`);
    if (candidate === null) continue;
    put(target, ofParent, mix(309, kind), hashText(candidate), () => `the name ${nameKinds[kind]} is "${candidate}"`);
    for (let other = 1; other < kind; other++)
      if (candidates[other] === candidate)
        put(
          target,
          ofRelation,
          mix(310, kind),
          other,
          () => `the names ${nameKinds[kind]} and ${nameKinds[other]} are the same`,
        );
  }
}

let shares = new Float64Array(16);

/** What answers call the arguments; null: all names of one are deleted. */
export type Names = readonly (string | null)[];

/** As the action calls those that have no name. */
export function givenOr(names: Names, args: Values): Values {
  return names.map((name, at) => name ?? args[at] ?? "");
}

/** What an answer is likely to call the arguments. */
export function namesFor(rules: Rules, belief: PageBelief, asked: Asked): Names {
  const { args } = asked.action;
  const choice = rules.choiceOf(nameChoice);
  if (choice === undefined) return args;
  const { forest, templates, ordered } = choice;
  const isGivenDeleted = isDeleted(choice, `${kindMark}0`);
  if (shares.length < templates.length) shares = new Float64Array(2 * templates.length);
  return allCandidates(belief, rules.remembered.texts, asked.action).map((candidates, at) => {
    const agreed = ordered === undefined ? agreedOn(rules.remembered.texts, belief, args[at] ?? "") : null;
    if (agreed !== null && candidates.includes(agreed)) return agreed;
    writeNameFeatures(writer, { texts: rules.remembered.texts, belief }, asked, at, candidates);
    const sets = [writer.set];
    vote(forest, sets, shares);
    const nameOf = (template: string | null) =>
      template === null ? null : (candidates[Number(template.slice(kindMark.length))] ?? null);
    for (const label of follow(ordered, sets, shares)) {
      const name = nameOf(templates[label] ?? null);
      if (name !== null) return name;
    }
    let [best, most]: [string | null, number] = [isGivenDeleted ? null : (args[at] ?? ""), -1];
    for (const [label, template] of templates.entries()) {
      const name = nameOf(template);
      if (name !== null && (shares[label] ?? 0) > most) [best, most] = [name, shares[label] ?? 0];
    }
    return best;
  });
}

/** The argument was called so by an answer. */
export function learnName(
  store: Store,
  belief: PageBelief,
  asked: Asked,
  at: number,
  { candidates, called }: { readonly candidates: Candidates; readonly called: string },
): void {
  const labels = candidates.flatMap((candidate, kind) => {
    const label = candidate === called ? store.templates.of(`${kindMark}${kind}`) : null;
    return label === null ? [] : [label];
  });
  if (labels.length === 0) return;
  writeNameFeatures(store.writer, { texts: store.remembered.texts, belief }, asked, at, candidates);
  teachRow(store.trainer, store.writer, nameChoice, labels);
}
