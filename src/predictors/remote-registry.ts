/** Every kind of remote predictor. Adding one is adding a line. */
import { llamaFactory } from "./llama/llama.ts";
import { neuralFactory } from "./neural/neural.ts";
import { openaiFactory } from "./openai/openai.ts";
import type { RemoteFactory } from "./remote.ts";

export const remoteFactories: readonly RemoteFactory[] = [neuralFactory, llamaFactory, openaiFactory];
