/**
 * Text as words, numbers, punctuation and white space, such that the exact text comes back. A single space is not a token where one is
 * expected (between two words, after a comma): so a word is the same token at the start of a sentence, in the middle and in a list. What
 * deviates from that expectation is said by tokens of its own: a space, or `glue` for a space that is missing.
 */

/** Words with inner hyphens, apostrophes and points; bracketed capitals (`[END]`) are marks of text forms; everything else by the character. */
const pattern = /\[[A-Z]+\]|[\p{L}\p{N}_]+(?:[-'’.][\p{L}\p{N}_]+)*|\s+|[^\s]/gu;

/** U+FDD1, a noncharacter: no space here, though one is expected. */
export const glue = "\uFDD1";

export function tokenise(text: string): readonly string[] {
  const tokens: string[] = [];
  let before = "";
  let space = false;
  for (const [token] of text.matchAll(pattern)) {
    if (token === " " && !space) {
      space = true;
      continue;
    }
    if (space) {
      if (!isSpaced(before, token)) tokens.push(" ");
    } else if (isSpaced(before, token)) tokens.push(glue);
    tokens.push(token);
    before = token;
    space = false;
  }
  if (space) tokens.push(" ");
  return tokens;
}

/** The exact inverse for every text without U+FDD1. */
export function join(tokens: readonly string[]): string {
  let text = "";
  let before = "";
  let told = false;
  for (const token of tokens) {
    if (token === glue) {
      told = true;
      continue;
    }
    if (token === " ") {
      text += token;
      told = true;
      continue;
    }
    text += !told && isSpaced(before, token) ? ` ${token}` : token;
    before = token;
    told = false;
  }
  return text;
}

/** Whether a single space is expected between the two. */
function isSpaced(before: string, token: string): boolean {
  return opens.test(token) && closes.test(before);
}

const opens = /^(?:[\p{L}\p{N}_([$<]|-=)/u;
const closes = /[\p{L}\p{N}_,.;:!?)\]]$/u;

/** Words are what may be compared between texts: letters and digits, in lower case. */
export function isWord(token: string): boolean {
  return /^[\p{L}\p{N}_]/u.test(token);
}

/**
 * Where the pieces of a text begin: lines (with the white space before them), sentences, fields between marks. A piece that is repeated can
 * be copied as a whole. The first is always 0.
 */
export function pieceStarts(tokens: readonly string[]): readonly number[] {
  const starts: number[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const [before = "", token = ""] = [tokens[at - 1], tokens[at]];
    if (at === 0 || token.includes("\n") || /^\[[A-Z]+\]$/.test(before)) starts.push(at);
    else if (/[.!?]$/.test(before) && token !== glue && isWord(token)) starts.push(at);
  }
  return starts;
}
