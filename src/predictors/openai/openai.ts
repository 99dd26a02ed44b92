/** `openai`: any service that speaks OpenAI's chat completions. A reference by nature; what it says of a situation is recorded once. */
import { hash16, sha256Hex } from "../../json/hash.ts";
import { readAnswer, shortReason } from "../chat/answer.ts";
import type { Chat } from "../chat/chat.ts";
import { fitChat } from "../chat/fit.ts";
import { linkSignals } from "../chat/linked-signal.ts";
import { historyNeeded, promptSettings } from "../chat/options.ts";
import { type Prompt, promptsFor } from "../chat/prompt.ts";
import { examplesHash, warmMemory } from "../chat/warm-memory.ts";
import type { Prediction } from "../predictor.ts";
import type { RemoteDeps, RemoteFactory, RemotePredictor, RemoteSituation } from "../remote.ts";
import { createCache } from "./cache.ts";
import { endpointOf } from "./endpoint.ts";
import { type OpenaiOptions, openaiOptionsSchema, type Settings, settingsOf } from "./options.ts";
import { type Asked, createService, deadline } from "./service.ts";

/** Without the service's tokenizer: fewer than the characters a token has in nearly all texts, so that a full context is noticed early. */
const charactersPerToken = 3;

export const openaiFactory: RemoteFactory<OpenaiOptions> = {
  kind: "openai",
  optionsSchema: openaiOptionsSchema,
  batching: { max: 8, waitMs: 20, concurrency: 4 },
  historySteps: historyNeeded,
  isolated: false,
  open: (options, deps) => openOpenai(options, deps, jitterOf(deps.name)),
};

/** `jitter`: numbers in [0, 1) that spread retries. */
export async function openOpenai(
  options: OpenaiOptions,
  deps: RemoteDeps,
  jitter: () => number,
): Promise<RemotePredictor> {
  const settings = settingsOf(options);
  const endpoint = endpointOf(options, settings, deps.env);
  const memory = await warmMemory(options, deps);
  const service = createService(options, settings, endpoint, deps, jitter);
  const cache = createCache<Asked & { readonly ok: true }>(options.cacheMax);
  const closed = new AbortController();

  async function asked(chat: Chat, tokens: number, signal: AbortSignal): Promise<Asked> {
    const body = JSON.stringify(requestOf(chat, options, settings));
    const key = sha256Hex(body);
    const known = cache.get(key);
    if (known !== undefined) {
      deps.count("cacheHits", 1);
      return known;
    }
    const answer = await service.ask(body, tokens + options.maxTokens, signal);
    if (answer.ok && options.cacheMax > 0) cache.put(key, answer);
    return answer;
  }

  async function predictOne(prompt: Prompt, situation: RemoteSituation, signal: AbortSignal): Promise<Prediction> {
    if (signal.aborted) return { status: "failed", reason: deadline };
    const { contextTokens } = settings;
    const tokensMax = contextTokens === null ? Number.POSITIVE_INFINITY : contextTokens - options.maxTokens;
    const fitted = fitChat(prompt, tokensOf, tokensMax);
    if (fitted === null)
      return { status: "failed", reason: `the situation is longer than the context (${contextTokens} tokens)` };
    if (fitted.stepsDropped > 0) deps.count("stepsDropped", fitted.stepsDropped);
    const answer = await asked(fitted.chat, fitted.tokens, signal);
    if (!answer.ok) return { status: "failed", reason: shortReason(answer.reason) };
    const read = readAnswer(fitted.chat.form, answer.text, situation.state, options.successSuffix);
    if (!read.ok) return { status: "failed", reason: read.reason };
    return { status: "answered", next: read.next, confidence: answer.confidence };
  }

  return {
    version: versionOf(options, settings),
    deterministic: false,
    backend: { name: "http", device: endpoint.shown },
    predict(situations, signal) {
      const prompts = promptsFor(situations, options, memory);
      const either = linkSignals(signal, closed.signal);
      const all = Promise.all(
        prompts.flatMap((prompt, at) => {
          const situation = situations[at];
          return situation === undefined ? [] : [predictOne(prompt, situation, either.signal)];
        }),
      );
      return all.finally(() => either.release());
    },
    async close() {
      closed.abort();
    },
  };
}

function requestOf({ turns }: Chat, options: OpenaiOptions, { model, logprobs }: Settings): object {
  return {
    model,
    messages: turns.map(({ role, text }) => ({ role, content: text })),
    temperature: options.temperature,
    [options.tokenLimitField]: options.maxTokens,
    ...(options.seed !== null && { seed: options.seed }),
    ...(logprobs && { logprobs: true }),
  };
}

function tokensOf({ turns }: Chat): number {
  return turns.reduce((sum, { text }) => sum + 4 + Math.ceil(text.length / charactersPerToken), 0);
}

/** The model as it is called, and a hash of what else changes answers. */
function versionOf(options: OpenaiOptions, { model, url }: Settings): string {
  const { temperature, seed } = options;
  return `${model}+${hash16(JSON.stringify([url, temperature, seed, promptSettings(options), examplesHash(options)])).slice(0, 8)}`;
}

/** Spread over [0, 1) without randomness, which predictors do without: by name and count. */
function jitterOf(name: string): () => number {
  let drawn = 0;
  return () => Number.parseInt(hash16(`${name} ${drawn++}`).slice(0, 8), 16) / 2 ** 32;
}
