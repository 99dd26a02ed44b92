/** Tails: which comes is chosen by a forest of its own; their numbers are the step, or how many tails came, or what was seen most. */
import { hashText, mix } from "../../../lifted/hash.ts";
import { families } from "../../../lifted/tokens.ts";
import { put } from "../../features.ts";
import { shownTemplate } from "../../reading.ts";
import {
  commonest,
  counted,
  countTry,
  type Remembered,
  rateOf,
  rememberList,
  sourceKey,
  tallyOf,
} from "../../remembered.ts";
import type { TokenWriter } from "../../token-writer.ts";
import type { PageBelief } from "../belief.ts";
import { withoutNumbers } from "../text/cut.ts";
import { mentions } from "../text/words.ts";
import { writeGoalFeatures } from "./goals.ts";
import type { Asked } from "./sources.ts";

/** The key of the forest that all verbs share; no verb has it. */
export const tailChoice = "\u0004tail";

/** The key of a verb's own: what is seldom said of others is not drowned by them. */
export function tailChoiceOf(verb: string): string {
  return `${tailChoice} ${verb}`;
}

export function isTailChoice(form: string): boolean {
  return form.startsWith(tailChoice);
}

/** The verb of a choice of its own; empty for that of all. */
export function tailVerb(form: string): string {
  return form.slice(tailChoice.length + 1);
}

const tailMark = "\u0004tail ";

export function tailLabel(tail: string): string {
  return tailMark + withoutNumbers(tail);
}

/** In words. */
export function shownTail(label: string): string {
  const text = label.slice(tailMark.length);
  return text === "" ? "the text ends without more" : `the text ends with "${text.trim()}"`;
}

const numberSources: readonly (readonly [name: string, valueFrom: (belief: PageBelief) => number])[] = [
  ["the step", ({ steps }) => steps + 1],
  ["the step and one", ({ steps }) => steps + 2],
  ["the step and two", ({ steps }) => steps + 3],
  ["what was reached", ({ tails }) => tails],
  ["what was reached and one", ({ tails }) => tails + 1],
];
const constant = "what was seen most";

function slotOf(label: string, at: number): string {
  return `${at}\u0003${label}`;
}

export function fillTail(label: string, belief: PageBelief, remembered: Remembered): string {
  let at = 0;
  return label.slice(tailMark.length).replace(/#/g, () => numberOf(label, at++, belief, remembered).value);
}

export interface TailNumber {
  readonly value: string;
  /** In words. */
  readonly source: string;
  readonly isCounted: boolean;
}

/** The number at a place of a tail, from what was right there most often. */
export function numberOf(label: string, at: number, belief: PageBelief, remembered: Remembered): TailNumber {
  const slot = slotOf(label, at);
  let [best, found]: [number, TailNumber] = [-1, { value: "0", source: constant, isCounted: false }];
  const known = commonest(remembered.constants.get(slot))?.values[0];
  if (known !== undefined) [best, found] = [rateOf(tallyOf(remembered, slot, constant)), { ...found, value: known }];
  for (const [source, valueFrom] of numberSources) {
    const rate = rateOf(tallyOf(remembered, slot, source));
    if (rate > best) [best, found] = [rate, { value: String(valueFrom(belief)), source, isCounted: true }];
  }
  return found;
}

export function learnTail(tail: string, belief: PageBelief, remembered: Remembered, rememberedMax: number): void {
  const label = tailLabel(tail);
  for (const [at, [number]] of [...tail.matchAll(/\d+/g)].entries()) {
    const slot = slotOf(label, at);
    const note = (name: string, hit: boolean) =>
      countTry(remembered.sources, sourceKey(slot, name), hit, rememberedMax);
    const known = commonest(remembered.constants.get(slot))?.values[0];
    note(constant, known === number);
    for (const [name, valueFrom] of numberSources) note(name, String(valueFrom(belief)) === number);
    const counts = counted(remembered.constants.get(slot) ?? [], [number]);
    rememberList(remembered.constants, slot, counts, rememberedMax);
  }
}

const { relation: ofRelation, context: ofContext, effect: ofEffect, global: ofAll } = families;
const countMax = 6;

/** Adds to the features of the moment what a tail may depend on. `form`: of the body that it follows. */
export function writeTailFeatures(
  writer: TokenWriter,
  belief: PageBelief,
  { action, actionText, episode }: Asked,
  form: string,
): void {
  const { tails, tailed, told } = belief;
  writeGoalFeatures(writer, belief, { action, actionText, episode });
  put(writer, ofEffect, 201, hashText(form), () => `the answer is "${shownTemplate(form).slice(0, 60)}"`);
  put(
    writer,
    ofAll,
    202,
    Math.min(countMax, tails),
    () => `ends seen: ${tails < countMax ? tails : `${countMax} or more`}`,
  );
  const wasTailed = Number(tailed.has(actionText));
  put(writer, ofRelation, 203, wasTailed, () => `an end ${wasTailed ? "" : "never "}followed this action`);
  const verb = action.template.split(" ", 1)[0] ?? "";
  for (const { name, sentences } of told) {
    if (sentences.length === 0) continue;
    const what = hashText(name);
    const left = Math.max(-3, Math.min(countMax, sentences.length - tails));
    put(writer, ofContext, mix(204, what), left, () => `${name} has ${left} sentences more than ends were seen`);
    const hasVerb = Number(sentences.some((sentence) => mentions(sentence, verb)));
    put(writer, ofContext, mix(205, what), hasVerb, () => `${name} ${hasVerb ? "says" : "does not say"} ${verb}`);
    const lasts = sentences.slice(-2).join(" ");
    const hasLast = Number(mentions(lasts, verb));
    put(
      writer,
      ofContext,
      mix(206, what),
      hasLast,
      () => `the end of ${name} ${hasLast ? "says" : "does not say"} ${verb}`,
    );
    const all = sentences.filter((one) => action.args.every((arg) => mentions(one, arg.toLowerCase()))).length;
    put(
      writer,
      ofContext,
      mix(207, what),
      Math.min(2, all),
      () => `sentences of ${name} that name all that the action names: ${all < 2 ? all : "2 or more"}`,
    );
    const isLast = Number(action.args.every((arg) => mentions(lasts, arg.toLowerCase())));
    put(
      writer,
      ofContext,
      mix(208, what),
      isLast,
      () => `the end of ${name} ${isLast ? "names" : "does not name"} all that the action names`,
    );
  }
}
