/** What is known of some services' models, so that naming the model is enough. Prices and limits are those published; options override them. */
export interface Profile {
  /** The name by which the service knows the model. */
  readonly model: string;
  readonly url: string;
  readonly keyVariable: string;
  readonly contextTokens: number;
  /** Dollars per million tokens. */
  readonly priceIn: number;
  readonly priceOut: number;
  /** The service gives log-probabilities of tokens. */
  readonly logprobs: boolean;
}

const openai = { url: "https://api.openai.com/v1", keyVariable: "OPENAI_API_KEY", logprobs: true };

const profiles: readonly (Profile & { readonly named: RegExp })[] = [
  {
    named: /^claude-sonnet-4[.-]5(-\d+)?$/i,
    model: "claude-sonnet-4-5",
    url: "https://api.anthropic.com/v1",
    keyVariable: "ANTHROPIC_API_KEY",
    contextTokens: 200_000,
    priceIn: 3,
    priceOut: 15,
    logprobs: false,
  },
  {
    named: /^gpt-4o(-\d{4}-\d\d-\d\d)?$/i,
    model: "gpt-4o",
    contextTokens: 128_000,
    priceIn: 2.5,
    priceOut: 10,
    ...openai,
  },
  {
    named: /^gpt-4-turbo(-\d{4}-\d\d-\d\d)?$/i,
    model: "gpt-4-turbo",
    contextTokens: 128_000,
    priceIn: 10,
    priceOut: 30,
    ...openai,
  },
];

/** A dated version keeps its own name. */
export function profileOf(model: string): Profile | null {
  const found = profiles.find(({ named }) => named.test(model));
  if (found === undefined) return null;
  return { ...found, model: /-\d{8}$|\d{4}-\d\d-\d\d$/.test(model) ? model : found.model };
}
