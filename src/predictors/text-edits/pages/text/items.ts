/** How a text shows a thing as one of a list: "a glass cup (containing nothing)", "a diced carrot". English articles and joiners are given. */
import { placeOf } from "./words.ts";

const article = /^(?:an?|the|some)$/i;
const backMax = 4;
const itemCharsMax = 200;

/**
 * From the article before the name to where the list goes on; null where no article stands near before it. Where the name is the whole of one that
 * is meant, not of "a cup board".
 */
export function itemOf(text: string, name: string): string | null {
  let found: string | null = null;
  for (let at = placeOf(text, name); at >= 0; at = placeOf(text, name, at + name.length)) {
    const start = startOf(text, at);
    if (start === null) continue;
    const end = at + name.length;
    const one = text.slice(start, endOf(text, end));
    if (!/^ \w/.test(text.slice(end, end + 2))) return one;
    found ??= one;
  }
  return found;
}

function startOf(text: string, at: number): number | null {
  let start = at;
  for (let words = 0; words < backMax; words++) {
    if (text[start - 1] !== " ") return null;
    const before =
      Math.max(text.lastIndexOf(" ", start - 2), text.lastIndexOf("\t", start - 2), text.lastIndexOf("\n", start - 2)) +
      1;
    const word = text.slice(before, start - 1);
    if (/[.,:;]$|[()]/.test(word)) return null;
    start = before;
    if (article.test(word)) return start;
  }
  return null;
}

/** Brackets belong to the item. */
function endOf(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length && at - from < itemCharsMax; at++) {
    const sign = text[at];
    if (sign === "(") depth += 1;
    else if (sign === ")") depth -= 1;
    if (depth < 0 || sign === "\n") return at;
    if (depth > 0) continue;
    if (sign === "," || sign === "." || sign === ";") return at;
    if (sign === " " && text[at + 1] !== "(") return at;
  }
  return text.length;
}

const joins = /, and |, | and /;

/** The items of a list. */
export function itemsIn(list: string): readonly string[] {
  const items: string[] = [];
  for (const part of list.split(joins)) {
    const last = items.at(-1);
    // A comma in brackets divides no list.
    if (last !== undefined && last.split("(").length > last.split(")").length)
      items[items.length - 1] = `${last}, ${part}`;
    else items.push(part);
  }
  return items;
}

export function listed(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

const before = /^\s*(?:an?|the|some|A|An|The) (?:substance called )?/;

/** By what lists of lines are sorted. */
export function sortName(line: string): string {
  return line.replace(before, "").trim().toLowerCase();
}
