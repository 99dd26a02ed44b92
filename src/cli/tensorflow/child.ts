/** Asks another process of this program about tensors: native code that crashes or hangs there takes nothing else down. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { mainFile } from "../../main-file.ts";
import { nativeEnvironment } from "../../predictors/tensor/native.ts";
import type { TensorCheck } from "./check.ts";

/** Long enough for the suite on a GPU that is emulated, which compiles a shader for every operation in seconds. */
const checkMs = 900_000;
/** Opening a GPU for the first time takes seconds. */
const whichMs = 30_000;
const keptMax = 2_000;

/**
 * TensorFlow multiplies matrices with ten bits of mantissa on GPUs that can (TF32), which is faster and good enough to learn with; the check
 * compares every bit that float32 has.
 */
const exactly = { NVIDIA_TF32_OVERRIDE: "0" };

/** Rejects with what the process said, or with the signal that ended it. Run from source, its code is that of the build. */
export function askTensors(
  verb: "check" | "which",
  env: Readonly<Record<string, string | undefined>>,
  signal?: AbortSignal,
): Promise<TensorCheck> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(mainFile()), "tensorflow", verb, "--here"], {
      env: { ...nativeEnvironment, ...(verb === "check" ? exactly : {}), ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: verb === "check" ? checkMs : whichMs,
      killSignal: "SIGKILL",
      ...(signal === undefined ? {} : { signal }),
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk) => {
      out += String(chunk);
    });
    child.stderr.on("data", (chunk) => {
      err = (err + String(chunk)).slice(-keptMax);
    });
    child.on("error", reject);
    child.on("close", (code, endedBy) => {
      const line = out.trim().split("\n").at(-1) ?? "";
      if (line.startsWith("{")) return resolve(JSON.parse(line) as TensorCheck);
      const how = endedBy === null ? `ended with ${code}` : `was ended by ${endedBy}`;
      reject(new Error(`the process that opens tensors ${how}${err.trim() === "" ? "" : `: ${err.trim()}`}`));
    });
  });
}
