/**
 * WebGPU on the emulated GPU that Chromium brings (SwiftShader): by option, because each of 121 operations compiles a shader, which takes
 * minutes: `DRIFTLINE_WEBGPU=1 npx vitest run --config test/vitest.config.ts test/predictors/tensor/webgpu.test.ts`.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../style/sources.ts";
import { driftline } from "../../support/driftline.ts";
import { required } from "../../support/require.ts";

const chromium = "/usr/lib/chromium";
const driver = join(chromium, "vk_swiftshader_icd.json");
const emulated = {
  VK_DRIVER_FILES: driver,
  LD_LIBRARY_PATH: chromium,
  DRIFTLINE_TENSORFLOW_DIR: join(root, ".cache/tensorflow-emulated"),
};
const isWanted = process.env["DRIFTLINE_WEBGPU"] === "1";
const isThere = isWanted && required(existsSync(driver), `there is no emulated GPU in ${chromium}`);

describe.runIf(isThere)("webgpu on an emulated GPU", () => {
  it("is installed by the command, and agrees with plain JavaScript", { timeout: 1_200_000 }, async () => {
    const said = await driftline(["tensorflow", "build", "--webgpu"], "", emulated);
    expect(said.code, said.err).toBe(0);
    console.info(said.out);
    expect(said.out).toMatch(/^webgpu: SwiftShader .*operators: 121 of 121 as in plain JavaScript/);
  });

  it("is not taken by itself, since it is slower than wasm", async () => {
    const said = await driftline(["tensorflow", "which", "--json"], "", emulated);
    const { attempts } = JSON.parse(said.out);
    expect(attempts[2]).toMatchObject({ backend: "webgpu", taken: false });
    expect(attempts[2].why).toMatch(/SwiftShader .* computes on the CPU, slower than wasm/);
  });

  it("makes an error of the device a failure of everything after it, where TensorFlow.js goes on with what lay in memory", () => {
    const code = `
      const { openTensors } = await import(${JSON.stringify(join(root, "dist/predictors/tensor/tensors.js"))});
      const { tf, read } = await openTensors({ purpose: "inference", backend: "webgpu", env: process.env, log() {} });
      const before = await read(tf.sum(tf.ones([8])));
      const count = tf.backend().device.limits.maxStorageBufferBindingSize / 4 + 4096;
      const wrong = await tf.add(tf.fill([count], 2), 1).slice([0], [1]).data();
      const after = await read(tf.sum(tf.ones([8]))).catch((error) => error.message);
      console.log(JSON.stringify([before[0], wrong[0], after]));
    `;
    const args = ["--input-type=module", "-e", code];
    const { stdout, stderr } = spawnSync(process.execPath, args, {
      encoding: "utf8",
      env: { ...process.env, ...emulated },
    });
    const [before, wrong, after] = JSON.parse(stdout.trim().split("\n").at(-1) || JSON.stringify(stderr));
    expect(before).toBe(8);
    expect(wrong, "read without read(): not the sum of 2 and 1").not.toBe(3);
    expect(after).toMatch(/^the GPU reported an error: .*exceeds the max buffer size limit/);
  }, 120_000);
});
