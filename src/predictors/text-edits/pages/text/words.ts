/** Phrases found in texts at the borders of words: "box" is in "the box." and not in "boxes". */

/** How many characters both begin with. */
export function commonStart(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}

/** Where the phrase stands in the text as words of its own, from `from` on; −1: nowhere. */
export function placeOf(text: string, phrase: string, from = 0): number {
  if (phrase === "") return -1;
  for (let at = text.indexOf(phrase, from); at >= 0; at = text.indexOf(phrase, at + 1))
    if (!isInside(text, at) && !isInside(text, at + phrase.length)) return at;
  return -1;
}

export function mentions(text: string, phrase: string): boolean {
  return placeOf(text, phrase) >= 0;
}

/** The text with the phrase replaced wherever it stands as words of its own. */
export function replaced(text: string, phrase: string, by: string): string {
  return replacedBy(text, phrase, () => by);
}

/** How often the phrase stands in the text. */
export function timesIn(text: string, phrase: string): number {
  let times = 0;
  for (let at = placeOf(text, phrase); at >= 0; at = placeOf(text, phrase, at + phrase.length)) times += 1;
  return times;
}

/** Each of its places by what is said of it, in their order. */
export function replacedBy(text: string, phrase: string, by: () => string): string {
  let at = placeOf(text, phrase);
  if (at < 0) return text;
  let done = "";
  let from = 0;
  for (; at >= 0; at = placeOf(text, phrase, from)) {
    done += text.slice(from, at) + by();
    from = at + phrase.length;
  }
  return done + text.slice(from);
}

/** The `count` words before `at`, the nearest last, and after `to`. */
export function wordsBefore(text: string, at: number, count: number): string {
  const words = text.slice(Math.max(0, at - aroundMax), at).split(/\s+/);
  return words.filter(isNotEmpty).slice(-count).join(" ");
}

export function wordsAfter(text: string, to: number, count: number): string {
  const words = text.slice(to, to + aroundMax).split(/\s+/);
  return words.filter(isNotEmpty).slice(0, count).join(" ");
}

const aroundMax = 48;

function isNotEmpty(word: string): boolean {
  return word !== "";
}

function isInside(text: string, at: number): boolean {
  return at > 0 && at < text.length && isOfWord(text, at - 1) && isOfWord(text, at);
}

const ofWord = /[\p{L}\p{M}\p{N}]/u;

function isOfWord(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 128)
    return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code <= 2;
  return ofWord.test(text.charAt(at));
}
