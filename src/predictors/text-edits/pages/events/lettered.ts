/**
 * Sentences of a page that name in other letters what an action names ("To the North is a shut gate." and "open gate to north"): what becomes of such a
 * sentence is written with words that the sentence and the answer say, found by what stands around them ("North"; "an iron gate", "the yard").
 */
import { mostOf } from "../../most.ts";
import { hole, holes } from "../../reading.ts";
import { paired } from "../moved/pieces.ts";
import { joined, type Segment, segmentsOf } from "../text/sentences.ts";
import { mentions } from "../text/words.ts";
import { gone, kept } from "./edits.ts";
import type { PageEvent } from "./event.ts";

/** By the event's kind and what the sentence begins with: what becomes of it. */
export type Lettered = ReadonlyMap<string, string>;

const between = "\u0003";
/** Longer texts stay as they are. */
const textCharsMax = 4_000;
const phraseWordsMax = 6;
const phraseCharsMax = 60;
const [wordMin, longWordMin] = [3, 4];
const headWords = 2;

/** What the action says behind its verb, whatever the answer calls it. */
export function wordsOf({ actionText }: Pick<PageEvent, "actionText">): readonly string[] {
  return actionText.split(/\s+/).filter((word, at) => at > 0 && word.length >= wordMin);
}

/** It says one of the words in its own letters alone. */
export function saysSo(sentence: string, words: readonly string[]): boolean {
  const lower = sentence.toLowerCase();
  return words.some((one) => !sentence.includes(one) && mentions(lower, one.toLowerCase()));
}

export function headOf(text: string): string {
  return text.split(/\s+/, headWords).join(" ");
}

function keyOf({ key, said }: PageEvent, sentence: string): string {
  return [key.slice(0, key.indexOf(between)), headOf(said), headOf(sentence)].join(between);
}

/** The page where it happened, after the event. */
export function lettered(rules: Lettered, text: string, event: PageEvent): string {
  if (rules.size === 0 || text.length > textCharsMax) return text;
  let isChanged = false;
  const after = segmentsOf(text).flatMap((segment): readonly Segment[] => {
    const rule = rules.get(keyOf(event, segment.text));
    if (rule === undefined || !saysSo(segment.text, wordsOf(event))) return [segment];
    if (rule === gone) {
      isChanged = true;
      return [];
    }
    const now = filled(rule, segment.text, event.said);
    isChanged ||= now !== null;
    return [now === null ? segment : { ...segment, text: now }];
  });
  return isChanged ? joined(after) : text;
}

export interface LetteredCounts {
  /** Two sights of a page, and the events between them that happened there. */
  add(before: string, after: string, events: readonly PageEvent[]): void;
  decided(): Lettered;
}

const keysMax = 20_000;
const seenMin = 2;
const share = 0.5;
const rulesMax = 2_000;

export function createLetteredCounts(): LetteredCounts {
  const counts = new Map<string, Map<string, number>>();
  return {
    add(before, after, events) {
      if (events.length === 0 || before.length > textCharsMax) return;
      const asked = events.map((event) => ({ event, words: wordsOf(event) }));
      const lower = before.toLowerCase();
      if (!asked.some(({ words }) => words.some((one) => lower.includes(one.toLowerCase())))) return;
      for (const { piece, now } of paired(segmentsOf(before), after) ?? []) {
        const [event, ...others] = asked.filter(({ words }) => saysSo(piece.text, words)).map((one) => one.event);
        if (event === undefined || others.length > 0) continue;
        const key = keyOf(event, piece.text);
        const outcome = now === null ? gone : now === piece.text ? kept : worded(now, piece.text, event.said);
        const own = counts.get(key) ?? new Map<string, number>();
        if (!counts.has(key) && counts.size >= keysMax) continue;
        counts.set(key, own);
        own.set(outcome, (own.get(outcome) ?? 0) + 1);
      }
    },
    decided() {
      const rules = new Map<string, string>();
      for (const [key, outcomes] of counts) {
        const [outcome, times, all] = mostOf(outcomes, kept);
        if (outcome !== kept && times >= seenMin && times > share * all && rules.size < rulesMax)
          rules.set(key, outcome);
      }
      return rules;
    },
  };
}

const tokens = /[\p{L}\p{N}'-]+|[^\s\p{L}\p{N}]/gu;

interface Token {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

function tokensOf(text: string): readonly Token[] {
  return Array.from(text.matchAll(tokens), ({ 0: found, index }) => ({
    text: found,
    from: index,
    to: index + found.length,
  }));
}

/** The sentence with phrases that the old one or the answer says written as where they stand there. */
function worded(now: string, old: string, said: string): string {
  const own = tokensOf(now);
  const sources = [said, old].map((text) => ({ text, all: tokensOf(text) }));
  let written = "";
  let end = 0;
  for (let at = 0; at < own.length; at++) {
    const found = longest(own, at, sources);
    const [first, last] = [own[at], own[at + (found?.count ?? 1) - 1]];
    if (found === null || first === undefined || last === undefined) continue;
    written += now.slice(end, first.from) + found.written;
    end = last.to;
    at += found.count - 1;
  }
  return written + now.slice(end);
}

interface Source {
  readonly text: string;
  readonly all: readonly Token[];
}

/** Of several of one length the first. */
function longest(
  own: readonly Token[],
  at: number,
  sources: readonly Source[],
): { readonly count: number; readonly written: string } | null {
  let [count, written] = [0, ""];
  for (const [source, { all }] of sources.entries())
    for (let from = 0; from < all.length; from++) {
      let length = 0;
      while (
        length < phraseWordsMax &&
        own[at + length] !== undefined &&
        own[at + length]?.text === all[from + length]?.text &&
        /\w/.test(own[at + length]?.text ?? "")
      )
        length += 1;
      const isLong = own.slice(at, at + length).some(({ text }) => text.length >= longWordMin);
      if (length <= count || !isLong) continue;
      const around = [all[from - 1]?.text ?? "", all[from + length]?.text ?? ""];
      [count, written] = [length, hole([source, ...around].join(between))];
    }
  return count === 0 ? null : { count, written };
}

/** Null where a phrase is not found. */
function filled(rule: string, old: string, said: string): string | null {
  const parts = rule.split(holes);
  for (let at = 1; at < parts.length; at += 2) {
    const [source = "", before = "", after = ""] = (parts[at] ?? "").split(between);
    const phrase = phraseIn(source === "0" ? said : old, before, after);
    if (phrase === null) return null;
    parts[at] = phrase;
  }
  return parts.join("");
}

/** The words between these two, empty: from the beginning or to the end. */
function phraseIn(text: string, before: string, after: string): string | null {
  const all = tokensOf(text);
  for (const [at, token] of all.entries()) {
    if (before !== "" && token.text !== before) continue;
    const first = before === "" ? all[0] : all[at + 1];
    const start = before === "" ? 0 : at + 1;
    const end = all.findIndex((one, place) => place > start && one.text === after);
    const last = after === "" ? all.at(-1) : all[end - 1];
    if (first !== undefined && last !== undefined && last.to > first.from && last.to - first.from <= phraseCharsMax)
      return text.slice(first.from, last.to);
    if (before === "") break;
  }
  return null;
}

/** A rule in words: the phrases by where they stand. */
export function letteredWords(outcome: string): string {
  if (outcome === gone) return "goes";
  const parts = outcome.split(holes).map((part, at) => {
    if (at % 2 === 0) return part;
    const [source, before = "", after = ""] = part.split(between);
    return `<${source === "0" ? "the answer's" : "its own"} words between "${before}" and "${after}">`;
  });
  return `becomes "${parts.join("")}"`;
}
