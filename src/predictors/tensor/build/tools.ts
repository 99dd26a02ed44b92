/** Runs the tools that a build takes, and says which one is missing and how to get it. */
import { spawn } from "node:child_process";

export class BuildError extends Error {
  override readonly name = "BuildError";

  /** `mend`: what the user does about it. */
  constructor(message: string, mend: string) {
    super(`${message}. ${mend}`);
  }
}

export interface Ran {
  /** Null where a signal ended it, or where it is not there. */
  readonly code: number | null;
  readonly found: boolean;
  readonly out: string;
  /** Standard output and standard error as they came, the last 20,000 characters. */
  readonly all: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

const keptMax = 20_000;

/** Never rejects; a tool that is not there is `found: false`. */
export function runTool(command: string, args: readonly string[], { cwd, env, signal }: RunOptions): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env: { ...env },
      stdio: ["ignore", "pipe", "pipe"],
      signal,
      ...(cwd === undefined ? {} : { cwd }),
    });
    let [out, all, found] = ["", "", true];
    child.stdout.on("data", (chunk) => {
      out = (out + String(chunk)).slice(-keptMax);
      all = (all + String(chunk)).slice(-keptMax);
    });
    child.stderr.on("data", (chunk) => {
      all = (all + String(chunk)).slice(-keptMax);
    });
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") found = false;
      all += error.message;
    });
    child.on("close", (code) => resolve({ code: found ? code : null, found, out, all }));
  });
}
