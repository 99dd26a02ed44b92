/** The runtime on what npm alone brings: which backend it takes, what it says of the others, and the mended faults of wasm. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runSuite, tolerance } from "../../../src/predictors/tensor/operators/suite.ts";
import { openTensors, type Tensors } from "../../../src/predictors/tensor/tensors.ts";
import { temporaryFolder } from "../../support/driftline.ts";
import { openHere } from "../../support/tensor.ts";

const nowhere = temporaryFolder();
afterAll(() => nowhere.cleanup());
const env = { DRIFTLINE_TENSORFLOW_DIR: nowhere.path };

describe("openTensors where only npm's packages are", () => {
  it("takes wasm, says so, and says of everything better what would get it", async () => {
    const lines: string[] = [];
    const tensors = await openTensors({ purpose: "inference", env, log: (_level, message) => lines.push(message) });
    expect(tensors.backend).toEqual({ name: "wasm", device: "WebAssembly SIMD, 1 thread" });
    expect(tensors.tf.getBackend()).toBe("wasm");
    expect(lines).toEqual(["tensors are computed by wasm"]);
    expect(tensors.attempts).toEqual([
      { backend: "tensorflow-gpu", taken: false, why: "not installed", how: "npm run tensorflow:native -- --gpu" },
      { backend: "tensorflow", taken: false, why: "not installed", how: "npm run tensorflow:native" },
      { backend: "webgpu", taken: false, why: "not installed", how: "npm run tensorflow:native -- --webgpu" },
      { backend: "wasm", taken: true, why: "WebAssembly SIMD, 1 thread", how: "" },
    ]);
  });

  it("trains on wasm with a warning, and never on webgpu", async () => {
    const warnings: string[] = [];
    const log = (level: string, message: string) => void (level === "warn" && warnings.push(message));
    const { attempts } = await openTensors({ purpose: "training", env, log });
    expect(attempts.find(({ backend }) => backend === "webgpu")?.why).toBe("not used for training");
    expect(warnings.join()).toContain("training on wasm: correct, and slow");
  });

  it("takes the one that is asked for, by option or by variable, or names it in an error", async () => {
    expect((await openHere("cpu", { env })).name).toBe("cpu");
    expect((await openHere("auto", { env: { ...env, DRIFTLINE_TENSOR_BACKEND: "cpu" } })).name).toBe("cpu");
    await expect(openHere("tensorflow-gpu", { env })).rejects.toThrow(
      "tensorflow-gpu: not installed (npm run tensorflow:native -- --gpu)",
    );
    await expect(openHere("auto", { env: { ...env, DRIFTLINE_TENSOR_BACKEND: "cuda" } })).rejects.toThrow(
      /DRIFTLINE_TENSOR_BACKEND: there is no backend "cuda"; one of auto, tensorflow-gpu/,
    );
  });

  it("says of a package whose install script did not run that the addon is missing", async () => {
    const package_ = join(nowhere.path, "2.20.0-cpu", "node_modules", "@tensorflow", "tfjs-node", "package.json");
    mkdirSync(dirname(package_), { recursive: true });
    writeFileSync(package_, JSON.stringify({ name: "@tensorflow/tfjs-node" }));
    const { name, attempts } = await openHere("auto", { env });
    expect(name).toBe("wasm");
    expect(attempts[1]?.why).toBe("@tensorflow/tfjs-node: the addon is missing, its install script did not run");
  });

  it("does not let the module of wasm end the process over errors that others handle", async () => {
    const events = ["uncaughtException", "unhandledRejection"];
    const heard = () => events.flatMap((event) => process.rawListeners(event)).map(String);
    await openHere("wasm");
    expect(heard().filter((code) => code.includes("ExitStatus") || /throw reason/.test(code))).toEqual([]);
  });
});

describe("the operator suite on wasm", () => {
  let tensors: Tensors;
  beforeAll(async () => {
    tensors = await openHere("wasm");
  });

  it("agrees with plain JavaScript in everything that is not known to be missing, and leaves no tensor behind", async () => {
    const before = tensors.tf.memory().numTensors;
    const { verdicts, worst, good } = await runSuite(tensors);
    const others = verdicts.filter(({ result }) => result !== "same");
    console.info(`wasm: ${verdicts.length} operators, worst ${worst.difference.toExponential(1)} (${worst.operator})`);
    expect(others.map(({ operator, result }) => `${operator}: ${result}`)).toEqual([
      "einsum: missing",
      "gradient: conv1d: missing",
      "gradient: maxPool: missing",
    ]);
    expect(good).toBe(true);
    expect(verdicts.length).toBeGreaterThanOrEqual(100);
    expect(worst.difference).toBeLessThan(tolerance);
    // What is missing fails inside a gradient, which keeps what it had made.
    expect(tensors.tf.memory().numTensors - before).toBeLessThan(20);
    expect(tensors.tf.getBackend()).toBe("wasm");
  });

  it("multiplies transposed matrices about as fast as plain ones", async () => {
    const { tf, read } = tensors;
    const a = tf.randomNormal([256, 512]);
    const seconds = async (transposeA: boolean, transposeB: boolean) => {
      const times: number[] = [];
      for (let at = 0; at < 5; at++) {
        const start = performance.now();
        const made = tf.tidy(() =>
          tf.sum(tf.matMul(transposeA ? a : a.transpose(), transposeB ? a.transpose() : a, transposeA, transposeB)),
        );
        await read(made);
        made.dispose();
        times.push(performance.now() - start);
      }
      return Math.min(...times);
    };
    const plain = await seconds(false, false);
    // Without the mend it is twelve times and more.
    expect(await seconds(true, true)).toBeLessThan(6 * plain + 5);
    a.dispose();
  });
});
