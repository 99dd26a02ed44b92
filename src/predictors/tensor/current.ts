/** Makes a registered backend the current one, and makes sure that it is: TensorFlow.js takes another one in silence where it fails. */
import { BackendMissing } from "./backend.ts";
import type { Tf } from "./tensorflow.ts";

export async function makeCurrent(tf: Tf, name: "tensorflow" | "webgpu" | "wasm" | "cpu"): Promise<void> {
  const done = await tf.setBackend(name);
  await tf.ready();
  const found = tf.getBackend();
  if (!done || found !== name)
    throw new BackendMissing(`TensorFlow.js took ${found || "nothing"} instead of ${name}`, "");
}
