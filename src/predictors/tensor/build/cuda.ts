/** Whether the CUDA libraries of a GPU build can be loaded, which takes no GPU: that none is missing, and that they fit this system. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { BuildError } from "./tools.ts";

/** What TensorFlow opens by name, in its own order. */
const parts = ["cuda_runtime", "nvjitlink", "cublas", "cufft", "cusparse", "cusolver", "cudnn", "cuda_cupti"];

/** `nvidia`: the folder beside TensorFlow's libraries. Resolves with the number of libraries. */
export function loadCuda(nvidia: string): number {
  if (!existsSync(join(nvidia, "cuda_nvcc", "bin", "ptxas")))
    throw new BuildError("ptxas is missing", "Run this again");
  const files = parts.flatMap((part) => librariesIn(join(nvidia, part, "lib")));
  for (const file of files) loadLibrary(file);
  return files.length;
}

function librariesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.includes(".so"))
    .map((name) => join(folder, name));
}

/** Node opens any library; one that is no addon of Node says so after it was loaded. */
function loadLibrary(file: string): void {
  try {
    process.dlopen({ exports: {} }, file);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (!message.includes("did not self-register"))
      throw new BuildError(`${file} does not load: ${message}`, "It takes a Linux with glibc 2.17 or newer");
  }
}
