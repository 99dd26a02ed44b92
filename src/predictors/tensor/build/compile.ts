/** Compiles the addon of tfjs-node: two files of C++, without node-gyp. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { BuildError, type RunOptions, runTool } from "./tools.ts";

/** `place`: the folder of the package, with `deps` in it. `modules`: the `node_modules` around it. */
export async function compileAddon(place: string, modules: string, options: RunOptions): Promise<void> {
  const out = join("lib", "napi-v8");
  mkdirSync(join(place, out), { recursive: true });
  const include = [join(modules, "node-api-headers", "include"), join("deps", "include"), ".."];
  const args = [
    ...["-O2", "-std=c++17", "-fPIC", "-shared", "-DNAPI_VERSION=8", "-DBUILDING_NODE_EXTENSION"],
    ...include.flatMap((folder) => ["-I", folder]),
    ...["binding/tfjs_backend.cc", "binding/tfjs_binding.cc", "-o", join(out, "tfjs_binding.node")],
    ...["-L", join("deps", "lib"), "-ltensorflow", "-ltensorflow_framework", "-Wl,-rpath,$ORIGIN/../../deps/lib"],
  ];
  const compiler = options.env["CXX"] ?? "g++";
  const { code, all } = await runTool(compiler, args, { ...options, cwd: place });
  if (code === 0) return;
  throw new BuildError(
    `the addon does not compile: ${all.trim().slice(-2_000)}`,
    `It takes a ${compiler} with C++17: GCC 8 or newer`,
  );
}
