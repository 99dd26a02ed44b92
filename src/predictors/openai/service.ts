/**
 * Asks the service until it answers, refuses for good, or the deadline comes: 429 and 5xx, broken connections and silence are tried again,
 * after the wait that the service names or one that doubles, with jitter so that many do not come back at once.
 */
import type { RemoteDeps } from "../remote.ts";
import { type Completion, readCompletion, readError, type Usage } from "./completion.ts";
import type { Endpoint } from "./endpoint.ts";
import { exchange, type Outcome } from "./exchange.ts";
import { createLimiter } from "./limiter.ts";
import type { OpenaiOptions, Settings } from "./options.ts";

export type Asked =
  | { readonly ok: true; readonly text: string; readonly confidence: number | null }
  | { readonly ok: false; readonly reason: string };

export interface Service {
  /** `body`: the request. `tokens`: about what it takes, answer included. */
  ask(body: string, tokens: number, signal: AbortSignal): Promise<Asked>;
}

/** Named by predictors that ran out of time. */
export const deadline = "deadline";
/** Doubling stops here, and a service that asks for a longer wait is not waited for. */
const waitMsMax = 30_000;
const retryAfterMsMax = 60_000;

/** `jitter`: numbers in [0, 1). */
export function createService(
  options: OpenaiOptions,
  settings: Settings,
  endpoint: Endpoint,
  deps: RemoteDeps,
  jitter: () => number,
): Service {
  const sleep = quiet(deps);
  const limiter = createLimiter(options, { seconds: () => deps.seconds(), sleep });
  const limits = { timeoutMs: options.timeoutMs, responseBytesMax: options.responseBytesMax, now: () => deps.now() };
  let servedBy: string | null = null;

  function pay({ tokensIn, tokensOut, tokensCached }: Usage): void {
    deps.count("tokensIn", tokensIn);
    deps.count("tokensOut", tokensOut);
    deps.count("tokensCached", tokensCached);
    deps.count("costDollars", (tokensIn * settings.priceIn + tokensOut * settings.priceOut) / 1e6);
  }

  function read(body: string, guessed: number): Asked {
    const completion: Completion = readCompletion(body, options.confidence);
    if (completion.usage !== null) {
      pay(completion.usage);
      limiter.correct(guessed, completion.usage.tokensIn + completion.usage.tokensOut);
    }
    if (!completion.ok) return completion;
    if (completion.model !== null && completion.model !== servedBy) {
      servedBy = completion.model;
      deps.log("info", `${deps.name}: the service answers as ${servedBy}`, { model: servedBy });
    }
    return completion;
  }

  return {
    async ask(body, tokens, signal) {
      for (let tries = 0; ; tries++) {
        if (!(await limiter.enter(tokens, signal))) return { ok: false, reason: deadline };
        const outcome = await exchange(endpoint, body, limits, signal);
        if (outcome.kind === "response" && outcome.status === 200) return read(outcome.body, tokens);
        // Nothing was made, so nothing counts against the limit of tokens.
        limiter.correct(tokens, 0);
        const refusal = refusalOf(outcome, endpoint);
        if (!refusal.again || tries >= options.retriesMax) return { ok: false, reason: refusal.reason };
        deps.count("retries", 1);
        const doubled = Math.min(waitMsMax, options.retryMs * 2 ** tries) * (0.5 + jitter() / 2);
        if (refusal.retryAfterMs !== null) limiter.pause(refusal.retryAfterMs);
        await sleep(Math.max(doubled, refusal.retryAfterMs ?? 0), signal);
      }
    },
  };
}

interface Refusal {
  readonly reason: string;
  readonly again: boolean;
  readonly retryAfterMs: number | null;
}

function refusalOf(outcome: Outcome, endpoint: Endpoint): Refusal {
  switch (outcome.kind) {
    case "aborted":
      return final(deadline);
    case "unusable":
      return final(outcome.reason);
    case "broken":
      return { reason: outcome.reason, again: true, retryAfterMs: null };
    case "response":
      return refusedWith(outcome.status, outcome.retryAfterMs, readError(outcome.body), endpoint);
  }
}

function refusedWith(
  status: number,
  retryAfterMs: number | null,
  { message, code }: { readonly message: string; readonly code: string },
  endpoint: Endpoint,
): Refusal {
  // What the service says of a refused key may hold a part of it.
  if (status === 401 || status === 403) return final(`the service refuses the key (${status})`);
  const said = message === "" ? "" : `: ${endpoint.redact(message)}`;
  if (status === 429 && code === "insufficient_quota") return final(`the account's quota is used up (429)${said}`);
  if (status === 429) {
    const isLong = retryAfterMs !== null && retryAfterMs > retryAfterMsMax;
    const wait = isLong ? `, to be tried again after ${Math.round(retryAfterMs / 1_000)} s` : "";
    return { reason: `the service is busy (429)${wait}${said}`, again: !isLong, retryAfterMs };
  }
  if (status >= 500 || status === 408)
    return { reason: `the service fails (${status})${said}`, again: true, retryAfterMs };
  if (status >= 300 && status < 400)
    return final(`the service redirects (${status}): name the address that answers itself`);
  return final(`the service refuses the request (${status})${said}`);
}

function final(reason: string): Refusal {
  return { reason, again: false, retryAfterMs: null };
}

/** A sleep may end by throwing when the signal aborts; who slept looks at the signal next. */
function quiet(deps: Pick<RemoteDeps, "sleep">): RemoteDeps["sleep"] {
  return async (ms, signal) => {
    try {
      await deps.sleep(ms, signal);
    } catch (error) {
      if (signal?.aborted !== true) throw error;
    }
  };
}
