/**
 * `neural`: a copy transformer, trained by `driftline train` from recorded episodes and run on TensorFlow.js. One model file may know
 * several environments; in others it abstains.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Static, Type } from "@sinclair/typebox";
import type { RemoteFactory } from "../remote.ts";
import { nativeEnvironment } from "../tensor/native.ts";
import { openTensors } from "../tensor/tensors.ts";
import { decodeModel } from "./file.ts";
import { createEngine } from "./predict.ts";

/** Trained on the bundled sample, see the README beside it. */
const bundledModel = fileURLToPath(new URL("../../../src/ingest/sample/neural.dln", import.meta.url));

const optionsSchema = Type.Object(
  {
    model: Type.String({
      minLength: 1,
      default: bundledModel,
      description: "The model file, as `driftline train --out` writes it (default: one that knows the bundled sample).",
    }),
    backend: Type.Union(
      ["auto", "tensorflow-gpu", "tensorflow", "webgpu", "wasm", "cpu"].map((name) => Type.Literal(name)),
      { default: "auto", description: "What computes: the best there is, or one alone." },
    ),
  },
  { additionalProperties: false },
);
export type NeuralOptions = Static<typeof optionsSchema>;

/** A batch costs little more than one: short waits gather many. */
const batching = { max: 64, waitMs: 20, concurrency: 1 };

export const neuralFactory: RemoteFactory<NeuralOptions> = {
  kind: "neural",
  optionsSchema,
  batching,
  // As `driftline train` has it by default.
  historySteps: () => 32,
  isolated: true,
  variables: nativeEnvironment,
  async open({ model: file, backend }, deps) {
    if (!existsSync(file))
      throw new Error(`${file}: expected a model file, found none: driftline train --data FILE… --out ${file}`);
    const model = decodeModel(file, readFileSync(file));
    const tensors = await openTensors({
      purpose: "inference",
      backend: backend as NonNullable<Parameters<typeof openTensors>[0]["backend"]>,
      env: deps.env,
      log: deps.log,
    });
    const engine = createEngine(model, tensors, (steps) => deps.count("stepsDropped", steps));
    deps.log("info", `predictor ${deps.name}: ${model.environments.map((one) => one.name).join(", ")}`, {
      model: file,
      version: model.version,
      training: model.training,
    });
    return {
      version: model.version,
      deterministic: true,
      backend: tensors.backend,
      predict: (situations, signal) => engine.predict(situations, signal),
      async close() {
        engine.close();
        tensors.close();
      },
    };
  },
};
