/** The shape of a model: what its weights file says first, and what two profiles choose. */

export interface NeuralConfig {
  /** Width of every vector. */
  readonly width: number;
  readonly heads: number;
  readonly encoderLayers: number;
  readonly decoderLayers: number;
  /** Inner width of the feed-forward layers. */
  readonly inner: number;
  /** Tokens of a situation that are read; what is least relevant is left out. */
  readonly sourceMax: number;
  /** Tokens of an answer, its end included; a copied piece is one. */
  readonly outputMax: number;
  /** Earlier steps that are looked at. */
  readonly historySteps: number;
  /** Whether it was trained with the context; without, it does not look at it. */
  readonly context: boolean;
}

export const profiles = {
  cpu: {
    width: 96,
    heads: 4,
    encoderLayers: 2,
    decoderLayers: 2,
    inner: 256,
    sourceMax: 192,
    outputMax: 32,
    historySteps: 32,
    context: true,
  },
  gpu: {
    width: 256,
    heads: 8,
    encoderLayers: 4,
    decoderLayers: 4,
    inner: 1_024,
    sourceMax: 512,
    outputMax: 64,
    historySteps: 32,
    context: true,
  },
  /** For the bundled sample: a few hundred kilobytes. */
  tiny: {
    width: 48,
    heads: 4,
    encoderLayers: 2,
    decoderLayers: 1,
    inner: 96,
    sourceMax: 160,
    outputMax: 32,
    historySteps: 32,
    context: true,
  },
} as const satisfies Readonly<Record<string, NeuralConfig>>;
export type ProfileName = keyof typeof profiles;

/** Where a token of the source stands; every kind has an embedding. */
export const kinds = { context: 0, state: 1, earlierAction: 2, earlierResult: 3, action: 4 } as const;

/** Ranges of the mark embeddings; the figures are part of the format. Values beyond a range count as its last. */
export const marks = {
  kind: 5,
  /** Steps ago; the later half in steps of four. */
  age: 24,
  piece: 48,
  position: 48,
  /** Which word of the action the token is, from 1; 0: none. */
  match: 16,
} as const;
export const marksTotal = marks.kind + marks.age + marks.piece + marks.position + marks.match;
