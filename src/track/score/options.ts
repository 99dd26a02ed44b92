/**
 * Comparison rules of an environment: what counts as equal when a prediction meets the truth. They apply to state, truth and prediction alike.
 *
 * A path pattern is a JSON pointer (RFC 6901) in which the segment `*` stands for exactly one segment and `**` for any number of them,
 * also none. `""` is the whole state. Inside keyed and unordered arrays a position means nothing: there an element is matched by `*` only.
 */
import { type Static, Type } from "@sinclair/typebox";

/** More rules than this are a mistake, and each costs time at every leaf. */
export const comparisonRulesMax = 256;

export const pathPattern = Type.String({
  pattern: "^(?:/(?:[^~/]|~[01])*)*$",
  maxLength: 1024,
  description: "A JSON pointer; `*` stands for one segment, `**` for any number of them.",
});

const tolerance = Type.Object(
  {
    absolute: Type.Optional(Type.Number({ minimum: 0, description: "Largest difference that counts as equal." })),
    relative: Type.Optional(
      Type.Number({ minimum: 0, description: "Largest difference, as a share of the larger magnitude of the two." }),
    ),
  },
  { additionalProperties: false, description: "Equal within the absolute or the relative bound, whichever is wider." },
);

const normalisation = Type.Union([
  Type.Literal("trim", { description: "White space at both ends is cut." }),
  Type.Literal("lowercase", { description: "Lower case, independent of locale." }),
  Type.Literal("collapse-whitespace", { description: "Each run of white space becomes one space." }),
  Type.Literal("timestamp", { description: "Each ISO 8601 date-time becomes <timestamp>." }),
]);

export const comparisonRulesSchema = Type.Object(
  {
    ignore: Type.Optional(
      Type.Array(pathPattern, {
        maxItems: comparisonRulesMax,
        description: "What is found here, and below, is left out of every comparison.",
      }),
    ),
    tolerance: Type.Optional(
      Type.Record(pathPattern, tolerance, {
        description:
          "Numbers here are equal within bounds. Without effect inside unordered arrays: name a key instead.",
      }),
    ),
    unordered: Type.Optional(
      Type.Array(pathPattern, {
        maxItems: comparisonRulesMax,
        description: "Arrays here are multisets. Each element is one leaf.",
      }),
    ),
    keyed: Type.Optional(
      Type.Record(pathPattern, Type.String({ minLength: 1, maxLength: 256 }), {
        description: "Arrays of objects here: the property that identifies an element. Order does not matter.",
      }),
    ),
    normalise: Type.Optional(
      Type.Record(pathPattern, Type.Array(normalisation, { minItems: 1, maxItems: 8 }), {
        description: "Strings here are rewritten, in the order given, before they are compared.",
      }),
    ),
  },
  { additionalProperties: false, description: "Comparison rules of one environment." },
);
export type ComparisonRules = Static<typeof comparisonRulesSchema>;
export type Tolerance = Static<typeof tolerance>;
export type Normalisation = Static<typeof normalisation>;
