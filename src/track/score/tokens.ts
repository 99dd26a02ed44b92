/**
 * Word measures of a predicted text against the true one. Words are runs of characters that are not white space. What both texts begin and end
 * with is counted, not cut into words: predictions are mostly right for the most part, and observations may be long.
 */
export interface TokenMeasures {
  /** F1 of the two multisets of words. */
  readonly f1: number;
  /** Share of positions, counted over the longer text, that hold the same word. */
  readonly aligned: number;
}

const same: TokenMeasures = { f1: 1, aligned: 1 };

export function tokenMeasures(truth: string, prediction: string): TokenMeasures {
  if (truth === prediction) return same;
  const head = commonHead(truth, prediction);
  const tail = commonTail(truth, prediction, head);
  const expected = words(truth.slice(head, truth.length - tail));
  const given = words(prediction.slice(head, prediction.length - tail));
  const [before, after] = [countWords(truth, 0, head), countWords(truth, truth.length - tail, truth.length)];
  const most = before + Math.max(expected.length, given.length) + after;
  if (most === 0) return same;
  const all = 2 * (before + after) + expected.length + given.length;
  const f1 = (2 * (before + after + commonWords(expected, given))) / all;
  // A tail that is moved meets other words.
  const behind =
    expected.length === given.length ? after : movedTail(expected, given, truth.slice(truth.length - tail));
  const both = Math.min(expected.length, given.length);
  let aligned = before + behind;
  for (let at = 0; at < both; at++) if (expected[at] === given[at]) aligned += 1;
  return { f1, aligned: aligned / most };
}

/** Words in both multisets. */
function commonWords(expected: readonly string[], given: readonly string[]): number {
  const left = new Map<string, number>();
  for (const word of expected) left.set(word, (left.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of given) {
    const available = left.get(word) ?? 0;
    if (available === 0) continue;
    left.set(word, available - 1);
    common += 1;
  }
  return common;
}

/** Positions behind those that both have, which hold the same word, where the tail begins at another one in each. */
function movedTail(expected: readonly string[], given: readonly string[], tail: string): number {
  const end = words(tail);
  const [a, b] = [expected.concat(end), given.concat(end)];
  let aligned = 0;
  for (let at = Math.min(expected.length, given.length); at < Math.min(a.length, b.length); at++)
    if (a[at] === b[at]) aligned += 1;
  return aligned;
}

/** Length of what both begin with, up to behind a space: no word is cut. */
function commonHead(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  while (at > 0 && !isSpace(a.charCodeAt(at - 1))) at -= 1;
  return at;
}

/** Length of what both end with behind the head, from a space on. */
function commonTail(a: string, b: string, head: number): number {
  const most = Math.min(a.length, b.length) - head;
  let length = 0;
  while (length < most && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length += 1;
  while (length > 0 && !isSpace(a.charCodeAt(a.length - length))) length -= 1;
  return length;
}

function countWords(text: string, from: number, to: number): number {
  let count = 0;
  let inWord = false;
  for (let at = from; at < to; at++) {
    const space = isSpace(text.charCodeAt(at));
    if (!space && !inWord) count += 1;
    inWord = !space;
  }
  return count;
}

function words(text: string): readonly string[] {
  return text.match(/\S+/g) ?? [];
}

/** What `\s` matches. */
export function isSpace(code: number): boolean {
  if (code <= 32) return code === 32 || (code >= 9 && code <= 13);
  if (code < 160) return false;
  return code === 160 || code === 0xfeff || (code >= 0x1680 && isWideSpace(code));
}

function isWideSpace(code: number): boolean {
  return (code >= 0x2000 && code <= 0x200a) || wideSpaces.has(code);
}

const wideSpaces: ReadonlySet<number> = new Set([0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000]);
