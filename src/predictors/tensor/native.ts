/**
 * TensorFlow itself, in the process: an installed `@tensorflow/tfjs-node(-gpu)`, or the native build of `driftline tensorflow build`. The GPU
 * build computes on the CPU where there is no GPU, without an error: what is said is where it computes.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { BackendMissing, type BackendName } from "./backend.ts";
import { makeCurrent } from "./current.ts";
import { loadNative, type NativeBackend, type NativePackage, ownTree, type Tree, treeIn } from "./tensorflow.ts";
import type { Opened, TensorsOptions } from "./tensors.ts";

type NativeName = Extract<BackendName, "tensorflow" | "tensorflow-gpu">;

const packages: Readonly<Record<NativeName, NativePackage>> = {
  "tensorflow-gpu": "@tensorflow/tfjs-node-gpu",
  tensorflow: "@tensorflow/tfjs-node",
};
const builds: Readonly<Record<NativeName, string>> = { "tensorflow-gpu": "2.20.0-gpu", tensorflow: "2.20.0-cpu" };
const commands: Readonly<Record<NativeName, string>> = {
  "tensorflow-gpu": "npm run tensorflow:native -- --gpu",
  tensorflow: "npm run tensorflow:native",
};

/** Where native builds lie: a folder for each. */
export function nativeFolder(env: TensorsOptions["env"]): string {
  const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
  return env["DRIFTLINE_TENSORFLOW_DIR"] ?? join(root, ".cache", "tensorflow");
}

export async function openNative(name: NativeName, { env }: TensorsOptions): Promise<Opened> {
  const where = place(name, env);
  if (where === null) throw new BackendMissing("not installed", commands[name]);
  const { tree, told } = where;
  if (!existsSync(join(dirname(tree.find(packages[name]) ?? ""), "lib", "napi-v8", "tfjs_binding.node")))
    throw new BackendMissing(`${packages[name]} has no addon (its install script did not run)`, commands[name]);
  const tf = loadNative(tree, packages[name], createRequire(import.meta.url)("node:util") as Record<string, unknown>);
  await makeCurrent(tf, "tensorflow");
  const { isUsingGpuDevice } = tf.backend() as unknown as NativeBackend;
  if (name === "tensorflow-gpu" && !isUsingGpuDevice)
    throw new BackendMissing(
      `${told} finds no GPU: no CUDA driver, or none that it can use`,
      "nvidia-smi shows whether there is a driver",
    );
  return { tf, name, device: `${isUsingGpuDevice ? "GPU" : "CPU"}, ${told}`, limits: [], failure: () => null };
}

/** An installed package goes before a build of our own. */
function place(name: NativeName, env: TensorsOptions["env"]): { readonly tree: Tree; readonly told: string } | null {
  if (ownTree.find(packages[name]) !== null) return { tree: ownTree, told: "as installed" };
  const folder = join(nativeFolder(env), builds[name]);
  const built = treeIn(folder);
  return existsSync(join(folder, "node_modules")) && built.find(packages[name]) !== null
    ? { tree: built, told: `TensorFlow ${builds[name]}` }
    : null;
}
