/**
 * How answers to a form of action are worded. Where an answer names a thing by words that neither the action nor a text had ("take something soft": "You
 * take the pillow."), the wording tells which words those are.
 */
import { piecesOf, type ReadAction, type Values } from "../../reading.ts";
import { amount } from "../grammar.ts";
import { mentions } from "../text/words.ts";
import { type Candidates, calledAll } from "./names.ts";

/** By the form of an action: answers with arguments taken out that were given often, in the order in which they came to be known. */
export type Frames = ReadonlyMap<string, readonly string[]>;

const actionsMax = 2_000;
const formsMax = 64;
const framesMax = 16;
const framesMin = 3;
const frameCharsMax = 110;
/** Letters beside the arguments: fewer fit anything. */
const lettersMin = 6;
const nameCharsMax = 60;

export interface FrameCounts {
  /** Grows with what is added. */
  readonly frames: Frames;
  /** An answer with its arguments taken out. */
  add(action: string, form: string): void;
}

export function createFrameCounts(): FrameCounts {
  const frames = new Map<string, string[]>();
  const counts = new Map<string, Map<string, number>>();
  return {
    frames,
    add(action, form) {
      if (!isFrame(form)) return;
      const own = counts.get(action) ?? new Map<string, number>();
      if (!counts.has(action) && counts.size >= actionsMax) return;
      counts.set(action, own);
      if (!own.has(form) && own.size >= formsMax) return;
      const times = (own.get(form) ?? 0) + 1;
      own.set(form, times);
      const known = frames.get(action) ?? [];
      if (times === framesMin && known.length < framesMax) frames.set(action, [...known, form]);
    },
  };
}

function isFrame(form: string): boolean {
  if (form.length > frameCharsMax || form.includes("\n")) return false;
  const { texts, styles } = piecesOf(form);
  if (styles.length === 0 || new Set(styles).size < styles.length) return false;
  if (!styles.every((style) => /^\d+$/.test(style))) return false;
  if (texts.slice(1, -1).some((text) => text.trim() === "")) return false;
  return texts.join("").replace(/[^\p{L}]/gu, "").length >= lettersMin;
}

/** What an answer calls the arguments: by the names that stand in it (`own`), and where only the wording tells. */
export function calledBy(
  frames: Frames,
  { template, args }: ReadAction,
  text: string,
  candidates: readonly Candidates[],
  isShown: (at: number) => boolean,
): { readonly own: Values; readonly called: Values } {
  const own = calledAll(text, candidates, args);
  // An amount is called as it is.
  const isTold = (at: number) => isShown(at) || amount.test(args[at] ?? "");
  return { own, called: calledInFrame(frames, template, text, own, isTold) };
}

/** What the answer calls the arguments that no text shows (`isShown`), where `called` does not stand in it. */
export function calledInFrame(
  frames: Frames,
  action: string,
  text: string,
  called: Values,
  isShown: (at: number) => boolean,
): Values {
  const known = frames.get(action);
  if (known === undefined || text.includes("\n") || text.length > 2 * frameCharsMax) return called;
  if (called.every((name, at) => mentions(text, name) || isShown(at))) return called;
  for (const frame of known) {
    const named = namedIn(frame, text);
    if (named === null) continue;
    const isOther = ([at, name]: readonly [number, string]) =>
      at >= called.length ||
      (called[at] !== name && (isShown(at) || called.includes(name) || mentions(text, called[at] ?? "")));
    if (named.some(isOther)) continue;
    const names = new Map(named);
    return called.map((name, at) => names.get(at) ?? name);
  }
  return called;
}

/** The words at the frame's places; null where the text is worded otherwise. */
function namedIn(frame: string, text: string): readonly (readonly [at: number, name: string])[] | null {
  const { texts, styles } = piecesOf(frame);
  const first = texts[0] ?? "";
  if (!text.startsWith(first)) return null;
  const found: (readonly [number, string])[] = [];
  let from = first.length;
  for (const [place, style] of styles.entries()) {
    const next = texts[place + 1] ?? "";
    const isLast = place === styles.length - 1;
    const to = isLast ? text.length - next.length : text.indexOf(next, from + 1);
    if (to <= from || (isLast && !text.endsWith(next))) return null;
    const name = text.slice(from, to);
    if (name.length > nameCharsMax || name !== name.trim()) return null;
    found.push([Number(style), name]);
    from = to + next.length;
  }
  return found;
}
