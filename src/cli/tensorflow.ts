/** `driftline tensorflow`: builds TensorFlow for this machine, and checks what computes tensors here. */
import { type BackendName, backendNames, isBackendName } from "../predictors/tensor/backend.ts";
import { buildNative } from "../predictors/tensor/build/native-build.ts";
import { type BuildKind, buildsFolder } from "../predictors/tensor/native-place.ts";
import { openTensors } from "../predictors/tensor/tensors.ts";
import { type FlagSpec, flagHelp, type Taken, takeFlags, UsageError } from "./arguments.ts";
import type { Command, Host } from "./host.ts";
import { table } from "./table.ts";
import { checkTensors, type TensorCheck } from "./tensorflow/check.ts";
import { askTensors } from "./tensorflow/child.ts";

const flags: FlagSpec = {
  gpu: { kind: "boolean", help: "build: with the kernels and libraries of CUDA 12 (Linux on x86-64; 2.2 GB to fetch)" },
  webgpu: { kind: "boolean", help: "build: WebGPU, for inference on GPUs that have Vulkan and no CUDA" },
  wheels: { kind: "string", help: "build: a folder with wheels that were fetched before", placeholder: "DIR" },
  backend: { kind: "string", help: `check, which: only ${backendNames.join(", ")}`, placeholder: "NAME" },
  here: {
    kind: "boolean",
    help: "check, which: in this process, as JSON (otherwise in one of its own, which may crash)",
  },
  json: { kind: "boolean", help: "check, which: as JSON" },
};

export const tensorflowCommand: Command = {
  usage: [
    "driftline tensorflow build [--gpu | --webgpu] [--wheels DIR]",
    "driftline tensorflow check [--backend NAME] [--json]",
    "driftline tensorflow which [--backend NAME] [--json]",
    "",
    "build fetches packages from npm and from the Python package index (259 MB; no Python is needed), compiles an addon with g++, verifies it and puts",
    "it where Driftline finds it: .cache/tensorflow, or DRIFTLINE_TENSORFLOW_DIR.",
    "which says what computes, and of everything better why it does not and what would get it. check also compares every operation with plain",
    "JavaScript. DRIFTLINE_TENSOR_BACKEND forces one backend everywhere.",
    "",
    ...flagHelp(flags),
  ],
  async run(args, host) {
    const taken = takeFlags(args, flags);
    const [verb, ...others] = taken.positionals;
    const [stray] = [...others, ...taken.rest];
    if (stray !== undefined) throw new UsageError(`unknown argument ${stray}`);
    if (verb === "build") return build(taken, host);
    if (verb === "check" || verb === "which") return look(taken, host, verb);
    throw new UsageError("say what to do: driftline tensorflow build, check or which");
  },
};

async function look(taken: Taken, host: Host, verb: "check" | "which"): Promise<number> {
  const backend = wanted(taken);
  const env = backend === "auto" ? host.env : { ...host.env, DRIFTLINE_TENSOR_BACKEND: backend };
  const found = taken.boolean("here") ? await lookHere(env, host, verb) : await askTensors(verb, env, host.stop);
  if (taken.boolean("json") || taken.boolean("here")) host.out(JSON.stringify(found));
  else for (const line of told(found)) host.out(line);
  return found.suite === null || found.suite.good ? 0 : 1;
}

async function lookHere(env: Host["env"], host: Host, verb: "check" | "which"): Promise<TensorCheck> {
  const tensors = await openTensors({
    purpose: "inference",
    env,
    log: (level, message) => {
      if (level === "warn") host.err(message);
    },
  });
  const found = await checkTensors(tensors, verb === "check", host.seconds);
  tensors.close();
  return found;
}

function wanted(taken: Taken): BackendName | "auto" {
  const name = taken.string("backend") ?? "auto";
  if (name === "auto" || isBackendName(name)) return name;
  throw new UsageError(`there is no backend ${name}; one of auto, ${backendNames.join(", ")}`);
}

function told({ attempts, limits, suite, matMulMs }: TensorCheck): readonly string[] {
  const rows = attempts.map(({ backend, taken, why, how }) => [backend, taken ? "used" : "not used", why, how]);
  const lines = [...table(["backend", "", "why", "what would get it"], rows)];
  for (const limit of limits) lines.push(`limit: ${limit}`);
  if (suite === null) return lines;
  lines.push(`product of two 1024 x 1024 matrices: ${matMulMs?.toFixed(1)} ms`, suite.summary);
  for (const { operator, result, why } of suite.others) lines.push(`  ${operator}: ${result} (${why})`);
  return lines;
}

async function build(taken: Taken, host: Host): Promise<number> {
  const kind = taken.boolean("gpu") ? "gpu" : taken.boolean("webgpu") ? "webgpu" : "cpu";
  const start = host.seconds();
  const said = await buildNative({
    kind,
    folder: buildsFolder(host.env),
    wheels: taken.string("wheels"),
    platform: process.platform,
    arch: process.arch,
    id: String(process.pid),
    env: host.env,
    signal: host.stop,
    say: (line) => host.err(`tensorflow: ${line}`),
    verify: (folder) => verify(folder, kind, host),
  });
  host.out(said);
  host.out(`done in ${Math.round(host.seconds() - start)} s`);
  return 0;
}

/** In a process of its own, so that native code that crashes is a failure with a name. */
async function verify(folder: string, kind: BuildKind, host: Host): Promise<string> {
  const backend = kind === "webgpu" ? "webgpu" : "auto";
  const env = { ...host.env, DRIFTLINE_TENSORFLOW_DIR: folder, DRIFTLINE_TENSOR_BACKEND: backend };
  const { attempts, suite, matMulMs } = await askTensors("check", env, host.stop);
  const used = attempts.find((attempt) => attempt.taken);
  const others = attempts.filter((attempt) => !attempt.taken).map((attempt) => `${attempt.backend}: ${attempt.why}`);
  const isOurs = kind === "webgpu" ? used?.backend === kind : used?.backend.startsWith("tensorflow");
  if (used === undefined || isOurs !== true) throw new Error(`what was built does not load: ${others.join("; ")}`);
  if (suite?.good !== true) throw new Error(`what was built computes wrongly: ${JSON.stringify(suite?.others)}`);
  const noGpu = kind === "gpu" && used.backend !== "tensorflow-gpu";
  const said = [`${used.backend}: ${used.why}`, suite.summary, `1024 x 1024 matrices in ${matMulMs?.toFixed(1)} ms`];
  if (noGpu) said.push(`no GPU was used (${others.join("; ")}), so nothing is verified on one`);
  return said.join("; ");
}
