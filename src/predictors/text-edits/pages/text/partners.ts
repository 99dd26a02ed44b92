/**
 * What the context names together with a thing: "take the ring from the old box" tells of the box that there is a ring to be had from it. The word between
 * them is one that stands between the arguments of actions. English articles are given.
 */
import { withArticle } from "../../../words.ts";
import type { Told } from "./lift.ts";
import { placeOf } from "./words.ts";

/** What stands before a function word and the thing, as one of a list ("a ring"). */
export interface Partner {
  readonly word: string;
  readonly text: string;
}

const article = /^(?:an?|the|some)$/i;
const sentenceEnd = /[.,;:!?)\n]\s+$/;
const border = /[.,;:!?()\n]/;
/** Words of the partner's name, and those before the thing that are looked at. */
const nameMax = 6;
const beforeMax = 14;
const beforeChars = 160;
const partnersMax = 256;

const known = new WeakMap<readonly Told[], Map<string, readonly Partner[]>>();

/** Each word once: where the thing stands right behind an article first. */
export function partnersOf(
  told: readonly Told[],
  functionWords: ReadonlySet<string>,
  thing: string,
): readonly Partner[] {
  const own = known.get(told) ?? new Map<string, readonly Partner[]>();
  known.set(told, own);
  const found = own.get(thing);
  if (found !== undefined) return found;
  const partners = partnersIn(told, functionWords, thing);
  if (own.size < partnersMax) own.set(thing, partners);
  return partners;
}

function partnersIn(told: readonly Told[], functionWords: ReadonlySet<string>, thing: string): readonly Partner[] {
  const partners = new Map<string, { readonly text: string; readonly isNext: boolean }>();
  for (const { text, sentences } of told) {
    if (sentences.length === 0) continue;
    for (let at = placeOf(text, thing); at >= 0; at = placeOf(text, thing, at + thing.length)) {
      const found = partnerBefore(text.slice(Math.max(0, at - beforeChars), at), functionWords);
      if (found === null) continue;
      const before = partners.get(found.word);
      if (before === undefined || (found.isNext && !before.isNext)) partners.set(found.word, found);
    }
  }
  return [...partners].map(([word, { text }]) => ({ word, text }));
}

function partnerBefore(
  before: string,
  functionWords: ReadonlySet<string>,
): (Partner & { readonly isNext: boolean }) | null {
  if (!/\s$/.test(before) || sentenceEnd.test(before)) return null;
  const words = before.trimEnd().split(/\s+/).slice(-beforeMax);
  const isNext = article.test(words.at(-1) ?? "");
  const behind = words.length - (isNext ? 1 : 2);
  if (!article.test(words[behind] ?? "")) return null;
  const between = [behind - 1, behind - 2].find((at) => functionWords.has(words[at] ?? ""));
  const word = between === undefined ? undefined : words[between];
  if (between === undefined || word === undefined) return null;
  for (let from = between - 1; from >= Math.max(0, between - 1 - nameMax); from--) {
    if (border.test(words[from] ?? "")) return null;
    if (!article.test(words[from] ?? "")) continue;
    const name = words.slice(from + 1, between).join(" ");
    return name === "" ? null : { word, text: withArticle(name), isNext };
  }
  return null;
}
