/** A loaded model with its context: opened with errors that say what is wrong, closed without leaving memory behind. */
import type { Backend, RemoteDeps } from "../remote.ts";
import {
  type Binding,
  type ChatWrapper,
  type Context,
  type Grammar,
  type Llama,
  llamaCppVersion,
  loadBinding,
  type Model,
  type Sequence,
} from "./binding.ts";
import type { LlamaOptions, Settings } from "./options.ts";
import { patchGrammar } from "./patch-grammar.ts";

export interface Engine {
  readonly binding: Binding;
  readonly model: Model;
  readonly wrapper: ChatWrapper;
  readonly patches: Grammar;
  readonly sequences: readonly Sequence[];
  readonly backend: Backend;
  close(): Promise<void>;
}

/** Tokens of one pass over a prompt: after each the deadline is looked at. */
export const batchTokens = 512;
/** Lines of the native library kept to explain why it failed. */
const linesKept = 3;

export async function openEngine(options: LlamaOptions, settings: Settings, deps: RemoteDeps): Promise<Engine> {
  const { binding, version } = await loadBinding(options.peers);
  if (version !== llamaCppVersion)
    deps.log("warn", `${deps.name}: node-llama-cpp ${version} is not the tested ${llamaCppVersion}`, { version });
  const said: string[] = [];
  const llama = await startLlama(binding, options, settings, said);
  try {
    const model = await loadModel(llama, options.model, said);
    checkMemory(model, options, settings, llama);
    if (settings.contextTokens > model.trainContextSize) {
      const fields = { contextTokens: settings.contextTokens, trained: model.trainContextSize };
      deps.log("warn", `${deps.name}: the context is longer than any that the model was trained on`, fields);
    }
    const context = await createContext(model, options, settings, said);
    const wrapper = binding.resolveChatWrapper(model);
    const backend = await backendOf(llama, settings);
    deps.log("info", `${deps.name}: model loaded`, {
      ...backend,
      template: wrapper.wrapperName,
      contextTokens: context.contextSize,
    });
    return {
      binding,
      model,
      wrapper,
      patches: await llama.createGrammar({ grammar: patchGrammar }),
      sequences: Array.from({ length: options.sequences }, () => context.getSequence()),
      backend,
      async close() {
        await context.dispose();
        await model.dispose();
        await llama.dispose();
      },
    };
  } catch (error) {
    await llama.dispose();
    throw error;
  }
}

async function startLlama(
  binding: Binding,
  { gpu }: LlamaOptions,
  { threads }: Settings,
  said: string[],
): Promise<Llama> {
  const logger = (_level: string, message: string) => {
    said.push(message.trim());
    if (said.length > linesKept) said.shift();
  };
  // Never a build or a download: only what npm installed.
  const fixed = { build: "never", skipDownload: true, progressLogs: false, logLevel: "error" } as const;
  try {
    return await binding.getLlama({ ...fixed, gpu, maxThreads: threads, logger });
  } catch (error) {
    throw new Error(
      `gpu ${JSON.stringify(gpu)}: expected a working build of llama.cpp for it, found none (${messageOf(error)}); gpu false takes the CPU`,
    );
  }
}

async function loadModel(llama: Llama, path: string, said: readonly string[]): Promise<Model> {
  try {
    return await llama.loadModel({ modelPath: path });
  } catch (error) {
    throw new Error(`model ${path}: expected a model that llama.cpp can load, found: ${because(error, said)}`);
  }
}

/** On a machine that promises more memory than it has, asking for too much ends the process. */
function checkMemory(
  model: Model,
  { sequences, model: path }: LlamaOptions,
  { contextTokens }: Settings,
  llama: Llama,
): void {
  if (llama.gpu !== false) return;
  const wanted = { contextSize: contextTokens, sequences, modelGpuLayers: model.gpuLayers };
  const { cpuRam } = model.fileInsights.estimateContextResourceRequirements(wanted);
  const available = process.availableMemory();
  if (cpuRam <= available) return;
  const [needs, has] = [cpuRam, available].map((bytes) => `${(bytes / 2 ** 30).toFixed(1)} GiB`);
  throw new Error(
    `model ${path}: out of memory: ${sequences} sequences of ${contextTokens} tokens need ${needs}, available are ${has}; lower contextTokens or sequences`,
  );
}

async function createContext(
  model: Model,
  { sequences, adapters, model: path }: LlamaOptions,
  { contextTokens, threads }: Settings,
  said: readonly string[],
): Promise<Context> {
  const lora = { adapters: adapters.map(({ file, scale }) => ({ filePath: file, scale })) };
  try {
    return await model.createContext({
      contextSize: contextTokens,
      sequences,
      batchSize: Math.min(contextTokens * sequences, Math.max(batchTokens, sequences)),
      threads,
      failedCreationRemedy: false,
      ...(adapters.length > 0 && { lora }),
    });
  } catch (error) {
    const size = `${sequences} sequences of ${contextTokens} tokens`;
    throw new Error(
      `model ${path}: no context of ${size}${adapters.length > 0 ? " with its adapters" : ""}: ${because(error, said)}`,
    );
  }
}

async function backendOf(llama: Llama, { threads }: Settings): Promise<Backend> {
  if (llama.gpu === false) return { name: "cpu", device: `${threads} threads` };
  return { name: llama.gpu, device: (await llama.getGpuDeviceNames()).join(", ") };
}

function because(error: unknown, said: readonly string[]): string {
  const memory =
    error instanceof Error && error.constructor.name === "InsufficientMemoryError" ? "out of memory: " : "";
  return `${memory}${[messageOf(error), ...said].join(" · ")}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
