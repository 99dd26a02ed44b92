/** Every kind of remote predictor. Adding one is adding a line. */
import { neuralFactory } from "./neural/neural.ts";
import type { RemoteFactory } from "./remote.ts";

export const remoteFactories: readonly RemoteFactory[] = [neuralFactory];
