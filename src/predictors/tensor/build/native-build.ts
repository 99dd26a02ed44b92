/**
 * Makes what computes faster than npm alone brings. WebGPU is two packages. For TensorFlow the addon of tfjs-node is built against the TensorFlow
 * of today, from packages alone: its own download (TensorFlow 2.9.1, CUDA 11.2) is too old for GPUs of today, and its install script needs other
 * hosts than a package registry. Made in a folder beside, verified in a process of its own, and moved into place as a whole: what is in place
 * works.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statfsSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type BuildKind, buildNames, nativePackages } from "../native-place.ts";
import { compileAddon } from "./compile.ts";
import { loadCuda } from "./cuda.ts";
import { fetchWheel } from "./fetch-wheel.ts";
import { installPackages } from "./npm-packages.ts";
import { npmPackages, type Recipe, recipeFor, tensorflow } from "./pins.ts";
import { BuildError, type RunOptions, runTool } from "./tools.ts";
import { unzip } from "./unzip.ts";

export interface BuildOptions extends Omit<RunOptions, "cwd"> {
  readonly kind: BuildKind;
  /** Native builds lie in it, a folder each. */
  readonly folder: string;
  /** Wheels that were fetched before; null: none. */
  readonly wheels: string | null;
  readonly platform: string;
  readonly arch: string;
  /** Distinguishes this build from another that runs at the same time. */
  readonly id: string;
  say(line: string): void;
  /** Checks what was built, given the folder that native builds lie in; rejects with the reason where it is not good. Says what it found. */
  verify(folder: string): Promise<string>;
}

/** Resolves with what was verified; rejects with `BuildError`, and leaves nothing half made. */
export async function buildNative(options: BuildOptions): Promise<string> {
  const { kind, folder, say } = options;
  const place = join(folder, buildNames[kind]);
  if (existsSync(place)) {
    say(`${buildNames[kind]} is in ${folder} already; verifying it`);
    return options.verify(folder);
  }
  mkdirSync(folder, { recursive: true });
  const recipe = kind === "webgpu" ? null : await preflight(options, kind === "gpu");
  const beside = join(folder, `.building-${options.id}`);
  const making = join(beside, buildNames[kind]);
  rmSync(beside, { recursive: true, force: true });
  mkdirSync(join(making, "wheels"), { recursive: true });
  try {
    if (recipe === null) await installPackages(making, npmPackages.webgpu, options);
    else await make(making, recipe, kind === "gpu", options);
    say("verifying it in a process of its own");
    const said = await options.verify(beside);
    moveInto(making, place);
    return said;
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

async function make(making: string, recipe: Recipe, gpu: boolean, options: BuildOptions): Promise<void> {
  const { say } = options;
  const files: string[] = [];
  for (const wheel of recipe.wheels)
    files.push(await fetchWheel(wheel, join(making, "wheels"), { ...options, platform: recipe.platform }));
  const name = nativePackages[gpu ? "tensorflow-gpu" : "tensorflow"];
  await installPackages(making, [`${name}@${npmPackages.tfjs}`, npmPackages.api], options);
  const deps = join(making, "node_modules", name, "deps");
  for (const file of files) {
    say(`unpacking ${basename(file)}`);
    await unzip(file, deps, placeOf);
    rmSync(file);
  }
  rmSync(join(making, "wheels"), { recursive: true });
  if (gpu) say(`the ${loadCuda(join(deps, "nvidia"))} libraries of CUDA and cuDNN load`);
  for (const [link, to] of links) symlinkSync(to, join(deps, "lib", link));
  say("compiling the addon");
  await compileAddon(dirname(deps), join(making, "node_modules"), options);
}

const links = [
  ["libtensorflow.so", "libtensorflow_cc.so.2"],
  ["libtensorflow.so.2", "libtensorflow_cc.so.2"],
  ["libtensorflow_framework.so", "libtensorflow_framework.so.2"],
] as const;
const headers = ["tensorflow/c/", "tensorflow/core/platform/", "tsl/", "xla/tsl/"];

/**
 * Where a file of a wheel goes below `deps`. TensorFlow looks for CUDA in `../nvidia` from its own libraries, so nothing has to be set for it.
 */
function placeOf(name: string): string | null {
  const library = /^tensorflow\/(libtensorflow_(?:cc|framework)\.so\.2)$/.exec(name);
  if (library !== null) return join("lib", library[1] ?? "");
  if (headers.some((folder) => name.startsWith(`tensorflow/include/${folder}`)))
    return name.slice("tensorflow/".length);
  return /^nvidia\/[^/]+\/(lib|bin|nvvm)\//.test(name) && !name.endsWith(".a") ? name : null;
}

async function preflight(options: BuildOptions, gpu: boolean): Promise<Recipe> {
  const { folder, platform, arch, env } = options;
  const recipe = recipeFor(platform, arch, gpu);
  if (recipe === null)
    throw new BuildError(
      `there is no ${gpu ? "GPU build" : "build"} of TensorFlow ${tensorflow} for ${platform} ${arch}`,
      gpu
        ? "GPU builds are for Linux on x86-64; elsewhere WebGPU may do: driftline doctor"
        : "wasm runs everywhere: driftline doctor",
    );
  const compiler = env["CXX"] ?? "g++";
  if ((await runTool(compiler, ["--version"], options)).code !== 0)
    throw new BuildError(
      `the C++ compiler ${compiler} does not run`,
      "Install it: apt-get install g++ (Debian, Ubuntu), dnf install gcc-c++ (Fedora, RHEL), or name another in CXX",
    );
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < recipe.bytesMax)
    throw new BuildError(
      `${folder} has ${gigabytes(bavail * bsize)} GB free, and this takes ${gigabytes(recipe.bytesMax)} GB`,
      "Make room, or name another folder in DRIFTLINE_TENSORFLOW_DIR (and keep it set)",
    );
  return recipe;
}

/** Another process may have been faster: then its build is as good. */
function moveInto(making: string, place: string): void {
  try {
    renameSync(making, place);
  } catch (error) {
    if (!existsSync(place) || readdirSync(place).length === 0) throw error;
  }
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
