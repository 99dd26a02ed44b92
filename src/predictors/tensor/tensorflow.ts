/**
 * The one file that imports TensorFlow.js: its types, and how its packages are loaded. Only the union package registers gradients (the core
 * alone has none that Node can load), so it is what everything computes with. All packages of a process come from one place, so that there is
 * one core: the product's own, or the folder of a native build.
 */
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type * as Union from "@tensorflow/tfjs";

export type Tf = typeof Union;
export type {
  DataType,
  NamedTensorMap,
  Optimizer,
  Scalar,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor3D,
  Tensor4D,
  TensorLike,
  Variable,
} from "@tensorflow/tfjs";
export type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";

/** Of every package of the family; others are refused, because kernels, gradients and engine are of one make. */
const tensorflowVersion = "4.22.0";

export type NativePackage = "@tensorflow/tfjs-node" | "@tensorflow/tfjs-node-gpu";

/** Packages as one folder sees them: `node_modules` beside it or above it. */
export interface Tree {
  tf(): Tf;
  /** Null where the package cannot be found from here. */
  find(name: string): string | null;
  load(name: string): unknown;
  /** For a package that is an ES module. */
  import(name: string): Promise<unknown>;
}

/** The tree of the product itself. */
export const ownTree: Tree = treeFrom(import.meta.url);

/** The tree whose `node_modules` lies in `folder`. */
export function treeIn(folder: string): Tree {
  return treeFrom(join(folder, "node_modules", "package.json"));
}

function treeFrom(place: string): Tree {
  const require = createRequire(place);
  return {
    tf: () => checkedVersion(require("@tensorflow/tfjs") as Tf),
    find(name) {
      try {
        return require.resolve(`${name}/package.json`);
      } catch {
        return null;
      }
    },
    load: (name) => require(name),
    import: (name) => import(pathToFileURL(require.resolve(name)).href),
  };
}

function checkedVersion(tf: Tf): Tf {
  const found = tf.version["tfjs-core"];
  if (found === tensorflowVersion) {
    // Without it every process prints an advertisement for tfjs-node; nothing else depends on it.
    tf.enableProdMode();
    return tf;
  }
  throw new Error(`TensorFlow.js is ${found}, and this needs ${tensorflowVersion}: npm ci`);
}

/** What the addon of tfjs-node says of itself. */
export interface NativeBackend {
  readonly isUsingGpuDevice: boolean;
}

/**
 * Loads the addon, which registers the backend `tensorflow` and makes it current. `nodeUtil` is `node:util`: the package calls two functions
 * of it that Node 23 removed.
 */
export function loadNative(tree: Tree, name: NativePackage, nodeUtil: Record<string, unknown>): Tf {
  nodeUtil["isNullOrUndefined"] ??= (value: unknown) => value === null || value === undefined;
  nodeUtil["isArray"] ??= Array.isArray;
  tree.load(name);
  return tree.tf();
}

export interface WasmPackage {
  readonly setWasmPaths: (folder: string) => void;
}

/** Registers the backend `wasm`; its binaries are read from the package itself. */
export function loadWasm(tree: Tree): Tf {
  const tf = tree.tf();
  const wasm = tree.load("@tensorflow/tfjs-backend-wasm") as WasmPackage;
  const place = tree.find("@tensorflow/tfjs-backend-wasm");
  if (place !== null) wasm.setWasmPaths(join(dirname(place), "wasm-out") + sep);
  return tf;
}

/** The part of WebGPU that is used here beside TensorFlow.js. */
export interface Gpu {
  requestAdapter(options: { readonly powerPreference: "high-performance" }): Promise<GpuAdapter | null>;
}
export interface GpuAdapter {
  readonly info: { readonly description: string; readonly vendor: string; readonly isFallbackAdapter?: boolean };
}
export interface WebgpuBackend {
  readonly device: {
    addEventListener(
      type: "uncapturederror",
      heard: (event: { readonly error: { readonly message: string } }) => void,
    ): void;
    readonly lost: Promise<{ readonly message: string }>;
  };
}

/** Dawn, and its globals in this process; `drivers` such as `backend=vulkan`. */
export async function loadDawn(tree: Tree, drivers: readonly string[]): Promise<Gpu> {
  const dawn = (await tree.import("webgpu")) as { create(flags: readonly string[]): Gpu; readonly globals: object };
  Object.assign(globalThis, dawn.globals);
  return dawn.create(drivers);
}

/** Registers the backend `webgpu`, which asks `navigator.gpu` for its device. */
export function loadWebgpu(tree: Tree, gpu: Gpu): Tf {
  const value: object = Object.create(Reflect.get(globalThis, "navigator") ?? null, { gpu: { value: gpu } });
  // Node 20 has no navigator; that of later ones takes no property.
  Object.defineProperty(globalThis, "navigator", { value, configurable: true, writable: true });
  const tf = tree.tf();
  tree.load("@tensorflow/tfjs-backend-webgpu");
  return tf;
}
