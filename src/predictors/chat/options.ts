/** What every chat predictor can be told about its prompt. Each value changes answers, so the predictor's version hashes them. */
import { type Static, type TSchema, Type } from "@sinclair/typebox";

function oneOf<const Names extends readonly string[]>(names: Names, options: object) {
  return Type.Unsafe<Names[number]>(
    Type.Union(
      names.map((name) => Type.Literal(name)),
      options,
    ) satisfies TSchema,
  );
}

/** Members of a closed object of options. */
export const chatOptions = {
  shots: oneOf(["none", "paper", "retrieved"], {
    default: "none",
    description:
      "Examples in the prompt: none · paper: three fixed transitions, the first of the environment · retrieved: the most similar of those seen before.",
  }),
  shotsCount: Type.Integer({
    default: 3,
    minimum: 1,
    maximum: 64,
    description: "Examples that `retrieved` shows; `paper` shows three.",
  }),
  examples: Type.Union([Type.String({ minLength: 1 }), Type.Null()], {
    default: null,
    description: "Event file (jsonl, also gzip) whose transitions are examples from the start.",
  }),
  examplesMax: Type.Integer({ default: 5_000, minimum: 3, description: "Transitions remembered as examples." }),
  examplesBytesMax: Type.Integer({
    default: 16_777_216,
    minimum: 65_536,
    description: "Bytes of the texts of remembered examples.",
  }),
  exampleCharactersMax: Type.Integer({
    default: 6_000,
    minimum: 100,
    description: "A transition whose texts are longer is no example: it would crowd out the episode.",
  }),
  system: oneOf(["auto", "environment", "observation"], {
    default: "auto",
    description:
      "System turn in text worlds: environment: the context, then the first observation · observation: the first observation alone · auto: the former where there is a context beside the goal.",
  }),
  instructions: oneOf(["none", "brief"], {
    default: "brief",
    description:
      "In text worlds: brief tells the model that it plays the environment; none for models that were fine-tuned on the bare chat form.",
  }),
  historySteps: Type.Integer({
    default: 64,
    minimum: 0,
    maximum: 1_024,
    description: "Earlier steps shown at most, of those that the situation has.",
  }),
  successSuffix: Type.String({
    default: " [SUCCESS]",
    description:
      "Literal end of an answer that says that the task is done; taken off. Empty: answers stay as they are.",
  }),
  maxTokens: Type.Integer({ default: 512, minimum: 1, description: "Tokens of an answer; a longer one is a failure." }),
};

const schema = Type.Object(chatOptions);
export type ChatOptions = Static<typeof schema>;

/** What of the options shapes the prompt and the reading of the answer, for the predictor's version. */
export function promptSettings(options: ChatOptions): object {
  const { shots, shotsCount, exampleCharactersMax, system, instructions, historySteps, successSuffix, maxTokens } =
    options;
  return { shots, shotsCount, exampleCharactersMax, system, instructions, historySteps, successSuffix, maxTokens };
}

/** Earlier steps that it is sent: those that are shown, and one at least where examples are gathered from what they tell. */
export function historyNeeded({ historySteps, shots }: Pick<ChatOptions, "historySteps" | "shots">): number {
  return shots === "retrieved" ? Math.max(historySteps, 1) : historySteps;
}
