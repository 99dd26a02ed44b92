/** The parameters of a model by name, with their shapes, and how training starts them. */
import { createRandom } from "../../stats/random.ts";
import { marksTotal, type NeuralConfig } from "./config.ts";
import { hashedWords } from "./vocabulary.ts";

export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** Standard deviation of the start values; 0: zeros; null: ones. */
  readonly spread: number | null;
}

export type Weights = ReadonlyMap<string, Float32Array>;

/** In the order in which they lie in the weights file. */
export function parameterSpecs(config: NeuralConfig, vocabularySize: number): readonly ParameterSpec[] {
  const { width, inner } = config;
  const specs: ParameterSpec[] = [];
  const matrix = (name: string, rows: number, columns: number, scale = 1) =>
    specs.push({ name, shape: [rows, columns], spread: scale / Math.sqrt(rows) });
  const zeros = (name: string, ...shape: number[]) => specs.push({ name, shape, spread: 0 });
  const norm = (name: string) => specs.push({ name, shape: [width], spread: null });
  const self = (name: string) => {
    matrix(`${name}/query-key-value`, width, 3 * width);
    matrix(`${name}/out`, width, width, 0.5);
  };
  const cross = (name: string) => {
    matrix(`${name}/query`, width, width);
    matrix(`${name}/key-value`, width, 2 * width);
    matrix(`${name}/out`, width, width, 0.5);
  };
  const feedForward = (name: string) => {
    matrix(`${name}/in`, width, inner);
    zeros(`${name}/in-bias`, inner);
    matrix(`${name}/out`, inner, width, 0.5);
    zeros(`${name}/out-bias`, width);
  };
  specs.push({ name: "words", shape: [vocabularySize + hashedWords, width], spread: 1 / Math.sqrt(width) });
  specs.push({ name: "marks", shape: [marksTotal, width], spread: 0.5 / Math.sqrt(width) });
  specs.push({ name: "positions", shape: [config.outputMax + 1, width], spread: 0.5 / Math.sqrt(width) });
  matrix("before", width, width, 0.7);
  matrix("after", width, width, 0.7);
  matrix("copied", width, width, 0.7);
  matrix("before-last", width, width, 0.7);
  for (let layer = 0; layer < config.encoderLayers; layer++) {
    norm(`encoder/${layer}/attention-norm`);
    self(`encoder/${layer}/attention`);
    norm(`encoder/${layer}/inner-norm`);
    feedForward(`encoder/${layer}/inner`);
  }
  norm("encoder/norm");
  for (let layer = 0; layer < config.decoderLayers; layer++) {
    norm(`decoder/${layer}/self-norm`);
    self(`decoder/${layer}/self`);
    norm(`decoder/${layer}/cross-norm`);
    cross(`decoder/${layer}/cross`);
    norm(`decoder/${layer}/inner-norm`);
    feedForward(`decoder/${layer}/inner`);
  }
  norm("decoder/norm");
  zeros("vocabulary-bias", vocabularySize);
  matrix("copy/query", width, width);
  matrix("copy/key", width, width);
  return specs;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Gaussian start values (Box–Muller) of a seed. */
export function startWeights(specs: readonly ParameterSpec[], seed: number): Map<string, Float32Array> {
  const random = createRandom(seed);
  return new Map(
    specs.map(({ name, shape, spread }) => {
      const values = new Float32Array(sizeOf(shape));
      if (spread === null) values.fill(1);
      else if (spread > 0)
        for (let at = 0; at < values.length; at++) values[at] = spread * gaussian(random.next(), random.next());
      return [name, values];
    }),
  );
}

function gaussian(a: number, b: number): number {
  return Math.sqrt(-2 * Math.log(1 - a)) * Math.cos(2 * Math.PI * b);
}
