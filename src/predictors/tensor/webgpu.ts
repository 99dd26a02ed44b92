/**
 * WebGPU through Dawn, for inference: GPUs with a Vulkan, Metal or Direct3D driver, without CUDA. An error of the device is heard and makes
 * everything after it a failure, since TensorFlow.js goes on with what lay in memory, or zeros.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { BackendMissing } from "./backend.ts";
import { makeCurrent } from "./current.ts";
import { buildNames, buildsFolder } from "./native-place.ts";
import { type GpuAdapter, loadDawn, loadWebgpu, ownTree, type Tree, treeIn, type WebgpuBackend } from "./tensorflow.ts";
import type { Opened, TensorsOptions } from "./tensors.ts";

const packages = ["webgpu", "@tensorflow/tfjs-backend-webgpu"] as const;
const limits: readonly string[] = [
  "inference only",
  "read values with read(): dataSync does not work",
  "keep to few shapes: freed memory is pooled for each",
];

const command = "npm run tensorflow:native -- --webgpu";

export async function openWebgpu({
  purpose,
  env,
  forced,
}: TensorsOptions & { readonly forced: boolean }): Promise<Opened> {
  if (purpose === "training" && !forced) throw new BackendMissing("not used for training", "");
  const tree = placeOf(env);
  if (tree === null) throw new BackendMissing("not installed", command);
  const gpu = await loadDawn(tree, process.platform === "linux" ? ["backend=vulkan"] : []);
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter === null)
    throw new BackendMissing(noAdapter, "install the GPU's driver and the Vulkan loader (Debian: libvulkan1)");
  const device = told(adapter);
  if (isSoftware(adapter) && !forced)
    throw new BackendMissing(`${device} computes on the CPU, slower than wasm`, "a GPU with a Vulkan driver");
  const tf = loadWebgpu(tree, gpu);
  await makeCurrent(tf, "webgpu");
  return { tf, name: "webgpu", device, limits, failure: listen(tf.backend() as unknown as WebgpuBackend) };
}

const noAdapter = "no adapter: there is no GPU, or no Vulkan driver or loader for it";

function placeOf(env: TensorsOptions["env"]): Tree | null {
  const build = join(buildsFolder(env), buildNames.webgpu);
  if (existsSync(join(build, "node_modules"))) return treeIn(build);
  return packages.every((name) => ownTree.find(name) !== null) ? ownTree : null;
}

function told({ info }: GpuAdapter): string {
  return info.description || info.vendor || "unnamed adapter";
}

function isSoftware({ info }: GpuAdapter): boolean {
  return info.isFallbackAdapter === true || /swiftshader|llvmpipe/i.test(info.description);
}

function listen({ device }: WebgpuBackend): () => Error | null {
  let failure: Error | null = null;
  device.addEventListener("uncapturederror", ({ error }) => {
    failure ??= new Error(`the GPU reported an error: ${error.message}`);
  });
  void device.lost.then(({ message }) => {
    failure ??= new Error(`the GPU was lost: ${message}`);
  });
  return () => failure;
}
