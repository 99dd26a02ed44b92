/**
 * A model with more words: what a stream brings that training never saw can be read through a shared embedding, but only written where it can
 * be copied. A new word begins as what it was read as so far, and as likely as any other.
 */
import type { LoadedModel } from "./file.ts";
import { countWords, type Lesson } from "./lesson.ts";
import { parameterSpecs } from "./parameters.ts";
import { tokenise } from "./tokens.ts";
import { chooseWords, vocabularyOf } from "./vocabulary.ts";

/** A word that was seen so often in what a round learns from is worth a place. */
const countMin = 3;
/** Of one round, and of a model in all: each word costs a row of the embedding, in every version. */
const newMax = 64;
const wordsMax = 4_000;

/** Words of the answers that the model does not have, the most frequent first. */
export function newWords(
  lessons: readonly Lesson[],
  { vocabulary }: Pick<LoadedModel, "vocabulary">,
): readonly string[] {
  const room = Math.min(newMax, wordsMax - vocabulary.words.length);
  if (room <= 0) return [];
  const answered = new Set(lessons.flatMap(({ answer }) => tokenise(answer)));
  const counts = new Map([...countWords(lessons)].filter(([word]) => answered.has(word)));
  return chooseWords(new Map([...counts].filter(([word]) => vocabulary.id(word) === undefined)), countMin, room);
}

/** The same model where there is nothing new. */
export function grown(model: LoadedModel, words: readonly string[]): LoadedModel {
  if (words.length === 0) return model;
  const { config, vocabulary, weights } = model;
  const { width } = config;
  const wider = vocabularyOf([...model.words, ...words]);
  const before = weights.get("words") ?? new Float32Array();
  const table = new Float32Array(before.length + words.length * width);
  table.set(before.subarray(0, vocabulary.size * width));
  for (const [at, word] of words.entries()) {
    const from = vocabulary.hashedRow(word) * width;
    table.set(before.subarray(from, from + width), (vocabulary.size + at) * width);
  }
  table.set(before.subarray(vocabulary.size * width), wider.size * width);
  const bias = weights.get("vocabulary-bias") ?? new Float32Array();
  const mean = bias.reduce((sum, value) => sum + value, 0) / Math.max(1, bias.length);
  const biases = new Float32Array(wider.size).fill(mean);
  biases.set(bias);
  return {
    ...model,
    words: wider.words,
    vocabulary: wider,
    specs: parameterSpecs(config, wider.size),
    weights: new Map([...weights, ["words", table], ["vocabulary-bias", biases]]),
  };
}
