/** Answers as templates over what a request offers, and back. A hole is marked with what it is filled from. */
import { hole, piecesOf } from "../reading.ts";
import type { Request } from "./request.ts";

/** Different texts of a request that are taken out of one answer. */
const valuesMax = 6;
/** What may fill a hole, where several sources say the same. */
const waysMax = 3;
/** Templates of one answer: ambiguous ones are told apart by the answers to come. */
const templatesMax = 24;
/** A text so short may stand there by chance, too. */
const chanceCharsMax = 6;

/** All templates that give this answer, the ones with most taken out first, the answer itself last. */
export function liftAnswer(flat: string, { sources }: Request): readonly string[] {
  const values = waysByValue(sources);
  const { parts, found } = cutBy(flat, [...values.keys()]);
  if (found.length === 0) return [flat];
  const options = found.map((value) => {
    const ways: (string | null)[] = values.get(value)?.slice(0, waysMax) ?? [];
    return value.length <= chanceCharsMax ? [...ways, null] : ways;
  });
  const templates: string[] = [];
  const chosen = new Map<string, string | null>();
  function choose(at: number): void {
    if (templates.length >= templatesMax - 1) return;
    const value = found[at];
    if (value === undefined) {
      templates.push(parts.map((part) => written(part, chosen)).join(""));
      return;
    }
    for (const way of options[at] ?? []) {
      chosen.set(value, way);
      choose(at + 1);
    }
  }
  choose(0);
  return [...templates, flat];
}

/** The answer that a template gives to a request; null where the request lacks what fills a hole. */
export function fillAnswer(template: string, { sources }: Request): string | null {
  const { texts, styles } = piecesOf(template);
  let flat = texts[0] ?? "";
  for (const [at, style] of styles.entries()) {
    const value = sources.get(style);
    if (value === undefined) return null;
    flat += value + (texts[at + 1] ?? "");
  }
  return flat;
}

interface Part {
  readonly text: string;
  readonly isValue: boolean;
}

function written({ text, isValue }: Part, chosen: ReadonlyMap<string, string | null>): string {
  const way = isValue ? (chosen.get(text) ?? null) : null;
  return way === null ? text : hole(way);
}

/** Sources by their text, the longest texts first. */
function waysByValue(sources: Request["sources"]): ReadonlyMap<string, string[]> {
  const byValue = new Map<string, string[]>();
  for (const [source, value] of [...sources].sort(([, a], [, b]) => b.length - a.length)) {
    const ways = byValue.get(value);
    if (ways === undefined) byValue.set(value, [source]);
    else ways.push(source);
  }
  return byValue;
}

/** Cuts out, from left to right, the longest value that stands there as whole words. */
function cutBy(flat: string, values: readonly string[]) {
  const parts: Part[] = [];
  const found: string[] = [];
  let from = 0;
  for (let at = 0; at < flat.length; at++) {
    const value = values.find((one) => flat.startsWith(one, at) && isWhole(flat, at, one));
    if (value === undefined || (!found.includes(value) && found.length >= valuesMax)) continue;
    if (!found.includes(value)) found.push(value);
    if (at > from) parts.push({ text: flat.slice(from, at), isValue: false });
    parts.push({ text: value, isValue: true });
    from = at + value.length;
    at = from - 1;
  }
  if (from < flat.length) parts.push({ text: flat.slice(from), isValue: false });
  return { parts, found };
}

const word = /[\p{L}\p{N}_]/u;

function isWhole(flat: string, at: number, value: string): boolean {
  const end = at + value.length;
  const before = at > 0 && word.test(flat[at - 1] ?? "") && word.test(value[0] ?? "");
  return !before && !(end < flat.length && word.test(flat[end] ?? "") && word.test(value.at(-1) ?? ""));
}
