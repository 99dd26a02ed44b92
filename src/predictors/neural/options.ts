/** Options of `neural`: its model file, what computes, and whether it learns on beside the stream. */
import { fileURLToPath } from "node:url";
import { type Static, Type } from "@sinclair/typebox";
import { root } from "../../root.ts";
import type { TuneOptions } from "../tuning.ts";
import { trainingDefaults } from "./trainer.ts";

/** Trained on the bundled sample, see the README beside it. */
const bundledModel = fileURLToPath(new URL("src/ingest/sample/neural.dln", root));

export const neuralOptionsSchema = Type.Object(
  {
    model: Type.String({
      minLength: 1,
      default: bundledModel,
      description: "The model file, as `driftline train --out` writes it (default: one that knows the bundled sample).",
    }),
    backend: Type.Union(
      ["auto", "tensorflow-gpu", "tensorflow", "webgpu", "wasm", "cpu"].map((name) => Type.Literal(name)),
      { default: "auto", description: "What computes: the best there is, or one alone." },
    ),
    tune: Type.Boolean({
      default: false,
      description:
        "Learn on from the stream: `learn` makes new versions of it, one environment at a time, beside the stream.",
    }),
    tuneIntervalMs: Type.Integer({
      default: 300_000,
      minimum: 1_000,
      description: "Least time between two rounds of learning on in one environment; each version is about a megabyte.",
    }),
    tuneStepsMin: Type.Integer({
      default: 64,
      minimum: 1,
      description: "New steps of an environment before a round.",
    }),
    tuneMemoryBytes: Type.Integer({
      default: 8_388_608,
      minimum: 65_536,
      maximum: 67_108_864,
      description:
        "Texts remembered of each environment, to be replayed: the newest, and a sample of all earlier ones.",
    }),
    tuneRate: Type.Number({
      default: trainingDefaults.rate / 10,
      exclusiveMinimum: 0,
      maximum: 0.1,
      description: "Learning rate of a round; a tenth of that of `driftline train`.",
    }),
    tuneSecondsMax: Type.Integer({
      default: 30,
      minimum: 1,
      maximum: 3_600,
      description: "Time that one round may train.",
    }),
  },
  { additionalProperties: false },
);
export type NeuralOptions = Static<typeof neuralOptionsSchema>;

export function tuneOptionsOf(options: NeuralOptions): TuneOptions | null {
  if (!options.tune) return null;
  const { tuneIntervalMs, tuneStepsMin, tuneMemoryBytes, tuneSecondsMax } = options;
  return {
    intervalMs: tuneIntervalMs,
    stepsMin: tuneStepsMin,
    memoryBytes: tuneMemoryBytes,
    secondsMax: tuneSecondsMax,
  };
}
