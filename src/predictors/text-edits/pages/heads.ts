/**
 * Heads: a remark in brackets, or a line, that stands before an answer now and then and is no part of it: "(the red box)" before "You open the box."
 * where the box that was meant could have been another. They are cut off, with what the action names taken out, and chosen apart as tails are.
 */
import { mix } from "../../lifted/hash.ts";
import { families } from "../../lifted/tokens.ts";
import { put } from "../features.ts";
import type { Values } from "../reading.ts";
import type { TokenWriter } from "../token-writer.ts";
import type { PageBelief } from "./belief.ts";
import { waysCalledHere } from "./here.ts";
import { lift } from "./lift.ts";
import { mentions } from "./words.ts";

/** The key of the forest; no verb has it. */
export const headChoice = "\u0004head";
const headMark = "\u0004head ";

export function headLabel(lifted: string): string {
  return headMark + lifted;
}

export function headOf(label: string): string {
  return label.slice(headMark.length);
}

/** In words. */
export function shownHead(label: string): string {
  const text = headOf(label);
  return text === "" ? "the text begins without more" : `the text begins with "${text.trim()}"`;
}

const headCharsMax = 120;
const bracket = /^\([^()\n]+\)\s*/;
const firstLine = /^[^\n]+\n(?=[^\n])/;

/** Where a head may end; null where none may stand. */
export function headEnd(text: string): number | null {
  const end = (bracket.exec(text) ?? firstLine.exec(text))?.[0].length ?? 0;
  return end > 0 && end <= headCharsMax && end < text.length ? end : null;
}

const { relation: ofRelation } = families;
const waysMax = 3;

/** Adds to the features of the moment what a head may depend on: how many things here have the name in theirs. */
export function writeHeadFeatures(writer: TokenWriter, belief: PageBelief, args: Values): void {
  for (const [at, arg] of args.entries()) {
    const ways = Math.min(waysMax, waysCalledHere(belief, arg));
    put(writer, ofRelation, mix(601, at), ways, () => `things here have <${at}> in their names in ${ways} ways`);
    for (const [other, its] of args.entries())
      if (other !== at && mentions(its, arg))
        put(writer, ofRelation, mix(602, at), other, () => `<${other}> has <${at}> in its name`);
  }
}

export interface HeadCounts {
  /** What a form of action was answered, the things it names, and the form of a text (`formOf`). */
  add(action: string, text: string, args: Values, formOf: (text: string) => string): void;
  decided(): ReadonlySet<string>;
}

const countsMax = 5_000;
const bodiesMax = 64;
const bodiesMin = 3;
const aloneShare = 0.5;

/** A head stands before many answers that are given without it, too. */
export function createHeadCounts(): HeadCounts {
  const heads = new Map<string, Set<string>>();
  const alone = new Set<string>();
  return {
    add(action, text, args, formOf) {
      const end = headEnd(text);
      if (alone.size < countsMax) alone.add(bodyKey(action, formOf(text)));
      if (end === null) return;
      const head = lift(text.slice(0, end), args, []);
      const own = heads.get(head) ?? new Set<string>();
      if (!heads.has(head) && heads.size >= countsMax) return;
      heads.set(head, own);
      if (own.size < bodiesMax) own.add(bodyKey(action, formOf(text.slice(end))));
    },
    decided() {
      const isHead = ([, bodies]: readonly [string, ReadonlySet<string>]) =>
        bodies.size >= bodiesMin && [...bodies].filter((one) => alone.has(one)).length > aloneShare * bodies.size;
      return new Set([...heads].filter(isHead).map(([head]) => head));
    },
  };
}

function bodyKey(action: string, form: string): string {
  return `${action}\u0003${form}`;
}
