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
    pinAutomatically: Type.Boolean({
      default: true,
      description: "Pin a first reference where the error curve is flat (learn.pin…); a pin is never moved by itself.",
    }),
    pinTransitionsMin: Type.Integer({
      default: 500,
      minimum: 20,
      description: "The curve is looked at over its newest versions that were tried on at least so many transitions.",
    }),
    pinVersionsMin: Type.Integer({
      default: 6,
      minimum: 2,
      maximum: 100,
      description: "The curve is looked at over at least so many versions.",
    }),
    pinGainMax: Type.Number({
      default: 0.02,
      minimum: 0,
      maximum: 1,
      description:
        "The curve is flat where the newer half is right at most so much oftener than the older one, and their 95 % Wilson intervals overlap.",
    }),
    rowBytesMax: Type.Integer({
      default: 200_000_000,
      minimum: 1_000_000,
      description:
        "Bytes of examples that lifted-edits and text-edits keep of an environment to grow rules from (of action and tick each, where steps tell them apart); beyond it new ones replace old ones.",
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
