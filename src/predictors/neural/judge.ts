/** How well weights predict held-out steps: the share of exact answers, and what their confidence should have been. */
import { calibrationBins, curveOf, emptyCalibration, judge } from "../lifted/calibration.ts";
import type { Tensors } from "../tensor/tensors.ts";
import type { NeuralConfig } from "./config.ts";
import { type Answer, generate } from "./generate.ts";
import { batchMax, openGenerator, scoreOf } from "./generator.ts";
import { exampleOf, type Lesson } from "./lesson.ts";
import type { ParameterSpec, Weights } from "./parameters.ts";
import type { Vocabulary } from "./vocabulary.ts";

export interface Judgement {
  /** Share of lessons answered exactly; those that cannot be read count as not. */
  readonly exact: number;
  readonly n: number;
  /** Answers that ended: only such are given a confidence. */
  readonly scored: readonly Scored[];
  /** Share of hits by bin, see `lifted/calibration.ts`. */
  readonly calibration: readonly number[];
}

export interface Scored {
  /** Log-odds of the answer, see `scoreOf`. */
  readonly score: number;
  readonly hit: boolean;
}

export async function judgeLessons(
  weights: Weights,
  config: NeuralConfig,
  vocabulary: Vocabulary,
  specs: readonly ParameterSpec[],
  lessons: readonly Lesson[],
  tensors: Pick<Tensors, "tf" | "read">,
): Promise<Judgement> {
  const generator = openGenerator(weights, config, vocabulary, specs, tensors);
  const scored: Scored[] = [];
  const readable = lessons
    .flatMap((lesson) => {
      const example = exampleOf(lesson, config, vocabulary);
      return example === null ? [] : [{ lesson, example }];
    })
    .sort((a, b) => a.example.target.ids.length - b.example.target.ids.length);
  let hits = 0;
  for (let from = 0; from < readable.length; from += batchMax) {
    const batch = readable.slice(from, from + batchMax);
    const sources = batch.map((one) => one.example.encoded);
    const answers = await generate(generator, sources);
    for (const [at, { lesson }] of batch.entries()) {
      const answer: Answer | undefined = answers?.[at];
      if (answer === undefined || answer.text === null) continue;
      const hit = answer.text === lesson.answer;
      if (hit) hits += 1;
      scored.push({ score: scoreOf(answer.logProbability), hit });
    }
  }
  generator.close();
  return {
    exact: lessons.length === 0 ? 0 : hits / lessons.length,
    n: lessons.length,
    scored,
    calibration: calibrationOf(scored),
  };
}

function calibrationOf(scored: readonly Scored[]): readonly number[] {
  const evidence = emptyCalibration();
  for (const { score, hit } of scored) judge(evidence, score, hit);
  const curve = curveOf(evidence);
  return Array.from({ length: calibrationBins }, (_, at) => Number((curve[at] ?? 0).toFixed(4)));
}
