/** How well weights predict held-out steps: the share of exact answers, and what their confidence should have been. */
import { calibrationBins, curveOf, emptyCalibration, judge } from "../lifted/calibration.ts";
import type { Tensors } from "../tensor/tensors.ts";
import type { NeuralConfig } from "./config.ts";
import { type Answer, generate } from "./generate.ts";
import { batchMax, openGenerator, scoreOf } from "./generator.ts";
import { exampleOf, type Lesson } from "./lesson.ts";
import type { ParameterSpec, Weights } from "./parameters.ts";
import type { Vocabulary } from "./vocabulary.ts";

export interface Judged {
  /** Share of lessons answered exactly; those that cannot be read count as not. */
  readonly exact: number;
  readonly n: number;
  /** Share of hits by bin, see `lifted/calibration.ts`. */
  readonly calibration: readonly number[];
}

export async function judgeLessons(
  weights: Weights,
  config: NeuralConfig,
  vocabulary: Vocabulary,
  specs: readonly ParameterSpec[],
  lessons: readonly Lesson[],
  tensors: Pick<Tensors, "tf" | "read">,
): Promise<Judged> {
  const generator = openGenerator(weights, config, vocabulary, specs, tensors);
  const calibration = emptyCalibration();
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
      const isHit = answer?.text === lesson.answer;
      if (isHit) hits += 1;
      judge(calibration, scoreOf(answer?.logProbability ?? 0), isHit);
    }
  }
  generator.close();
  const curve = curveOf(calibration);
  return {
    exact: lessons.length === 0 ? 0 : hits / lessons.length,
    n: lessons.length,
    calibration: Array.from({ length: calibrationBins }, (_, at) => Number((curve[at] ?? 0).toFixed(4))),
  };
}
