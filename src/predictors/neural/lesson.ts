/** What training reads: situations with what came of them, and how they become numbers. */
import { canonicalText } from "../../json/canonical.ts";
import type { Json } from "../../json/json.ts";
import { parsePatch } from "../../json/patch.ts";
import { createRandom } from "../../stats/random.ts";
import type { NeuralConfig } from "./config.ts";
import { type Encoded, encodeSource, encodeTarget, isWritable, type Target } from "./encode.ts";
import { writePatch } from "./patch-text.ts";
import { renderLines } from "./render.ts";
import { type Given, sourceOf, textOf } from "./source.ts";
import { tokenise } from "./tokens.ts";
import { bucketOf, chooseWords, type Vocabulary } from "./vocabulary.ts";

export interface Lesson {
  readonly environment: string;
  readonly episode: string;
  /** Episodes of one group are held out together: the task, where there is one. */
  readonly group: string;
  readonly given: Given;
  /** The next text; for structured states the patch, see `patch-text.ts`. */
  readonly answer: string;
}

export interface Example {
  readonly encoded: Encoded;
  readonly target: Target;
}

/** What is to be written: `next` is the next state, for structured states the patch that leads to it. Throws where it is no patch. */
export function answerOf(kind: Given["kind"], next: Json): string {
  if (kind === "observation") return typeof next === "string" ? next : canonicalText(next);
  const parsed = parsePatch(next);
  if (!parsed.ok) throw new Error(`a transition's patch is none: ${parsed.message}`);
  return writePatch(parsed.patch);
}

/** Null: the situation is too long, or the text cannot be written exactly. */
export function exampleOf(
  lesson: Lesson,
  config: NeuralConfig,
  vocabulary: Vocabulary,
  forget?: (word: string) => boolean,
): Example | null {
  if (!isWritable(lesson.answer)) return null;
  const source = sourceOf(lesson.given, config);
  if (source === null) return null;
  const encoded = encodeSource(source, vocabulary, forget);
  return { encoded, target: encodeTarget(lesson.answer, encoded, vocabulary) };
}

/** What can never be answered exactly would only teach to answer something else. */
export function canBeWritten({ target }: Example, outputMax: number): boolean {
  return target.ids.length <= outputMax && !target.ids.includes(-1);
}

/** Lengths that make a computation: the answer first, because it is padded the most. */
export function sizeOfExample({ encoded, target }: Example): number {
  return target.ids.length * 1_000 + encoded.length;
}

/** A share of the known words of one situation is read as if they were unknown: so copying them is learnt. A few situations see none of it. */
export function forgetter(seed: number, share: number): (word: string) => boolean {
  const random = createRandom(seed);
  const salt = random.below(1 << 30);
  const own = random.next() < 0.5 ? 0 : share;
  return (word) => createRandom(salt ^ (bucketOf(word) * 7_919 + word.length)).next() < own;
}

/** How often each word occurs: in answers, actions and states of every step, in contexts once an episode. */
export function countWords(lessons: readonly Lesson[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (text: string) => {
    for (const token of tokenise(text)) counts.set(token, (counts.get(token) ?? 0) + 1);
  };
  const seen = new Set<string>();
  for (const { answer, given, episode } of lessons) {
    add(answer);
    add(textOf(given.action));
    if (given.kind === "state") for (const line of renderLines(given.state)) add(line);
    if (seen.has(episode)) continue;
    seen.add(episode);
    if (given.kind === "observation") add(textOf(given.state));
    if (given.context !== null) for (const line of renderLines(given.context)) add(line);
  }
  return counts;
}

export function vocabularyWords(lessons: readonly Lesson[], countMin: number, max: number): readonly string[] {
  return chooseWords(countWords(lessons), countMin, max);
}

/**
 * The output limit for which all but one answer in a hundred can be written, from a sample; at least 8, at most `max`. Pieces that can be
 * copied count one.
 */
export function outputLimit(
  lessons: readonly Lesson[],
  config: NeuralConfig,
  vocabulary: Vocabulary,
  max: number,
): number {
  const stride = Math.max(1, Math.floor(lessons.length / 1_500));
  const lengths: number[] = [];
  for (let at = 0; at < lessons.length; at += stride) {
    const lesson = lessons[at];
    const example = lesson === undefined ? null : exampleOf(lesson, config, vocabulary);
    if (example !== null) lengths.push(example.target.ids.length);
  }
  lengths.sort((a, b) => a - b);
  const wanted = lengths[Math.floor(0.99 * (lengths.length - 1))] ?? 8;
  return Math.min(max, Math.max(8, Math.ceil(wanted / 8) * 8));
}
