/** Options of `learn`. */
import { type Static, Type } from "@sinclair/typebox";

export const learnOptionsSchema = Type.Object(
  {
    publishIntervalMs: Type.Integer({
      default: 30_000,
      minimum: 100,
      description: "Least time between two model versions of one environment and predictor.",
    }),
    transitionsMin: Type.Integer({
      default: 20,
      minimum: 1,
      description: "Transitions of an environment before its first model version.",
    }),
    environmentsMax: Type.Integer({
      default: 100,
      minimum: 1,
      description: "Environments learnt per partition; further ones are not learnt, which a metric says.",
    }),
  },
  { additionalProperties: false },
);
export type LearnOptions = Static<typeof learnOptionsSchema>;
