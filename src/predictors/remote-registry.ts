/** Every kind of remote predictor. Adding one is adding a line. */
import type { RemoteFactory } from "./remote.ts";

export const remoteFactories: readonly RemoteFactory[] = [];
