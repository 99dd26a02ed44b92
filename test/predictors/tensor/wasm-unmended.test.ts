/**
 * The operator suite can fail: on the wasm backend as its package ships it, it finds what `wasm-fixes.ts` mends. When this test fails because
 * a newer package is right, its fix can go.
 */
import { expect, it } from "vitest";
import { makeCurrent } from "../../../src/predictors/tensor/current.ts";
import { runSuite } from "../../../src/predictors/tensor/operators/suite.ts";
import { loadWasm, ownTree } from "../../../src/predictors/tensor/tensorflow.ts";
import { openHere } from "../../support/tensor.ts";

it("finds the faults of the wasm package", async () => {
  // Opened as cpu, so that nothing is mended; then the package's own backend, in the same engine.
  const tensors = await openHere("cpu");
  await makeCurrent(loadWasm(ownTree), "wasm");
  const { verdicts, good } = await runSuite(tensors);
  const wrong = verdicts.filter(({ result }) => result === "different" || result === "failed");
  expect(good).toBe(false);
  expect(wrong.map(({ operator, result }) => `${operator}: ${result}`)).toEqual([
    "unsortedSegmentSum: failed",
    "matMul, fused: different",
    "einsum: failed",
    "gather, in batches: different",
    "gradient: gather (embedding): failed",
    "gradient: conv1d: failed",
    "gradient: maxPool: different",
    "ten steps of Adam: failed",
    "one step of a decoder with copy attention: failed",
  ]);
});
