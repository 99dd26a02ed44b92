/** Options of `track`: pairing, prediction and what each environment compares. */
import { type Static, Type } from "@sinclair/typebox";
import { comparisonRulesMax, comparisonRulesSchema, pathPattern } from "./score/options.ts";

const shapeOverridesSchema = Type.Object(
  {
    keyed: Type.Optional(
      Type.Record(pathPattern, Type.String({ minLength: 1, maxLength: 256 }), {
        description: "Arrays of objects here: the property that identifies an element. Holds for comparison too.",
      }),
    ),
    references: Type.Optional(
      Type.Array(pathPattern, {
        maxItems: comparisonRulesMax,
        description: "Strings here name entities of the state.",
      }),
    ),
    data: Type.Optional(
      Type.Array(pathPattern, {
        maxItems: comparisonRulesMax,
        description: "The keys of objects here are data (names, numbers), not fields.",
      }),
    ),
  },
  { additionalProperties: false, description: "How states are read, where that is known: it wins over what is found." },
);

const environmentSchema = Type.Object(
  {
    kind: Type.Optional(
      Type.Union([Type.Literal("state"), Type.Literal("observation")], {
        description: "What the environment's states are. Default: observation where they are strings, else state.",
      }),
    ),
    comparison: Type.Optional(comparisonRulesSchema),
    shape: Type.Optional(shapeOverridesSchema),
    confidenceMin: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description:
          "Inline predictors abstain below this confidence, with the reason low-confidence, or novel where no such action was learnt from. The trivial baseline never does.",
      }),
    ),
    remote: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
        maxItems: 16,
        description:
          "Predictors that answer through the log: each step becomes a situation record, an answer that does not come is late.",
      }),
    ),
    places: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 1_024 }), {
        maxItems: 1_024,
        description:
          "Strict: the places that states may have (/orders/*/status:string), as `driftline schema` lists them; a step to a state with another one is a dead letter.",
      }),
    ),
  },
  { additionalProperties: false },
);

export const trackOptionsSchema = Type.Object(
  {
    predictors: Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
      default: ["persistence", "recall", "lifted-edits", "text-edits"],
      maxItems: 16,
      uniqueItems: true,
      description:
        "Inline predictors that run on every step, pinned ones also as NAME@reference. The trivial baseline of the environment's kind always runs.",
    }),
    bestOf: Type.Boolean({
      default: true,
      description:
        "Score best-of as well: for each environment and form of action, the predictor that was right most often so far answers.",
    }),
    environments: Type.Record(Type.String({ minLength: 1, maxLength: 256 }), environmentSchema, {
      default: {},
      description:
        "Per environment: kind, comparison rules, shape of states, least confidence, remote predictors, places.",
    }),
    reorderMs: Type.Integer({
      default: 10_000,
      minimum: 0,
      maximum: 3_600_000,
      description: "How long an event waits for the ones before it (stream time).",
    }),
    reorderEventsMax: Type.Integer({
      default: 64,
      minimum: 1,
      maximum: 10_000,
      description: "Events of one episode that may wait for earlier ones.",
    }),
    heldEventsMax: Type.Integer({
      default: 50_000,
      minimum: 1,
      description: "Events of one partition that may wait for earlier ones; beyond it the oldest stop waiting.",
    }),
    heldBytesMax: Type.Integer({
      default: 67_108_864,
      minimum: 1_024,
      description: "Bytes of one partition's waiting events; beyond it the oldest stop waiting.",
    }),
    stepsAheadMax: Type.Integer({
      default: 1_000,
      minimum: 1,
      description: "A step number further ahead than this is a dead letter.",
    }),
    idleTimeoutMs: Type.Integer({
      default: 1_800_000,
      minimum: 1_000,
      description: "An episode without events for so long (stream time) is closed as abandoned.",
    }),
    episodesMax: Type.Integer({
      default: 50_000,
      minimum: 1,
      description: "Open episodes of one partition; beyond it the one idle for longest is closed as abandoned.",
    }),
    endedMemoryMs: Type.Integer({
      default: 600_000,
      minimum: 0,
      description: "How long an ended episode is remembered, so that its redelivery changes nothing.",
    }),
    endedMax: Type.Integer({ default: 100_000, minimum: 0, description: "Ended episodes remembered per partition." }),
    predictDeadlineMs: Type.Integer({
      default: 30_000,
      minimum: 0,
      description: "How long after the truth a prediction is still scored (stream time).",
    }),
    predictWindow: Type.Integer({
      default: 256,
      minimum: 4,
      maximum: 4_096,
      description:
        "Situations of one partition that a remote predictor of ours may have open at first; then it is sent as many as it answers in time.",
    }),
    historySteps: Type.Integer({
      default: 4,
      minimum: 0,
      maximum: 64,
      description:
        "Earlier steps of the episode that other people's remote predictors are sent. Our own say themselves how many they look at.",
    }),
    historyCharsMax: Type.Integer({
      default: 32_768,
      minimum: 0,
      maximum: 4_194_304,
      description:
        "Bound of the texts of earlier steps that one situation carries to remote predictors, in characters.",
    }),
    clockAheadMs: Type.Integer({
      default: 300_000,
      minimum: 0,
      description: "An event whose time is further ahead of the log's is a dead letter.",
    }),
    shownBytesMax: Type.Integer({
      default: 8_192,
      minimum: 256,
      description: "Bound of each text that a score keeps of a wrong prediction.",
    }),
  },
  { additionalProperties: false },
);
export type TrackOptions = Static<typeof trackOptionsSchema>;
