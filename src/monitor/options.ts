/** Options of `monitor`. */
import { type Static, Type } from "@sinclair/typebox";
import { driftOptionsSchema } from "./drift/options.ts";

export const monitorOptionsSchema = Type.Object(
  {
    environmentsMax: Type.Integer({
      default: 200,
      minimum: 1,
      description:
        "Environments watched per partition; beyond it the one silent for longest is let go, which a metric says.",
    }),
    predictorsMax: Type.Integer({
      default: 16,
      minimum: 1,
      description: "Predictors watched per environment; further ones are not, which a metric says.",
    }),
    situationsMax: Type.Integer({
      default: 50_000,
      minimum: 1,
      description: "Situations remembered per environment for the ceiling; the oldest go first.",
    }),
    drift: driftOptionsSchema,
  },
  { additionalProperties: false },
);
export type MonitorOptions = Static<typeof monitorOptionsSchema>;
