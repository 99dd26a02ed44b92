/**
 * The tensor runtime: `openTensors` finds the best backend of TensorFlow.js that this machine has, asserts that it is truly the one that
 * computes (TensorFlow.js falls back to another in silence), and says of each better one why it was not taken and what would get it.
 *
 * One process has one set of tensors. Native code runs in it: whoever must outlive a crash opens it in a process of its own.
 */
import type { Backend } from "../remote.ts";
import {
  type Attempt,
  BackendMissing,
  type BackendName,
  backendNames,
  isBackendName,
  type Purpose,
} from "./backend.ts";
import { openCpu } from "./cpu.ts";
import { openNative } from "./native.ts";
import type { Tensor, Tf } from "./tensorflow.ts";
import { openWasm } from "./wasm.ts";
import { openWebgpu } from "./webgpu.ts";

export interface TensorsOptions {
  readonly purpose: Purpose;
  /** One backend alone: it, or an error that names it. Absent or `auto`: the best there is; `DRIFTLINE_TENSOR_BACKEND` may say otherwise. */
  readonly backend?: BackendName | "auto";
  /** `DRIFTLINE_TENSOR_BACKEND`, and `DRIFTLINE_TENSORFLOW_DIR`: where native builds lie. */
  readonly env: Readonly<Record<string, string | undefined>>;
  log(level: "info" | "warn", message: string, fields: object): void;
}

export interface Tensors {
  readonly tf: Tf;
  readonly name: BackendName;
  /** For `RemotePredictor.backend` and the metric. */
  readonly backend: Backend;
  /** Every backend up to the one taken, best first. */
  readonly attempts: readonly Attempt[];
  /** What does not work here, or slowly; empty where everything does. */
  readonly limits: readonly string[];
  /**
   * Values of a tensor, without blocking where the backend can. Rejects when the device reported an error since the last call: what was
   * computed is then worth nothing. `dataSync` does not work on webgpu: use this everywhere.
   */
  read(tensor: Tensor): Promise<Float32Array | Int32Array | Uint8Array>;
  /** Throws when the device reported an error: on webgpu a tensor that is too large has any values, and nothing else says so. */
  assertSound(): void;
  /** Disposes variables and tensors; the backend itself stays, because a process has one. */
  close(): void;
}

/** What each backend's own file opens. */
export interface Opened {
  readonly tf: Tf;
  readonly name: BackendName;
  readonly device: string;
  readonly limits: readonly string[];
  /** The first error that the device reported, or null. */
  failure(): Error | null;
}

/** Throws `BackendMissing` with the reason where the backend cannot be had. `forced`: asked for by name, so its drawbacks are accepted. */
export type Opener = (options: TensorsOptions & { readonly forced: boolean }) => Promise<Opened>;

const openers: Readonly<Record<BackendName, Opener>> = {
  "tensorflow-gpu": (options) => openNative("tensorflow-gpu", options),
  tensorflow: (options) => openNative("tensorflow", options),
  webgpu: openWebgpu,
  wasm: openWasm,
  cpu: openCpu,
};

export async function openTensors(options: TensorsOptions): Promise<Tensors> {
  const wanted = wantedBackend(options);
  const attempts: Attempt[] = [];
  for (const name of wanted === "auto" ? backendNames : [wanted]) {
    const opened = await attempt(name, options, wanted !== "auto", attempts);
    if (opened === null) continue;
    options.log("info", `tensors are computed by ${opened.name}`, { device: opened.device, attempts });
    return tensorsOf(opened, attempts);
  }
  const said = attempts.map(({ backend, why, how }) => `${backend}: ${why}${how === "" ? "" : ` (${how})`}`);
  throw new Error(`the tensor backend cannot be had. ${said.join("; ")}`);
}

function wantedBackend({ backend, env }: TensorsOptions): BackendName | "auto" {
  const name = backend === undefined || backend === "auto" ? (env["DRIFTLINE_TENSOR_BACKEND"] ?? "auto") : backend;
  if (name === "auto" || name === "") return "auto";
  if (isBackendName(name)) return name;
  throw new Error(
    `DRIFTLINE_TENSOR_BACKEND: there is no backend ${JSON.stringify(name)}; one of auto, ${backendNames.join(", ")}`,
  );
}

async function attempt(
  name: BackendName,
  options: TensorsOptions,
  forced: boolean,
  attempts: Attempt[],
): Promise<Opened | null> {
  try {
    const opened = await openers[name]({ ...options, forced });
    attempts.push({ backend: name, taken: true, why: opened.device, how: "" });
    return opened;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    attempts.push({ backend: name, taken: false, why, how: error instanceof BackendMissing ? error.how : "" });
    return null;
  }
}

function tensorsOf(opened: Opened, attempts: readonly Attempt[]): Tensors {
  const { tf, name, device, limits } = opened;
  function assertSound(): void {
    const failure = opened.failure();
    if (failure !== null) throw failure;
  }
  return {
    tf,
    name,
    backend: { name, device },
    attempts,
    limits,
    async read(tensor) {
      const values = await tensor.data();
      assertSound();
      return values;
    },
    assertSound,
    close() {
      tf.disposeVariables();
    },
  };
}
