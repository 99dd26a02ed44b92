/**
 * `llama`: a GGUF model in this process, through node-llama-cpp. It is said to be not deterministic: at temperature 0 the likeliest token is taken, but
 * rounding depends on what is computed side by side, and two tokens may be nearly as likely.
 */
import { readAnswer, shortReason } from "../chat/answer.ts";
import type { Chat } from "../chat/chat.ts";
import { fitChat } from "../chat/fit.ts";
import { linkSignals } from "../chat/linked-signal.ts";
import { historyNeeded, promptSettings } from "../chat/options.ts";
import { type Prompt, promptsFor } from "../chat/prompt.ts";
import { examplesHash, warmMemory } from "../chat/warm-memory.ts";
import type { Prediction } from "../predictor.ts";
import type { RemoteDeps, RemoteFactory, RemotePredictor, RemoteSituation } from "../remote.ts";
import type { Sequence } from "./binding.ts";
import { type Engine, openEngine } from "./engine.ts";
import { type Generated, generate, tokensOf } from "./generate.ts";
import { checkGguf } from "./gguf.ts";
import { type LlamaOptions, llamaOptionsSchema, type Settings, settingsOf } from "./options.ts";
import { createSlots } from "./slots.ts";
import { versionOf } from "./version.ts";

export const llamaFactory: RemoteFactory<LlamaOptions> = {
  kind: "llama",
  optionsSchema: llamaOptionsSchema,
  batching: { max: 16, waitMs: 10, concurrency: 1 },
  historySteps: historyNeeded,
  isolated: true,
  open: openLlama,
};

/** After so many answers in a row that the native library could not give, it is opened anew. */
const failuresMax = 8;

async function openLlama(options: LlamaOptions, deps: RemoteDeps): Promise<RemotePredictor> {
  const settings = settingsOf(options);
  const parts = [
    { path: options.model, file: checkGguf(options.model), scale: 1 },
    ...options.adapters.map(({ file, scale }) => ({ path: file, file: checkGguf(file, "adapter"), scale })),
  ];
  const memory = await warmMemory(settings.chat, deps);
  const { contextTokens } = settings;
  const examples = examplesHash(settings.chat);
  const engine = await openEngine(options, settings, deps);
  const answer = createAnswering(engine, settings, deps);
  const slots = createSlots(options.sequences);
  const closed = new AbortController();
  /** Calls take turns: sequences are shared. */
  let last: Promise<unknown> = Promise.resolve();

  async function predictAll(
    situations: readonly RemoteSituation[],
    signal: AbortSignal,
  ): Promise<readonly Prediction[]> {
    const prompts = promptsFor(situations, settings.chat, memory);
    const predictions: Prediction[] = situations.map(() => late);
    const assigned = slots.assign(situations.map(({ episode }) => episode));
    const work = engine.sequences.map(async (sequence, slot) => {
      for (const [at, situation] of situations.entries()) {
        const prompt = prompts[at];
        if (assigned[at] !== slot || prompt === undefined || signal.aborted) continue;
        predictions[at] = await answer(sequence, prompt, situation, signal);
      }
    });
    await Promise.all(work);
    return predictions;
  }

  return {
    version: await versionOf(parts, { ...promptSettings(settings.chat), contextTokens, examples }),
    deterministic: false,
    backend: engine.backend,
    predict(situations, signal) {
      const either = linkSignals(signal, closed.signal);
      const turn = last.then(() => predictAll(situations, either.signal)).finally(() => either.release());
      last = turn.catch(() => {});
      return turn;
    },
    async close() {
      closed.abort();
      await last;
      await engine.close();
    },
  };
}

const late: Prediction = { status: "failed", reason: "deadline" };

function createAnswering(engine: Engine, { chat: options, contextTokens }: Settings, deps: RemoteDeps) {
  const { maxTokens, successSuffix } = options;
  let failures = 0;

  async function generated(sequence: Sequence, chat: Chat, signal: AbortSignal): Promise<Generated | string> {
    try {
      const made = await generate(engine, sequence, tokensOf(engine, chat), { form: chat.form, maxTokens }, signal);
      failures = 0;
      return made;
    } catch (error) {
      failures += 1;
      if (failures >= failuresMax) throw error;
      await sequence.clearHistory();
      return `llama.cpp: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  return async (
    sequence: Sequence,
    prompt: Prompt,
    situation: RemoteSituation,
    signal: AbortSignal,
  ): Promise<Prediction> => {
    const fitted = fitChat(prompt, (chat) => tokensOf(engine, chat).tokens.length, contextTokens - maxTokens);
    if (fitted === null) return failed(`the situation is longer than the context (${contextTokens} tokens)`);
    if (fitted.stepsDropped > 0) deps.count("stepsDropped", fitted.stepsDropped);
    const made = await generated(sequence, fitted.chat, signal);
    if (typeof made === "string") return failed(made);
    deps.count("tokensIn", made.tokensRead);
    deps.count("tokensCached", made.tokensCached);
    deps.count("tokensOut", made.tokensWritten);
    if (made.end === "aborted") return late;
    if (made.end === "cut") return failed(`the answer was cut at maxTokens (${maxTokens})`);
    const read = readAnswer(fitted.chat.form, made.text, situation.state, successSuffix);
    return read.ok ? { status: "answered", next: read.next, confidence: made.confidence } : failed(read.reason);
  };
}

function failed(reason: string): Prediction {
  return { status: "failed", reason: shortReason(reason) };
}
