/** Predicting the answer to a call: one forest chooses between templates and what calls like it were answered. */
import { canonicalText } from "../../../json/canonical.ts";
import type { JsonText } from "../../../json/json.ts";
import type { Evidence } from "../../lifted/confidence.ts";
import { leafSupport, vote } from "../../lifted/forest.ts";
import { hashText, mix } from "../../lifted/hash.ts";
import { follow } from "../../lifted/ordered-labels.ts";
import { type Chosen, chosenOf, pinnedOf, reasonFor } from "../chosen.ts";
import type { NoRun, Rules, Run } from "../engine.ts";
import { sourceMark } from "../pages/choice/sources.ts";
import type { TokenWriter } from "../token-writer.ts";
import { answerOf } from "./call.ts";
import { likenesses, writeCallFeatures } from "./features.ts";
import { fillAnswer } from "./lift.ts";
import { type Proposals, proposalsFor } from "./proposals.ts";
import type { Request } from "./request.ts";

/** All calls of an environment are answered by one forest: what APIs have in common is most of what can be known. */
export const callChoice = "\u0003call";
/** With less of the vote nothing is said, but what is pinned. */
const saidMin = 0.2;
let shares = new Float64Array(128);

export interface CallRun extends Run {
  readonly stateText: JsonText;
}

export function runCall(rules: Rules, request: Request, actionText: string, writer: TokenWriter): CallRun | NoRun {
  const choice = rules.choiceOf(callChoice);
  if (choice === undefined) return "no-support";
  const { forest, templates, ordered } = choice;
  const proposals = proposalsFor(rules.remembered, request, actionText);
  writeCallFeatures(writer, request, proposals);
  if (shares.length < templates.length) shares = new Float64Array(2 * templates.length);
  const sets = [writer.set];
  vote(forest, sets, shares);
  const pinned = follow(ordered, sets, shares);
  const textFor = (label: string) => flatFor(label, proposals, request);
  const first = pinnedOf(pinned, templates, shares, textFor);
  const chosen = first ?? chosenOf(templates, shares, textFor);
  if (chosen === null) return reasonFor(choice);
  if (first === null && chosen.share < saidMin) return "new-text";
  const { text: flat, label, share } = chosen;
  const support = leafSupport(forest, sets);
  return {
    template: shownAnswer(label),
    filled: [],
    tail: "",
    text: flat,
    stateText: canonicalText(answerOf(flat)),
    ...{ share, support },
    isPinned: first !== null,
    evidence: evidenceOf(request, proposals, chosen, support),
  };
}

export function flatFor(label: string, proposals: Proposals, request: Request): string | null {
  if (label.startsWith(sourceMark)) return proposals[Number(label.slice(sourceMark.length))]?.flat ?? null;
  return fillAnswer(label, request);
}

/** What answers, in words. */
export function shownAnswer(label: string): string {
  if (!label.startsWith(sourceMark)) return label.replaceAll("\u0003", "; ");
  return `as ${likenesses[Number(label.slice(sourceMark.length))]} was answered`;
}

function evidenceOf(
  { name, extra }: Request,
  proposals: Proposals,
  { label, share }: Chosen,
  support: number,
): Evidence {
  const form = mix(Math.min(1, extra.length), proposals.filter((one) => one !== null).length);
  const pattern = hashText(label);
  const sure = proposals.some((one) => one?.sure === true);
  const depth = Math.min(4, Math.floor(Math.log2(1 + support)));
  return {
    ...{ raw: share, least: share, unsure: Number(share < 0.9), kept: 1, rejected: 0, missed: 0 },
    precision: sure ? 1 : 0.5,
    template: mix(hashText(name), 31),
    named: mix(mix(form, 32), depth),
    pattern: mix(pattern, 33),
    whole: mix(mix(pattern, form), depth),
  };
}
