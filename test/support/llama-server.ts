/**
 * A real model behind OpenAI's chat completions on loopback: the small GGUF through node-llama-cpp, with usage, log-probabilities and
 * finish reasons as services give them. One request at a time.
 */
import { Value } from "@sinclair/typebox/value";
import type { Turn } from "../../src/predictors/chat/chat.ts";
import type { Token } from "../../src/predictors/llama/binding.ts";
import { type Engine, openEngine } from "../../src/predictors/llama/engine.ts";
import { tokensOf } from "../../src/predictors/llama/generate.ts";
import { llamaOptionsSchema, settingsOf } from "../../src/predictors/llama/options.ts";
import { type ChatRequest, type ChatServer, json, startChatServer } from "./chat-server.ts";
import type { SmallModel } from "./llama-peer.ts";
import { testDeps } from "./remote-deps.ts";

const contextTokens = 1_024;

export async function startLlamaServer(small: SmallModel): Promise<ChatServer> {
  const given = { ...small, gpu: false, threads: 1, sequences: 1, contextTokens };
  const options = Value.Decode(llamaOptionsSchema, Value.Default(llamaOptionsSchema, given));
  const engine = await openEngine(options, settingsOf(options), testDeps());
  let turn: Promise<void> = Promise.resolve();
  const server = await startChatServer((response, request) => {
    turn = turn.then(async () => {
      const { status, body } = await complete(engine, request);
      await json(status, body)(response, request);
    });
    return turn;
  });
  return {
    ...server,
    async close() {
      await server.close();
      await turn;
      await engine.close();
    },
  };
}

async function complete(
  engine: Engine,
  { body }: ChatRequest,
): Promise<{ readonly status: number; readonly body: object }> {
  const turns = body.messages.map(
    ({ role, content }): Turn => ({
      role: role === "system" || role === "assistant" ? role : "user",
      text: content,
    }),
  );
  const { tokens, stops } = tokensOf(engine, { form: "text", turns, stepsDropped: 0 });
  const limit = Number(body["max_tokens"]);
  if (tokens.length + limit > contextTokens) {
    const message = `maximum context length is ${contextTokens} tokens`;
    return { status: 400, body: { error: { message, code: "context_length_exceeded" } } };
  }
  const sequence = engine.sequences[0];
  await sequence?.clearHistory();
  const written: Token[] = [];
  const content: object[] = [];
  let finish = "length";
  const options = { temperature: Number(body["temperature"]), yieldEogToken: true } as const;
  for await (const { token, confidence } of sequence?.evaluateWithMetadata(tokens, { confidence: true }, options) ??
    []) {
    content.push({ logprob: Math.log(confidence) });
    if (engine.model.isEogToken(token) || stops.has(token)) {
      finish = "stop";
      break;
    }
    written.push(token);
    if (written.length >= limit) break;
  }
  const message = { role: "assistant", content: engine.model.detokenize(written) };
  const logprobs = body["logprobs"] === true ? { content } : null;
  return {
    status: 200,
    body: {
      object: "chat.completion",
      model: "smollm2-135m-instruct",
      choices: [{ index: 0, message, logprobs, finish_reason: finish }],
      usage: { prompt_tokens: tokens.length, completion_tokens: written.length },
    },
  };
}
