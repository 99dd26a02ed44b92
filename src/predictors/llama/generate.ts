/** One answer: the prompt is read where it differs from what the sequence has read, then tokens are written until the model ends. */
import type { Chat } from "../chat/chat.ts";
import type { HistoryItem, Sequence, Token } from "./binding.ts";
import { batchTokens, type Engine } from "./engine.ts";

export interface Generated {
  /** `end`: the model ended · `cut`: at the limit of tokens · `aborted`: the deadline came. */
  readonly end: "end" | "cut" | "aborted";
  readonly text: string;
  /** Probability of the answer, its end included; the product over its tokens. */
  readonly confidence: number;
  readonly tokensRead: number;
  readonly tokensCached: number;
  readonly tokensWritten: number;
}

/** The conversation in the model's own template, up to where its answer begins, and the single tokens that end an answer beside its own. */
export function tokensOf({ wrapper, model }: Pick<Engine, "wrapper" | "model">, { turns }: Chat) {
  const chatHistory = [...turns.map(itemOf), { type: "model", response: [] } as const];
  const { contextText, stopGenerationTriggers } = wrapper.generateContextState({ chatHistory });
  const stops = stopGenerationTriggers.map((trigger) => trigger.tokenize(model.tokenizer));
  return {
    tokens: contextText.tokenize(model.tokenizer),
    stops: new Set(stops.flatMap((one) => (one.length === 1 ? one : []))),
  };
}

export async function generate(
  engine: Engine,
  sequence: Sequence,
  { tokens, stops }: { readonly tokens: readonly Token[]; readonly stops: ReadonlySet<Token> },
  { form, maxTokens }: { readonly form: Chat["form"]; readonly maxTokens: number },
  signal: AbortSignal,
): Promise<Generated> {
  const { model, binding, patches } = engine;
  // The last token is computed in any case: what follows it is asked for.
  await sequence.adaptStateToTokens(tokens.slice(0, -1), false);
  const tokensCached = sequence.nextTokenIndex;
  const read = { tokensCached, tokensRead: tokens.length - tokensCached };
  for (let at = tokensCached; at < tokens.length - 1; at += batchTokens) {
    if (signal.aborted) return { ...read, end: "aborted", text: "", confidence: 0, tokensWritten: 0 };
    await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(at, Math.min(at + batchTokens, tokens.length - 1)));
  }
  const grammar = form === "patch" ? new binding.LlamaGrammarEvaluationState({ model, grammar: patches }) : undefined;
  const options = { temperature: 0, yieldEogToken: true, ...(grammar && { grammarEvaluationState: grammar }) } as const;
  const written: Token[] = [];
  let confidence = 1;
  let end: Generated["end"] = "end";
  for await (const next of sequence.evaluateWithMetadata(tokens.slice(-1), { confidence: true }, options)) {
    confidence *= next.confidence;
    if (model.isEogToken(next.token) || stops.has(next.token)) break;
    if (written.length >= maxTokens || signal.aborted) {
      end = signal.aborted ? "aborted" : "cut";
      break;
    }
    written.push(next.token);
  }
  return { ...read, end, text: model.detokenize(written), confidence, tokensWritten: written.length };
}

function itemOf({ role, text }: Chat["turns"][number]): HistoryItem {
  return role === "assistant" ? { type: "model", response: [text] } : { type: role, text };
}
