/**
 * TensorFlow itself, built by the product's own command from public packages: it computes rightly, it is what is taken, and a build that is
 * broken, or has no GPU, or crashes is called that.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TensorCheck } from "../../../src/cli/tensorflow/check.ts";
import { root } from "../../style/sources.ts";
import { driftline, temporaryFolder } from "../../support/driftline.ts";
import { builds, nativeIsThere } from "../../support/tensor.ts";

const isThere = await nativeIsThere();
const addon = "lib/napi-v8/tfjs_binding.node";
const tfjsNode = "node_modules/@tensorflow/tfjs-node";

describe.runIf(isThere)("the native build of TensorFlow", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.cleanup());

  async function ask(verb: "check" | "which", more: Readonly<Record<string, string>> = {}): Promise<TensorCheck> {
    const said = await driftline(["tensorflow", verb, verb === "check" ? "--json" : "--here"], "", more);
    expect(said.code, said.err).toBe(0);
    return JSON.parse(said.out) as TensorCheck;
  }
  const inFolder = () => ({ DRIFTLINE_TENSORFLOW_DIR: folder.path });

  it("is taken, and agrees with plain JavaScript in every operation, gradient and training step", async () => {
    const { backend, suite, matMulMs } = await ask("check", { DRIFTLINE_TENSOR_BACKEND: "tensorflow" });
    console.info(`${suite?.summary}; 1024 x 1024 matrices in ${matMulMs?.toFixed(1)} ms`);
    expect(backend).toEqual({ name: "tensorflow", device: "CPU, TensorFlow 2.20.0-cpu" });
    expect(suite).toMatchObject({ good: true, others: [] });
  });

  it("shares one core with everything that computes in its process", () => {
    const code = `
      import { createRequire } from "node:module";
      const { openTensors } = await import(${JSON.stringify(join(root, "dist/predictors/tensor/tensors.js"))});
      const { tf } = await openTensors({ purpose: "training", backend: "tensorflow", env: {}, log() {} });
      const cores = Object.keys(createRequire(import.meta.url).cache).filter((file) => /tf-core[^/]*\\.js$/.test(file));
      const table = tf.variable(tf.ones([3, 2]));
      const { grads } = tf.variableGrads(() => tf.sum(tf.gather(table, tf.tensor1d([1, 1], "int32"))));
      console.log(JSON.stringify([tf.getBackend(), cores.length, Array.from(await Object.values(grads)[0].data())]));
    `;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" });
    expect(JSON.parse(stdout.trim() || JSON.stringify(stderr))).toEqual(["tensorflow", 1, [0, 0, 2, 2, 0, 0]]);
  });

  it("is not called a GPU where its GPU build finds none", async () => {
    // The GPU package is the same code under another name; here with libraries that know no GPU.
    const scope = join(folder.path, "2.20.0-gpu", "node_modules", "@tensorflow");
    mkdirSync(scope, { recursive: true });
    symlinkSync(join(builds, "2.20.0-cpu", tfjsNode), join(scope, "tfjs-node-gpu"));
    for (const name of ["tfjs", "tfjs-core"])
      symlinkSync(join(builds, "2.20.0-cpu", "node_modules/@tensorflow", name), join(scope, name));
    const { backend, attempts } = await ask("which", inFolder());
    expect(backend).toEqual({ name: "tensorflow", device: "CPU, TensorFlow 2.20.0-gpu" });
    expect(attempts[0]).toMatchObject({ backend: "tensorflow-gpu", taken: false });
    expect(attempts[0]?.why).toMatch(/and no CUDA driver|found no GPU that it can use/);
  });

  it("goes on to wasm where its libraries do not load, and says why", async () => {
    brokenBuild("void nothing() {}");
    const { backend, attempts } = await ask("which", inFolder());
    expect(backend.name).toBe("wasm");
    expect(attempts[1]?.why).toContain("TensorFlow 2.20.0-cpu does not load: Module did not self-register");
  });

  it("takes nothing down when it crashes: doctor names the signal and the way around", async () => {
    brokenBuild("#include <cstdlib>\n__attribute__((constructor)) void die() { abort(); }");
    const said = await driftline(["doctor", "--json", "--data-dir", folder.path], "", inFolder());
    const lines = said.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.at(-1)).toMatchObject({ check: "tensors", result: "warn" });
    expect(lines.at(-1).means).toContain("was ended by SIGABRT");
    expect(lines.at(-1).mend).toContain("DRIFTLINE_TENSOR_BACKEND=wasm");
    expect((await ask("which", { ...inFolder(), DRIFTLINE_TENSOR_BACKEND: "wasm" })).backend.name).toBe("wasm");
  });

  it("is shown by doctor, in five seconds on a machine that has nothing else to do", async () => {
    const said = await driftline(["doctor", "--data-dir", folder.path]);
    expect(said.out).toMatch(/tensors: tensorflow +ok +used; CPU, TensorFlow 2\.20\.0/);
    expect(said.out).toMatch(/tensors: tensorflow-gpu +ok +not used: /);
  });

  /** A copy of the build's packages whose addon is this code. */
  function brokenBuild(code: string): void {
    const build = join(folder.path, "2.20.0-cpu");
    const from = join(builds, "2.20.0-cpu");
    cpSync(join(from, tfjsNode), join(build, tfjsNode), {
      recursive: true,
      filter: (file) => !file.includes("/deps/"),
    });
    for (const name of readdirSync(join(from, "node_modules")))
      if (name !== "@tensorflow") symlinkSync(join(from, "node_modules", name), join(build, "node_modules", name));
    for (const name of readdirSync(join(from, "node_modules/@tensorflow")))
      if (name !== "tfjs-node")
        symlinkSync(join(from, "node_modules/@tensorflow", name), join(build, "node_modules/@tensorflow", name));
    rmSync(join(build, tfjsNode, addon));
    const args = ["-shared", "-fPIC", "-x", "c++", "-", "-o", join(build, tfjsNode, addon)];
    expect(spawnSync("g++", args, { input: code, encoding: "utf8" }).stderr).toBe("");
  }
});
