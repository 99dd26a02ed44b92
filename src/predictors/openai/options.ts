/** Options of `openai`. `null` means: as the profile of the model says, where there is one. */
import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { chatOptions } from "../chat/options.ts";
import { profileOf } from "./profiles.ts";

const orNull = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { default: null, description });

export const openaiOptionsSchema = Type.Object(
  {
    ...chatOptions,
    model: Type.String({
      minLength: 1,
      description: "Name of the model: gpt-4o, claude-sonnet-4.5, whatever the service serves.",
    }),
    url: orNull(
      Type.String({ minLength: 1 }),
      "Root of the API, to which /chat/completions is added: https://api.openai.com/v1. https, or http on this machine.",
    ),
    allowPlainHttp: Type.Boolean({
      default: false,
      description: "Also http to other machines: key and prompts can then be read on the way.",
    }),
    keyVariable: orNull(
      Type.String({ minLength: 1 }),
      "Environment variable that holds the key (default OPENAI_API_KEY). The key itself is never configured.",
    ),
    keyFile: orNull(Type.String({ minLength: 1 }), "File that holds the key; precedes keyVariable."),
    temperature: Type.Number({ default: 0, minimum: 0, maximum: 2, description: "0 takes the likeliest token." }),
    seed: orNull(Type.Integer(), "Sent to services that take one."),
    tokenLimitField: Type.Union([Type.Literal("max_tokens"), Type.Literal("max_completion_tokens")], {
      default: "max_tokens",
      description: "How the service calls the limit of an answer.",
    }),
    logprobs: orNull(Type.Boolean(), "Ask for log-probabilities of tokens, from which confidence is made."),
    confidence: Type.Union([Type.Literal("product"), Type.Literal("mean")], {
      default: "product",
      description: "product: probability of the whole answer · mean: geometric mean over its tokens.",
    }),
    contextTokens: orNull(
      Type.Integer({ minimum: 256 }),
      "Tokens that the model takes; the oldest steps are left out beyond it.",
    ),
    timeoutMs: Type.Integer({ default: 30_000, minimum: 1, description: "How long one try may take." }),
    retriesMax: Type.Integer({ default: 4, minimum: 0, maximum: 20, description: "Further tries of a request." }),
    retryMs: Type.Integer({
      default: 500,
      minimum: 1,
      description: "Wait before the first retry; doubled each time, up to 30 s.",
    }),
    requestsPerMinute: orNull(Type.Number({ exclusiveMinimum: 0 }), "Requests sent at most; null: no limit."),
    tokensPerMinute: orNull(Type.Number({ exclusiveMinimum: 0 }), "Tokens sent and asked for at most; null: no limit."),
    priceIn: orNull(Type.Number({ minimum: 0 }), "Dollars per million tokens read."),
    priceOut: orNull(Type.Number({ minimum: 0 }), "Dollars per million tokens written."),
    cacheMax: Type.Integer({
      default: 10_000,
      minimum: 0,
      description: "Answers remembered by the content of their request; 0: none.",
    }),
    responseBytesMax: Type.Integer({
      default: 1_048_576,
      minimum: 1_024,
      description: "A larger response is a failure.",
    }),
  },
  { additionalProperties: false },
);
export type OpenaiOptions = Static<typeof openaiOptionsSchema>;

/** Options with what the profile knows filled in. */
export interface Settings {
  readonly model: string;
  readonly url: string;
  readonly keyVariable: string;
  readonly logprobs: boolean;
  readonly contextTokens: number | null;
  readonly priceIn: number;
  readonly priceOut: number;
}

/** Throws where there is neither an address nor a profile that knows one. */
export function settingsOf(options: OpenaiOptions): Settings {
  const profile = profileOf(options.model);
  // Somebody else's server under a known name: its prices and limits are its own.
  const ofService = options.url === null || options.url === profile?.url ? profile : null;
  const url = options.url ?? ofService?.url;
  if (url === undefined)
    throw new Error(
      `url is missing: nothing is known of the model ${JSON.stringify(options.model)}; name the root of the API that serves it`,
    );
  return {
    model: ofService?.model ?? options.model,
    url,
    keyVariable: options.keyVariable ?? ofService?.keyVariable ?? "OPENAI_API_KEY",
    logprobs: options.logprobs ?? ofService?.logprobs ?? false,
    contextTokens: options.contextTokens ?? ofService?.contextTokens ?? null,
    priceIn: options.priceIn ?? ofService?.priceIn ?? 0,
    priceOut: options.priceOut ?? ofService?.priceOut ?? 0,
  };
}
