/** Options of `llama`. `null` means: as the profile says, or the plain default. */
import { availableParallelism } from "node:os";
import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { type ChatOptions, chatOptions } from "../chat/options.ts";

const orNull = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { default: null, description });
const oneOf = <const Names extends readonly string[]>(names: Names) =>
  Type.Unsafe<Names[number]>(Type.Union(names.map((name) => Type.Literal(name))));

/**
 * Settings under which models of arXiv 2512.18832 were fine-tuned and measured: the bare chat form, contexts of 12,288 tokens, answers of up to
 * 2,000. Both families write their own chat template into the file.
 */
const fineTuned = { instructions: "none", contextTokens: 12_288, maxTokens: 2_000 } as const;
const plain = { instructions: "brief", contextTokens: 4_096, maxTokens: 512 } as const;
const profiles = { "qwen2.5-7b-sft": fineTuned, "llama-3.1-8b-sft": fineTuned } as const;

const { instructions: _instructions, maxTokens: _maxTokens, ...sharedOptions } = chatOptions;

export const llamaOptionsSchema = Type.Object(
  {
    ...sharedOptions,
    model: Type.String({ minLength: 1, description: "GGUF file." }),
    profile: orNull(
      oneOf(["qwen2.5-7b-sft", "llama-3.1-8b-sft"]),
      "Settings for a model that was fine-tuned on interactions in the chat form; null: for any chat model.",
    ),
    instructions: orNull(
      oneOf(["none", "brief"]),
      "In text worlds: brief tells the model that it plays the environment (default without a profile); none for fine-tuned ones.",
    ),
    contextTokens: orNull(
      Type.Integer({ minimum: 256, maximum: 1_048_576 }),
      "Tokens of prompt and answer of each sequence (4,096; profiles 12,288). The oldest steps are left out beyond it.",
    ),
    maxTokens: orNull(
      Type.Integer({ minimum: 1 }),
      "Tokens of an answer (512; profiles 2,000); a longer one is a failure.",
    ),
    sequences: Type.Integer({
      default: 4,
      minimum: 1,
      maximum: 256,
      description: "Episodes computed side by side, each with its own memory of what it has read.",
    }),
    gpu: Type.Union([oneOf(["auto", "cuda", "vulkan", "metal"]), Type.Literal(false)], {
      default: "auto",
      description: "What computes; false: the CPU. A device that is named and missing is an error.",
    }),
    threads: orNull(
      Type.Integer({ minimum: 1, maximum: 512 }),
      "Threads of the CPU; default: as many as there are cores. More than are free make it many times slower.",
    ),
    adapters: Type.Array(
      Type.Object(
        { file: Type.String({ minLength: 1 }), scale: Type.Number({ default: 1 }) },
        { additionalProperties: false },
      ),
      { default: [], maxItems: 16, description: "LoRA adapters (GGUF), in order." },
    ),
    peers: orNull(
      Type.String({ minLength: 1 }),
      "Folder whose node_modules holds node-llama-cpp; default: that of Driftline, then the working directory.",
    ),
  },
  { additionalProperties: false },
);
export type LlamaOptions = Static<typeof llamaOptionsSchema>;

export interface Settings {
  readonly chat: ChatOptions;
  readonly contextTokens: number;
  readonly threads: number;
}

/** Throws where the context has no room for prompt and answer. */
export function settingsOf(options: LlamaOptions): Settings {
  const base = options.profile === null ? plain : profiles[options.profile];
  const contextTokens = options.contextTokens ?? base.contextTokens;
  const maxTokens = options.maxTokens ?? base.maxTokens;
  if (maxTokens >= contextTokens)
    throw new Error(`maxTokens ${maxTokens} leaves no room for a prompt in contextTokens ${contextTokens}`);
  return {
    chat: { ...options, instructions: options.instructions ?? base.instructions, maxTokens },
    contextTokens,
    threads: options.threads ?? availableParallelism(),
  };
}
