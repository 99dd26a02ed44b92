/** Predicting in a world of pages: a forest a verb chooses between sources of whole texts and templates; a tail is chosen after it. */
import type { Evidence } from "../../lifted/confidence.ts";
import { leafSupport, vote } from "../../lifted/forest.ts";
import { hashText, mix } from "../../lifted/hash.ts";
import { type Chosen, chosenOf } from "../chosen.ts";
import type { Choice, NoRun, Rules, Run } from "../engine.ts";
import { follow } from "../ordered-labels.ts";
import type { Values } from "../reading.ts";
import { sourceKey } from "../remembered.ts";
import type { TokenWriter } from "../token-writer.ts";
import { againFor, againOf } from "./again.ts";
import { formOf, type PageBelief } from "./belief.ts";
import { type ChosenEnds, endsFor, namesEnd, surenessOf } from "./ends.ts";
import { writePageFeatures } from "./features.ts";
import { verbOf } from "./grammar.ts";
import { besideOf } from "./here.ts";
import type { Told } from "./lift.ts";
import { namesFor } from "./naming.ts";
import { type Asked, proposalsOf, sourceMark, sourceNames, textOf } from "./sources.ts";
import type { PageStructure } from "./structure.ts";
import { fillTail, tailChoice, tailChoiceOf, writeTailFeatures } from "./tails.ts";

let shares = new Float64Array(128);

export function runPages(
  rules: Rules,
  pages: PageStructure,
  belief: PageBelief,
  asked: Asked,
  writer: TokenWriter,
): Run | NoRun {
  const verb = verbOf(asked.action.template);
  const choice = rules.choiceOf(verb);
  if (choice === undefined) return "no-support";
  const proposals = proposalsOf(pages, belief, rules.remembered.texts, asked);
  writePageFeatures(writer, pages, belief, asked, proposals);
  const { forest, templates } = choice;
  if (shares.length < templates.length) shares = new Float64Array(2 * templates.length);
  vote(forest, [writer.set], shares);
  const pinned = choice.ordered === undefined ? [] : follow(choice.ordered, choice, writer.set, shares);
  let known: Values | null = null;
  const names = () => {
    known ??= namesFor(rules, belief, asked);
    return known;
  };
  let beside: readonly Told[] | null = null;
  const toldOf = () => {
    beside ??= [...belief.told, ...besideOf(pages, belief, asked.action.args)];
    return beside;
  };
  let ends: ChosenEnds | null = null;
  const endsOf = () => {
    ends ??= endsFor(rules, pages, belief, asked, names());
    return ends;
  };
  const textFor = (label: string) =>
    textOf(label, proposals, () => (namesEnd(label) ? [...endsOf().told, ...toldOf()] : toldOf()), names);
  const chosen =
    pinnedOf(pinned, templates, textFor) ??
    undeleted(choice, againFor(rules.remembered, againOf(belief, asked), asked)) ??
    chosenOf(templates, shares, textFor);
  if (chosen === null) return "new-text";
  const support = leafSupport(forest, [writer.set]);
  const { text: body, label } = chosen;
  const share = namesEnd(label) ? chosen.share * surenessOf(label, endsOf()) : chosen.share;
  const tail = tailOf(rules, pages, belief, asked, writer, { body, names });
  const evidence = evidenceOf(rules, asked, { label, share }, tail, support);
  return {
    template: label,
    filled: [],
    tail: tail.text,
    text: (body + tail.text).trim(),
    share: share * tail.share,
    support,
    evidence,
  };
}

/** Null where operators deleted its label. */
function undeleted({ ordered, templates }: Choice, chosen: Chosen | null): Chosen | null {
  const isDeleted = ordered?.deleted.some((at) => templates[at] === chosen?.label) === true;
  return isDeleted ? null : chosen;
}

type TextFor = (label: string) => string | null;

/** The first that can be said. */
function pinnedOf(pinned: readonly number[], templates: readonly (string | null)[], textFor: TextFor): Chosen | null {
  for (const at of pinned) {
    const label = templates[at] ?? null;
    const text = label === null ? null : textFor(label);
    if (label !== null && text !== null) return { text, label, share: shares[at] ?? 0 };
  }
  return null;
}

interface ChosenTail {
  readonly text: string;
  readonly share: number;
}

function tailOf(
  rules: Rules,
  pages: PageStructure,
  belief: PageBelief,
  asked: Asked,
  writer: TokenWriter,
  { body, names }: { readonly body: string; readonly names: () => Values },
): ChosenTail {
  const all = rules.choiceOf(tailChoice);
  const own = rules.choiceOf(tailChoiceOf(verbOf(asked.action.template)));
  if (all === undefined) return { text: "", share: 1 };
  writeTailFeatures(writer, belief, asked, formOf(pages, belief, names(), body));
  const choices = own === undefined ? [all] : [all, own];
  const votes = new Map<string | null, number>();
  for (const { forest, templates } of choices) {
    if (shares.length < templates.length) shares = new Float64Array(2 * templates.length);
    vote(forest, [writer.set], shares);
    for (const [at, label] of templates.entries())
      votes.set(label, (votes.get(label) ?? 0) + (shares[at] ?? 0) / choices.length);
  }
  const [label, share] = [...votes].reduce((a, b) => (b[1] > a[1] ? b : a));
  return { text: label === null ? "" : fillTail(label, belief, rules.remembered), share: Math.min(1, share) };
}

export function shownLabel(label: string): string {
  if (!label.startsWith(sourceMark)) return label;
  return sourceNames[Number(label.slice(1))] ?? "a text that was not seen before";
}

function evidenceOf(
  { remembered }: Rules,
  { action }: Asked,
  { label, share }: Pick<Chosen, "label" | "share">,
  tail: ChosenTail,
  support: number,
): Evidence {
  const verb = verbOf(action.template);
  const tally = remembered.sources.get(sourceKey(verb, label));
  const precision = tally === undefined ? 1 : (tally.hits + 1) / (tally.tries + 2);
  const template = hashText(action.template);
  const pattern = mix(hashText(verb), hashText(label));
  const depth = Math.min(4, Math.floor(Math.log2(1 + support)));
  return {
    raw: share * tail.share,
    least: Math.min(share, tail.share),
    unsure: Number(share < 0.9) + Number(tail.share < 0.9),
    kept: 1,
    rejected: 0,
    precision,
    missed: 0,
    template: mix(template, 21),
    named: mix(mix(template, 22), depth),
    pattern: mix(pattern, 23),
    whole: mix(mix(template, pattern), depth),
  };
}
