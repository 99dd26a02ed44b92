/** Tensors for tests: opened in this process, and the native build of TensorFlow, which the first test that needs it provisions. */
import { inject } from "vitest";
import type { BackendName } from "../../src/predictors/tensor/backend.ts";
import { buildsFolder } from "../../src/predictors/tensor/native-place.ts";
import { openTensors, type Tensors, type TensorsOptions } from "../../src/predictors/tensor/tensors.ts";
import { ofDemand } from "./on-demand.ts";
import { required } from "./require.ts";

export function openHere(backend: BackendName | "auto", more: Partial<TensorsOptions> = {}): Promise<Tensors> {
  return openTensors({ purpose: "inference", env: {}, log() {}, ...more, backend });
}

export const builds = buildsFolder({});

/**
 * Whether the CPU build of TensorFlow is there, after building it: once, 259 MB to fetch. Where it cannot be built the tests are skipped
 * loudly.
 */
export async function nativeIsThere(): Promise<boolean> {
  const { err } = (await ofDemand(inject("nativeHost"))) as { readonly err: string };
  return required(err === "", `TensorFlow could not be built: ${err}`);
}
