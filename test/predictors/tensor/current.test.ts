/** A backend that fails to start is an error; TensorFlow.js alone would go on with another. */
import { expect, it } from "vitest";
import { makeCurrent } from "../../../src/predictors/tensor/current.ts";
import { openHere } from "../../support/tensor.ts";

it("does not let TensorFlow.js take another backend in silence", async () => {
  const { tf } = await openHere("cpu");
  tf.registerBackend("webgpu", () => Promise.reject(new Error("no device")));
  await expect(makeCurrent(tf, "webgpu")).rejects.toThrow("TensorFlow.js took cpu instead of webgpu");
  tf.removeBackend("webgpu");
  await makeCurrent(tf, "cpu");
  expect(tf.getBackend()).toBe("cpu");
});
