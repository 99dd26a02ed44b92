/** What the end of a text may depend on besides the moment: which sentence of the context speaks of what is done, and what notes say of it. */
import { hashText, mix } from "../../../lifted/hash.ts";
import { families } from "../../../lifted/tokens.ts";
import { counted } from "../../../words.ts";
import { put } from "../../features.ts";
import type { Values } from "../../reading.ts";
import type { TokenWriter } from "../../token-writer.ts";
import type { PageBelief } from "../belief.ts";
import type { Told } from "../text/lift.ts";
import { mentions } from "../text/words.ts";
import type { Asked } from "./sources.ts";

const { relation: ofRelation, context: ofContext, global: ofAll, number: ofWord } = families;

const firstWords = 3;
const wordsMax = 24;

export function writeGoalFeatures(writer: TokenWriter, belief: PageBelief, { action }: Asked): void {
  const args = action.args.map((arg) => arg.toLowerCase());
  const verb = action.template.split(" ", 1)[0] ?? "";
  for (const told of belief.told) {
    const { name, sentences, text } = told;
    if (sentences.length === 0) continue;
    const what = hashText(name);
    const first = text.split(/\s+/, firstWords).join(" ");
    put(writer, ofContext, mix(220, what), hashText(first), () => `${name} begins with "${first}"`);
    const lasts = sentences.slice(-2).join(" ");
    for (const word of wordsOf(lasts, args))
      put(writer, ofAll, mix(221, what), hashText(word), () => `the end of ${name} says "${word}"`);
    putStep(writer, told, args, verb);
    const last = args.length === 0 ? -1 : sentences.findLastIndex((one) => args.every((arg) => mentions(one, arg)));
    if (last < 0) continue;
    const left = Math.min(3, sentences.length - 1 - last);
    const done = hashText(verb);
    const says = `${verb}: ${name} names all ${counted(left, "sentence", 3)} before its end`;
    put(writer, ofContext, mix(222, what), mix(left, done), () => says);
    for (const word of wordsOf(sentences[last] ?? "", args))
      put(
        writer,
        ofWord,
        mix(223, what),
        mix(hashText(word), done),
        () => `${verb}: the sentence of ${name} that names all says "${word}"`,
      );
  }
  putPace(writer, belief, verb);
  for (const [at, arg] of action.args.entries()) {
    const wasReached = Number([...belief.tailed].some((one) => one.startsWith(verb) && mentions(one, arg)));
    put(
      writer,
      ofRelation,
      mix(224, at),
      wasReached,
      () => `such an end ${wasReached ? "" : "never "}followed this of <${at}>`,
    );
    putNotes(writer, belief, arg, at, verb);
  }
}

/**
 * How far from the end the last sentence is that names what is acted on, and whether it says what is done there: as the action does ("closed" for
 * "close"), or in words that were seen to mean it.
 */
function putStep(writer: TokenWriter, { name, sentences }: Told, args: Values, verb: string): void {
  const [thing = ""] = args;
  const last = thing === "" ? -1 : sentences.findLastIndex((one) => mentions(one, thing));
  const sentence = sentences[last];
  if (sentence === undefined) return;
  const what = hashText(name);
  const left = Math.min(2, sentences.length - 1 - last);
  const words = wordsOf(sentence, args);
  const isSaid = Number(words.some((word) => word.startsWith(verb)));
  const isAll = Number(args.every((arg) => mentions(sentence, arg)));
  const says = `${name} names <0> ${counted(left, "sentence", 2)} before its end, ${isSaid ? "with" : "without"} ${verb}`;
  put(writer, ofRelation, mix(230, what), mix(left, isSaid), () => says);
  const of = `${isAll ? "all" : "not all"} that is named`;
  put(writer, ofRelation, mix(231, what), mix(mix(left, isSaid), isAll), () => `${says}, ${of}`);
  if (left > 0) return;
  for (const word of words)
    put(
      writer,
      ofContext,
      mix(232, what),
      mix(hashText(word), hashText(verb)),
      () => `${verb}: the end of ${name} names <0> and says "${word}"`,
    );
}

/** How often such ends came so far, after all actions and after those that did the same. */
function putPace(writer: TokenWriter, { tails, steps, tailed, events }: PageBelief, verb: string): void {
  const share = tails / Math.max(1, steps);
  const pace = Number(share > 0) + Number(share > 0.1) + Number(share > 0.3) + Number(share > 0.6);
  put(writer, ofContext, 228, pace, () => `such an end followed ${tails} of ${steps} actions`);
  const same = events.filter(({ actionText }) => actionText.startsWith(`${verb} `));
  const reached = same.filter(({ actionText }) => tailed.has(actionText)).length;
  const all = Number(same.length > 0) + Number(same.length > reached);
  put(
    writer,
    ofContext,
    229,
    all + 3 * Math.min(2, reached),
    () => `it followed ${reached} of ${same.length} that did the same`,
  );
}

/** Lines of longer answers about something else that name it and say what is done, or do not. */
function putNotes(writer: TokenWriter, { read }: PageBelief, arg: string, at: number, verb: string): void {
  let [named, said] = [0, 0];
  for (const { action, text } of read.values()) {
    if (action.args.includes(arg) || !text.includes("\n") || !mentions(text, arg)) continue;
    for (const line of text.split("\n")) {
      if (!mentions(line, arg)) continue;
      named = 1;
      if (mentions(line.toLowerCase(), verb)) said = 1;
    }
  }
  const known = Number([...read.values()].some(({ text }) => /\n[^\n]+\n/.test(text)));
  put(writer, ofRelation, mix(225, at), named, () => `${named ? "a" : "no"} longer answer names <${at}>`);
  put(writer, ofRelation, mix(226, at), said, () => `${said ? "a" : "no"} line of one names <${at}> and says ${verb}`);
  put(writer, ofRelation, 227, known, () => `longer answers are ${known ? "" : "not "}known`);
}

function wordsOf(sentence: string, args: readonly string[]): readonly string[] {
  const words = sentence.match(/[\p{L}\p{N}'-]+/gu) ?? [];
  return words.filter((word) => !args.some((arg) => mentions(arg, word))).slice(0, wordsMax);
}
