/**
 * The one file that touches node-llama-cpp: where it is found, and the part of it that is used. It is an optional peer, since it installs 725 MB:
 * `npm ci` leaves it out, and a missing one is an error that says how to get it.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** The version that is tested. */
export const llamaCppVersion = "3.22.1";

/** Opaque to us. */
export type Token = number & { readonly __token?: never };
type Tokenizer = object;
interface Text {
  tokenize(tokenizer: Tokenizer): Token[];
}
export type HistoryItem =
  | { readonly type: "system" | "user"; readonly text: string }
  | { readonly type: "model"; readonly response: readonly string[] };
export interface ChatWrapper {
  readonly wrapperName: string;
  generateContextState(from: { readonly chatHistory: readonly HistoryItem[] }): {
    readonly contextText: Text;
    readonly stopGenerationTriggers: readonly Text[];
  };
}
export type Grammar = object;
export interface Sequence {
  /** Tokens held. */
  readonly nextTokenIndex: number;
  /** Forgets what differs from `tokens`, and what comes after them. */
  adaptStateToTokens(tokens: readonly Token[], allowShift: boolean): Promise<void>;
  evaluateWithoutGeneratingNewTokens(tokens: readonly Token[]): Promise<void>;
  evaluateWithMetadata(
    tokens: readonly Token[],
    metadata: { readonly confidence: true },
    options: { readonly temperature: number; readonly yieldEogToken: true; readonly grammarEvaluationState?: object },
  ): AsyncIterable<{ readonly token: Token; readonly confidence: number }>;
  clearHistory(): Promise<void>;
}
export interface Context {
  /** Of each sequence. */
  readonly contextSize: number;
  getSequence(): Sequence;
  dispose(): Promise<void>;
}
export interface Model {
  readonly tokenizer: Tokenizer;
  readonly trainContextSize: number;
  readonly fileInsights: {
    estimateContextResourceRequirements(wanted: {
      readonly contextSize: number;
      readonly sequences: number;
      readonly modelGpuLayers: number;
    }): { readonly cpuRam: number; readonly gpuVram: number };
  };
  readonly gpuLayers: number;
  isEogToken(token: Token): boolean;
  detokenize(tokens: readonly Token[]): string;
  createContext(options: {
    readonly contextSize: number;
    readonly sequences: number;
    readonly batchSize: number;
    readonly threads: number;
    readonly lora?: { readonly adapters: readonly { readonly filePath: string; readonly scale: number }[] };
    readonly failedCreationRemedy: false;
  }): Promise<Context>;
  dispose(): Promise<void>;
}
export interface Llama {
  /** What computes; false: the CPU. */
  readonly gpu: "cuda" | "vulkan" | "metal" | false;
  getGpuDeviceNames(): Promise<readonly string[]>;
  loadModel(options: { readonly modelPath: string }): Promise<Model>;
  createGrammar(options: { readonly grammar: string }): Promise<Grammar>;
  dispose(): Promise<void>;
}
export interface Binding {
  getLlama(options: {
    readonly gpu: "auto" | "cuda" | "vulkan" | "metal" | false;
    readonly build: "never";
    readonly skipDownload: true;
    readonly progressLogs: false;
    readonly maxThreads: number;
    readonly logLevel: "error";
    readonly logger: (level: string, message: string) => void;
  }): Promise<Llama>;
  resolveChatWrapper(model: Model): ChatWrapper;
  readonly LlamaGrammarEvaluationState: new (of: { readonly model: Model; readonly grammar: Grammar }) => object;
}

export interface Loaded {
  readonly binding: Binding;
  readonly version: string;
}

/** `peers`: the folder in whose `node_modules` it is; null: Driftline's own, then the working directory. */
export async function loadBinding(peers: string | null): Promise<Loaded> {
  const places =
    peers === null ? [import.meta.url, pathToFileURL(join(process.cwd(), "any.js")).href] : [placeOf(peers)];
  for (const place of places) {
    const found = resolved(place);
    if (found === null) continue;
    const binding: Binding = await import(pathToFileURL(found).href);
    return { binding, version: versionAt(found) };
  }
  const where = peers === null ? "in the folder of Driftline" : `in ${resolve(peers)}`;
  throw new Error(
    `node-llama-cpp is not installed: run \`npm install --no-save --ignore-scripts node-llama-cpp@${llamaCppVersion}\` ${where} (725 MB)`,
  );
}

function placeOf(folder: string): string {
  return pathToFileURL(join(resolve(folder), "any.js")).href;
}

function resolved(place: string): string | null {
  try {
    return createRequire(place).resolve("node-llama-cpp");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND") return null;
    throw error;
  }
}

/** Of the nearest package.json above. */
function versionAt(file: string): string {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, "package.json");
    if (!existsSync(path)) continue;
    const { version }: { readonly version?: unknown } = JSON.parse(readFileSync(path, "utf8"));
    if (typeof version === "string") return version;
  }
  return "unknown";
}
