/**
 * Learns what is the title of a page: its first line, or, where that goes on about what is there and so changes with it, its first sentence. What
 * comes back in an episode is the title, not what is said behind it.
 */

import type { PageStructure } from "../structure.ts";
import { commonWords, firstSentence, firstWord } from "../text/cut.ts";

export interface TitleCounts {
  add(steps: readonly { readonly action: string; readonly text: string }[]): void;
  /** `areOfSentences`: texts are no rows of fields. */
  decided(areOfSentences: boolean): Pick<PageStructure, "titles" | "sentences">;
}

const share = 0.3;
/** Of lines that come back, so many do with another end: they are no titles. */
const changedShare = 0.05;
/** Different titles of one kind: fewer are no places. */
const titlesMin = 3;
/** Different first words, and sentences of each. */
const wordsMax = 5_000;
const sentencesMax = 2_000;
/** A title says the same words before the name: of what is seen most often there, so much. */
const prefixShare = 0.8;
const prefixWordsMax = 8;

interface Sights {
  readonly lines: Set<string>;
  readonly actions: Set<string>;
}

export function createTitleCounts(): TitleCounts {
  const lines = new Map<string, Set<string>>();
  const returned = new Map<string, number>();
  /** By first word, sentences that came back before another text, after another action. */
  const sentences = new Map<string, string[]>();

  function addSentences(steps: readonly { readonly action: string; readonly text: string }[]): void {
    const seen = new Map<string, Sights>();
    for (const { action, text } of steps) {
      const sentence = firstSentence(text);
      if (sentence === null) continue;
      const own = seen.get(sentence) ?? { lines: new Set(), actions: new Set() };
      seen.set(sentence, own);
      own.lines.add(text.split("\n", 1)[0] ?? "");
      own.actions.add(action);
    }
    for (const [sentence, { lines: its, actions }] of seen) {
      if (its.size < 2 || actions.size < 2) continue;
      const word = firstWord(sentence);
      const all = sentences.get(word) ?? [];
      if (!sentences.has(word) && sentences.size >= wordsMax) continue;
      sentences.set(word, all);
      if (all.length < sentencesMax) all.push(sentence);
    }
  }

  return {
    add(steps) {
      const own = new Map<string, number>();
      for (const { text } of steps) {
        const end = text.indexOf("\n");
        if (end >= 0) own.set(text.slice(0, end), (own.get(text.slice(0, end)) ?? 0) + 1);
      }
      for (const [line, count] of own) {
        const word = firstWord(line);
        lines.set(word, (lines.get(word) ?? new Set()).add(line));
        if (count > 1) returned.set(word, (returned.get(word) ?? 0) + 1);
      }
      addSentences(steps);
    },
    decided(areOfSentences) {
      const varied = [...returned].filter(([word]) => (lines.get(word)?.size ?? 0) >= titlesMin);
      const all = varied.reduce((sum, [, count]) => sum + count, 0);
      const titles = new Set(varied.filter(([, count]) => count > share * all).map(([word]) => word));
      const prefixes = new Set<string>();
      for (const [word, its] of areOfSentences ? sentences : []) {
        if (its.length <= changedShare * (returned.get(word) ?? 0) || new Set(its).size < titlesMin) continue;
        prefixes.add(commonWords(its, prefixShare, prefixWordsMax));
        titles.delete(word);
      }
      return { titles, sentences: prefixes };
    },
  };
}
