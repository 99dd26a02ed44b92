/**
 * Words that tell the place of a sentence and nothing else: pages that list things in prose begin their sentences with a few phrases in turn ("Here is
 * …", "There is also …", "You see …"), whatever the sentence shows. All are read as the shortest of them, so that a sentence is the same wherever it
 * stands, and are written in turn again.
 */
import { commonWords, firstWord } from "./cut.ts";

export interface Ordinals {
  /** The first word of such texts. */
  readonly of: string;
  /** In turn, from the second sentence of the first line on. */
  readonly phrases: readonly string[];
}

const sentences = /((?<=[.!?]) +)/;

/** The text with one phrase for all. */
export function outOfTurn(ordinals: Ordinals | null, text: string): string {
  return ordinals === null ? text : phrased(ordinals, text, phraseAt(ordinals), () => shortest(ordinals));
}

/** And back. */
export function inTurn(ordinals: Ordinals | null, text: string): string {
  return ordinals === null ? text : phrased(ordinals, text, () => shortest(ordinals), phraseAt(ordinals));
}

function phraseAt({ phrases }: Ordinals): (at: number) => string {
  return (at) => phrases[at % phrases.length] ?? "";
}

function shortest({ phrases }: Ordinals): string {
  return phrases.reduce((a, b) => (b.length < a.length ? b : a));
}

function phrased({ of }: Ordinals, text: string, from: (at: number) => string, to: (at: number) => string): string {
  if (!text.startsWith(`${of} `)) return text;
  const end = text.indexOf("\n");
  const parts = (end < 0 ? text : text.slice(0, end)).split(sentences);
  for (let at = 0; 2 * at + 2 < parts.length; at++) {
    const own = parts[2 * at + 2] ?? "";
    if (!own.startsWith(`${from(at)} `)) break;
    parts[2 * at + 2] = to(at) + own.slice(from(at).length);
  }
  return parts.join("") + (end < 0 ? "" : text.slice(end));
}

export interface OrdinalCounts {
  add(text: string): void;
  decided(): Ordinals | null;
}

const groupsMax = 64;
const textsMax = 200;
/** Longer lines are no pages in prose. */
const lineCharsMax = 4_000;
const textsMin = 8;
const sentencesMin = 3;
const phrasesMax = 6;
const share = 0.95;
const wordsMax = 10;
const article = / (?:an?|the|some)$/i;

export function createOrdinalCounts(): OrdinalCounts {
  const groups = new Map<string, { seen: number; readonly texts: Set<string> }>();
  return {
    add(text) {
      const line = (text.split("\n", 1)[0] ?? "").trimEnd();
      if (line.length > lineCharsMax || line.split(sentences).length < 2 * sentencesMin + 1) return;
      const word = firstWord(line);
      const own = groups.get(word) ?? { seen: 0, texts: new Set<string>() };
      if (!groups.has(word) && groups.size >= groupsMax) return;
      groups.set(word, own);
      own.seen += 1;
      if (own.texts.size < textsMax) own.texts.add(line);
    },
    decided() {
      const [of, most] = [...groups].reduce<readonly [string, number, ReadonlySet<string>]>(
        (a, [word, { seen, texts }]) => (seen > a[1] ? [word, seen, texts] : a),
        ["", 0, new Set()],
      );
      const texts = [...(groups.get(of)?.texts ?? [])];
      if (most < textsMin || texts.length < textsMin) return null;
      const all = texts.map((line) =>
        line
          .split(sentences)
          .filter((_, at) => at % 2 === 0)
          .slice(1),
      );
      for (let length = 2; length <= phrasesMax; length++) {
        const phrases = phrasesOf(all, length);
        if (phrases !== null) return { of, phrases };
      }
      return null;
    },
  };
}

/** What nearly all sentences begin with whose place leaves the same rest; null where some have no such words, or two have the same. */
function phrasesOf(all: readonly (readonly string[])[], length: number): readonly string[] | null {
  const phrases: string[] = [];
  for (let rest = 0; rest < length; rest++) {
    const own = all.flatMap((its) => its.filter((_, at) => at % length === rest));
    const phrase = commonWords(own, share, wordsMax).replace(article, "");
    if (phrase === "" || new Set(own).size < 2 || phrases.includes(phrase)) return null;
    phrases.push(phrase);
  }
  return phrases;
}
