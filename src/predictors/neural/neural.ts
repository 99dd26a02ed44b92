/**
 * `neural`: a copy transformer, trained by `driftline train` from recorded episodes and run on TensorFlow.js. One model file may know
 * several environments; in others it abstains, unless it learns on: then it predicts with the version that each situation names.
 */
import { existsSync, readFileSync } from "node:fs";
import type { Prediction } from "../predictor.ts";
import type { RemoteDeps, RemoteFactory, RemoteSituation } from "../remote.ts";
import { nativeEnvironment } from "../tensor/native.ts";
import { openTensors } from "../tensor/tensors.ts";
import type { ModelVersion, RoundReport } from "../tuning.ts";
import { WeightsUnreadable } from "./container.ts";
import { decodeModel, type LoadedModel } from "./file.ts";
import { type NeuralOptions, neuralOptionsSchema, tuneOptionsOf } from "./options.ts";
import { createEngine } from "./predict.ts";
import { tunedVersion, tuneRound } from "./tune.ts";
import { createLoadedVersions } from "./versions.ts";

/** A batch costs little more than one: short waits gather many. */
const batching = { max: 64, waitMs: 20, concurrency: 1 };
const gone: Prediction = { status: "abstained", reason: "version-gone" };
/** A round rests as long as it computes: what else the machine has to do comes first. */
const restShare = 1;

export const neuralFactory: RemoteFactory<NeuralOptions> = {
  kind: "neural",
  optionsSchema: neuralOptionsSchema,
  batching,
  // As `driftline train` has it by default.
  historySteps: () => 32,
  isolated: true,
  variables: nativeEnvironment,
  async open({ model: file, backend }, deps) {
    const model = readModel(file);
    const tensors = await openTensors({ purpose: "inference", backend: nameOf(backend), env: deps.env, log: deps.log });
    const engineOf = (one: LoadedModel) => createEngine(one, tensors, (steps) => deps.count("stepsDropped", steps));
    const own = engineOf(model);
    const others = createLoadedVersions(async (wanted) => {
      const loaded = await loadVersion(wanted, deps);
      return loaded === null ? null : engineOf(loaded);
    });
    deps.log("info", `predictor ${deps.name}: ${model.environments.map((one) => one.name).join(", ")}`, {
      model: file,
      version: model.version,
      training: model.training,
    });

    async function predictBy(
      wanted: ModelVersion,
      situations: readonly RemoteSituation[],
      signal: AbortSignal,
    ): Promise<readonly Prediction[]> {
      let held: Awaited<ReturnType<typeof others.take>>;
      try {
        held = await others.take(wanted);
      } catch (error) {
        const reason = `the version cannot be read: ${messageOf(error)}`.slice(0, 200);
        return situations.map(() => ({ status: "failed", reason }));
      }
      if (held === null) return situations.map(() => gone);
      try {
        return await held.loaded.predict(situations, signal);
      } finally {
        held.release();
      }
    }

    return {
      version: model.version,
      deterministic: true,
      backend: tensors.backend,
      predict: (situations, signal, wanted = null) =>
        wanted === null || wanted.version === model.version
          ? own.predict(situations, signal)
          : predictBy(wanted, situations, signal),
      async close() {
        others.close();
        own.close();
        tensors.close();
      },
    };
  },
  tuning: {
    wanted: tuneOptionsOf,
    async round(order, options, deps, signal): Promise<RoundReport> {
      const origin = readModel(options.model);
      const base = order.base === null ? null : await baseOf(order.base, origin, deps);
      if (base === null) return { form: "begun", model: tunedVersion(origin, readFileSync(options.model)) };
      const { backend, tuneRate: rate, tuneSecondsMax: secondsMax } = options;
      const tensors = await openTensors({
        purpose: "training",
        backend: nameOf(backend),
        env: deps.env,
        log: deps.log,
      });
      let since = deps.seconds();
      try {
        return await tuneRound(
          order,
          origin,
          base,
          { rate, secondsMax },
          {
            tensors,
            seconds: deps.seconds,
            async pause() {
              await deps.sleep(1_000 * restShare * (deps.seconds() - since), signal);
              since = deps.seconds();
            },
            stopped: () => signal.aborted,
          },
        );
      } finally {
        tensors.close();
      }
    },
  },
};

function readModel(file: string): LoadedModel {
  if (!existsSync(file))
    throw new Error(`${file}: expected a model file, found none: driftline train --data FILE… --out ${file}`);
  return decodeModel(file, readFileSync(file));
}

/** Null where it is gone, or comes of other weights than are configured now. */
async function baseOf(base: ModelVersion, origin: LoadedModel, deps: RemoteDeps): Promise<LoadedModel | null> {
  if (base.version === origin.version) return origin;
  const loaded = await loadVersion(base, deps);
  return loaded?.training.tuned?.origin === origin.version ? loaded : null;
}

async function loadVersion({ version, blobs }: ModelVersion, deps: RemoteDeps): Promise<LoadedModel | null> {
  const [bytes] = (await deps.read(blobs)) ?? [];
  const told = { predictor: deps.name, version };
  if (bytes === undefined) {
    deps.log("warn", "a version is gone: its blob is not kept any more, or damaged", told);
    return null;
  }
  try {
    const loaded = decodeModel(`version ${version}`, bytes);
    if (loaded.version === version) return loaded;
    deps.log("warn", "a version is gone: its blob holds another", { ...told, found: loaded.version });
  } catch (error) {
    if (!(error instanceof WeightsUnreadable)) throw error;
    deps.log("warn", `a version is gone: ${error.message}`, told);
  }
  return null;
}

function nameOf(backend: string): NonNullable<Parameters<typeof openTensors>[0]["backend"]> {
  return backend as NonNullable<Parameters<typeof openTensors>[0]["backend"]>;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
