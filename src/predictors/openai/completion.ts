/** Reads the body of a chat completion: the text, how sure the model was of it, and what it took. */
export interface Usage {
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** Of those read, the ones that the service had in a cache. */
  readonly tokensCached: number;
}

export type Completion =
  | {
      readonly ok: true;
      readonly text: string;
      readonly confidence: number | null;
      readonly usage: Usage | null;
      readonly model: string | null;
    }
  /** What it took is paid for all the same. */
  | { readonly ok: false; readonly reason: string; readonly usage: Usage | null };

export type ConfidenceOf = "product" | "mean";

export function readCompletion(body: string, confidenceOf: ConfidenceOf): Completion {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return failed("the response is not JSON", null);
  }
  const usage = usageOf(member(value, "usage"));
  const choices = member(value, "choices");
  if (!Array.isArray(choices)) return failed("the response has no choices", usage);
  const choice: unknown = choices[0];
  if (choice === undefined) return failed("the response has empty choices", usage);
  const finish = member(choice, "finish_reason");
  if (finish === "length") return failed("the answer was cut at maxTokens", usage);
  if (finish !== undefined && finish !== null && finish !== "stop") {
    return failed(`the answer ended with finish_reason ${JSON.stringify(finish)}`, usage);
  }
  const text = member(member(choice, "message"), "content");
  if (typeof text !== "string") return failed("the answer has no text", usage);
  const model = member(value, "model");
  return {
    ok: true,
    text,
    confidence: confidence(member(member(choice, "logprobs"), "content"), confidenceOf),
    usage,
    model: typeof model === "string" ? model : null,
  };
}

/** The message of an error body, where there is one: `{"error":{"message":…,"code":…}}`. */
export function readError(body: string): { readonly message: string; readonly code: string } {
  try {
    const error = member(JSON.parse(body), "error");
    const message = typeof error === "string" ? error : member(error, "message");
    const code = member(error, "code") ?? member(error, "type");
    return { message: typeof message === "string" ? message : "", code: typeof code === "string" ? code : "" };
  } catch {
    return { message: "", code: "" };
  }
}

/** From natural logarithms of token probabilities; null where the service gives none. */
function confidence(tokens: unknown, of: ConfidenceOf): number | null {
  if (!Array.isArray(tokens) || tokens.length === 0) return null;
  let sum = 0;
  for (const token of tokens) {
    const logprob = member(token, "logprob");
    if (typeof logprob !== "number" || Number.isNaN(logprob)) return null;
    sum += Math.min(0, logprob);
  }
  return Math.exp(of === "mean" ? sum / tokens.length : sum);
}

function usageOf(usage: unknown): Usage | null {
  const [tokensIn, tokensOut] = [count(member(usage, "prompt_tokens")), count(member(usage, "completion_tokens"))];
  if (tokensIn === null || tokensOut === null) return null;
  return {
    tokensIn,
    tokensOut,
    tokensCached: count(member(member(usage, "prompt_tokens_details"), "cached_tokens")) ?? 0,
  };
}

function count(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Object.getOwnPropertyDescriptor(value, key)?.value : undefined;
}

function failed(reason: string, usage: Usage | null): Completion {
  return { ok: false, reason, usage };
}
