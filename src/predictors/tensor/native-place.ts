/** Where a native package of TensorFlow.js lies: installed beside the product, or built by `driftline tensorflow build`. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "../../root.ts";
import { type NativePackage, ownTree, type Tree, treeIn } from "./tensorflow.ts";

export type NativeName = "tensorflow" | "tensorflow-gpu";

export const nativePackages: Readonly<Record<NativeName, NativePackage>> = {
  "tensorflow-gpu": "@tensorflow/tfjs-node-gpu",
  tensorflow: "@tensorflow/tfjs-node",
};

export const nativeCommands: Readonly<Record<NativeName, string>> = {
  "tensorflow-gpu": "npm run tensorflow:native -- --gpu",
  tensorflow: "npm run tensorflow:native",
};

/** The folder of each build, in the folder of builds. */
export const buildNames = { cpu: "2.20.0-cpu", gpu: "2.20.0-gpu", webgpu: "webgpu-0.6.2" } as const;
export type BuildKind = keyof typeof buildNames;

/** Where native builds lie: `DRIFTLINE_TENSORFLOW_DIR`, or beside the product. */
export function buildsFolder(env: Readonly<Record<string, string | undefined>>): string {
  return env["DRIFTLINE_TENSORFLOW_DIR"] || fileURLToPath(new URL(".cache/tensorflow", root));
}

export interface NativePlace {
  readonly name: NativePackage;
  readonly tree: Tree;
  /** For people: `TensorFlow 2.20.0`, `@tensorflow/tfjs-node as installed`. */
  readonly told: string;
}

/**
 * The places where this backend may come from, best first: our build, an installed package, and for the CPU also the GPU builds, which
 * compute there as well. A package without its addon (its install script did not run) is no place; `halves` names such.
 */
export function nativePlaces(
  backend: NativeName,
  env: Readonly<Record<string, string | undefined>>,
): { readonly places: readonly NativePlace[]; readonly halves: readonly string[] } {
  const wanted: readonly NativeName[] = backend === "tensorflow" ? ["tensorflow", "tensorflow-gpu"] : [backend];
  const places: NativePlace[] = [];
  const halves: string[] = [];
  for (const one of wanted) {
    const name = nativePackages[one];
    const folder = buildNames[one === "tensorflow-gpu" ? "gpu" : "cpu"];
    const build = join(buildsFolder(env), folder);
    const installed = { tree: ownTree, told: `${name} as installed` };
    const built = { tree: treeIn(build), told: `TensorFlow ${folder}` };
    const trees = existsSync(join(build, "node_modules", name)) ? [built, installed] : [installed];
    for (const { tree, told } of trees) {
      const found = tree.find(name);
      if (found === null) continue;
      if (existsSync(join(dirname(found), "lib", "napi-v8", "tfjs_binding.node"))) places.push({ name, tree, told });
      else halves.push(name);
    }
  }
  return { places, halves };
}
