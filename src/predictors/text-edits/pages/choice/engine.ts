/** Predicting in a world of pages: a forest a verb chooses between sources of whole texts and templates; a tail is chosen after it. */
import type { Evidence } from "../../../lifted/confidence.ts";
import { leafSupport, vote } from "../../../lifted/forest.ts";
import { hashText, mix } from "../../../lifted/hash.ts";
import { follow } from "../../../lifted/ordered-labels.ts";
import { type Chosen, chosenOf, isDeleted, pinnedOf, reasonFor } from "../../chosen.ts";
import type { NoRun, Rules, Run } from "../../engine.ts";
import { sourceKey } from "../../remembered.ts";
import type { TokenWriter } from "../../token-writer.ts";
import { formOf, type PageBelief } from "../belief.ts";
import { verbOf } from "../grammar.ts";
import { type ChosenEnds, endsFor, namesEnd, surenessOf } from "../naming/ends.ts";
import { besideOf } from "../naming/here.ts";
import { givenOr, type Names, namesFor } from "../naming/naming.ts";
import type { PageStructure } from "../structure.ts";
import type { Told } from "../text/lift.ts";
import { inTurn } from "../text/ordinals.ts";
import { againFor, againOf } from "./again.ts";
import { proposedBy, writeProposed } from "./proposed.ts";
import { rivalFor, rivalsOf } from "./rivals.ts";
import { type Asked, isOfFellows, movedSource, sourceLabel, sourceMark, sourceNames, textOf } from "./sources.ts";
import { type ChosenTail, tailFor } from "./tail-choice.ts";

let shares = new Float64Array(128);
const movedLabel = sourceLabel(movedSource);

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
  const proposed = proposedBy(rules, pages, belief, asked);
  const { proposals, moved } = proposed;
  writeProposed(writer, pages, belief, asked, proposed);
  const { forest, templates, ordered } = choice;
  if (shares.length < templates.length) shares = new Float64Array(2 * templates.length);
  const sets = [writer.set];
  vote(forest, sets, shares);
  // A text whose pieces are not sure is as unsure.
  const movedAt = moved === null ? -1 : templates.indexOf(movedLabel);
  if (moved !== null && movedAt >= 0) shares[movedAt] = (shares[movedAt] ?? 0) * moved.share;
  const pinned = follow(ordered, sets, shares);
  let known: Names | null = null;
  const names = () => {
    known ??= namesFor(rules, belief, asked);
    return known;
  };
  let beside: readonly Told[] | null = null;
  const toldOf = () => {
    beside ??= [...belief.told, ...besideOf(pages, belief, asked.action)];
    return beside;
  };
  let ends: ChosenEnds | null = null;
  const endsOf = () => {
    ends ??= endsFor(rules, pages, belief, asked, names());
    return ends;
  };
  const textFor = (label: string) =>
    textOf(label, proposals, () => (namesEnd(label) ? [...endsOf().told, ...toldOf()] : toldOf()), names);
  const isTold = proposals.some((one, source) => one !== null && isOfFellows(source));
  const again = againFor(rules.remembered, againOf(belief, asked), asked, isTold);
  const first = pinnedOf(pinned, templates, shares, textFor);
  const usual =
    first ?? (again === null || isDeleted(choice, again.label) ? null : again) ?? chosenOf(templates, shares, textFor);
  // What was remembered whole does not tell of which rules it is: where operators ordered any it is not said.
  const rivals = rules.areOrdered ? [] : rivalsOf(rules.remembered, belief, asked);
  const rival = rivalFor(rules.remembered, rivals, usual !== null);
  const chosen = rival ?? usual;
  if (chosen === null) return reasonFor(choice);
  const support = leafSupport(forest, sets);
  const { text: body, label } = chosen;
  const share = namesEnd(label) ? chosen.share * surenessOf(label, endsOf()) : chosen.share;
  const called = () => givenOr(names(), asked.action.args);
  const tail =
    rival?.tail === undefined
      ? tailFor(rules, belief, asked, writer, () => formOf(pages, belief, called(), body))
      : { text: rival.tail, share: 1 };
  if (tail === null) return "rule-deleted";
  const evidence = evidenceOf(rules, asked, { label, share }, tail, support);
  return {
    template: label,
    filled: [],
    tail: tail.text,
    text: (inTurn(pages.ordinals, body) + tail.text).trim(),
    share: share * tail.share,
    support,
    isPinned: first !== null,
    evidence,
  };
}

export function shownLabel(label: string): string {
  if (!label.startsWith(sourceMark)) return label;
  return sourceNames[Number(label.slice(1))] ?? "a text that was not seen before";
}

function evidenceOf(
  { remembered }: Rules,
  { action }: Asked,
  { label, share }: Pick<Chosen, "label" | "share">,
  tail: Pick<ChosenTail, "share">,
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
