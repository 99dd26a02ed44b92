/** Options of `monitor`. */
import { type Static, Type } from "@sinclair/typebox";
import { driftOptionsSchema } from "./drift/options.ts";

export const monitorOptionsSchema = Type.Object(
  {
    environmentsMax: Type.Integer({
      default: 200,
      minimum: 1,
      description:
        "Environments watched per partition; beyond that the one that was silent for longest is dropped, which a metric says.",
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
    tasksMax: Type.Integer({
      default: 10_000,
      minimum: 1,
      description:
        "Tasks, plans and episodes remembered per environment for the consistency ratio; the oldest go first.",
    }),
    cellsMax: Type.Integer({
      default: 64,
      minimum: 1,
      description:
        "Agents, and pairs of agent and world model, counted per environment; further ones are not, which a metric says.",
    }),
    drift: driftOptionsSchema,
  },
  { additionalProperties: false },
);
export type MonitorOptions = Static<typeof monitorOptionsSchema>;
