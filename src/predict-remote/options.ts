/** Options of `predict-remote`: which remote predictors there are, under which names, and how situations are put together for them. */
import { type Static, Type } from "@sinclair/typebox";

const count = (description: string, maximum: number) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum, description }));

/** What every kind has; the rest are the kind's own. */
export const commonFields = {
  kind: Type.String({ minLength: 1, maxLength: 64, description: "neural, llama or openai." }),
  environments: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
      maxItems: 1_000,
      description: "The environments that it is for; absent: all.",
    }),
  ),
  batchMax: count("Situations of one call at most.", 4_096),
  batchWaitMs: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 10_000, description: "How long a situation waits for others, in ms." }),
  ),
  concurrency: count("Calls at one time.", 256),
  timeoutMs: count("A call that takes longer has failed.", 600_000),
};

export const predictRemoteOptionsSchema = Type.Object(
  {
    predictors: Type.Record(
      Type.String({ minLength: 1, maxLength: 128 }),
      Type.Object(commonFields, { additionalProperties: true }),
      {
        default: {},
        description:
          'Remote predictors by name: {"gpt":{"kind":"openai","url":…,"model":…}}. They answer through the log and never delay it; `driftline run --help` shows the short forms.',
      },
    ),
  },
  { additionalProperties: false },
);
export type PredictRemoteOptions = Static<typeof predictRemoteOptionsSchema>;
