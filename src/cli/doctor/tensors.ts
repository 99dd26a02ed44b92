/**
 * What would compute the tensors of predictors that learn with a network, and of everything better, why it would not and what would get it.
 * Found out in a process of its own: native code that crashes there is a line here.
 */
import { askTensors } from "../tensorflow/child.ts";
import { type Check, ok, warn } from "./check.ts";

export async function checkTensors(env: Readonly<Record<string, string | undefined>>): Promise<readonly Check[]> {
  try {
    const { attempts, limits } = await askTensors("which", env);
    return attempts.map(({ backend, taken, why, how }): Check => {
      const check = `tensors: ${backend}`;
      if (taken) return ok(check, ["used", why, ...limits].join("; "));
      return { check, result: "ok", means: `not used: ${why}`, mend: how };
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [
      warn("tensors", message, "driftline tensorflow check; DRIFTLINE_TENSOR_BACKEND=wasm goes without native code"),
    ];
  }
}
