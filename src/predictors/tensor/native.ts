/**
 * TensorFlow itself, in the process: an installed `@tensorflow/tfjs-node(-gpu)`, or the native build of `driftline tensorflow build`. The GPU
 * build computes on the CPU where there is no GPU, without an error: what is said is where it computes.
 */
import { createRequire } from "node:module";
import { BackendMissing } from "./backend.ts";
import { makeCurrent } from "./current.ts";
import { cudaDriver, gpuModel } from "./gpu.ts";
import { type NativeName, type NativePlace, nativeCommands, nativePlaces } from "./native-place.ts";
import { loadNative, type NativeBackend, type Tf } from "./tensorflow.ts";
import type { Opened, TensorsOptions } from "./tensors.ts";

/** A process has one TensorFlow: a GPU build that found no GPU is what computes on its CPU then. */
let loaded: { readonly place: NativePlace; readonly tf: Tf } | null = null;

/** Variables for the process that opens it: no chatter at start, and GPU memory taken as it is needed, so that others have some too. */
export const nativeEnvironment: Readonly<Record<string, string>> = {
  TF_CPP_MIN_LOG_LEVEL: "2",
  TF_FORCE_GPU_ALLOW_GROWTH: "true",
};

export async function openNative(backend: NativeName, { env }: TensorsOptions): Promise<Opened> {
  const { place, tf } = load(backend, env);
  await makeCurrent(tf, "tensorflow");
  const { isUsingGpuDevice } = tf.backend() as unknown as NativeBackend;
  const isGpu = backend === "tensorflow-gpu";
  if (isGpu && !isUsingGpuDevice) throw noGpu(place);
  // The CPU was asked for by name, and a package that computes on a GPU is what there is.
  if (!isGpu && isUsingGpuDevice) throw new BackendMissing(`${place.told} computes on the GPU`, "use tensorflow-gpu");
  const device = isUsingGpuDevice ? `${gpuModel() ?? "GPU"}, ${place.told}` : `CPU, ${place.told}`;
  return { tf, name: backend, device, limits: [], failure: () => null };
}

/** The first place that loads; one that does not (a library of the system is missing) is told of when none does. */
function load(backend: NativeName, env: TensorsOptions["env"]): { readonly place: NativePlace; readonly tf: Tf } {
  if (loaded !== null) return loaded;
  const { places, halves } = nativePlaces(backend, env);
  const nodeUtil = createRequire(import.meta.url)("node:util") as Record<string, unknown>;
  const reasons = halves.map((name) => `${name}: the addon is missing, its install script did not run`);
  for (const place of places) {
    try {
      loaded = { place, tf: loadNative(place.tree, place.name, nodeUtil) };
      return loaded;
    } catch (error) {
      reasons.push(`${place.told} does not load: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new BackendMissing(reasons.length === 0 ? "not installed" : reasons.join("; "), nativeCommands[backend]);
}

function noGpu({ told }: NativePlace): BackendMissing {
  const driver = cudaDriver();
  if (driver === null)
    return new BackendMissing(
      `${told} is there, and no CUDA driver`,
      "a machine with an NVIDIA GPU and its driver (nvidia-smi shows them)",
    );
  return new BackendMissing(
    `${told} found no GPU that it can use, under ${driver}`,
    "nvidia-smi must show a GPU; run again with TF_CPP_MIN_LOG_LEVEL=0 to read what TensorFlow says",
  );
}
