/** The built program as a user starts it: one-off commands, and `driftline run` in a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endWithUs } from "./guard.ts";

const main = new URL("../../dist/main.js", import.meta.url).pathname;

export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Variables of the tests' own are not handed on. */
export const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("DRIFTLINE_")));

export function driftline(
  args: readonly string[],
  input = "",
  more: Readonly<Record<string, string>> = {},
): Promise<Said> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], { env: { ...env, ...more }, cwd: tmpdir() });
    const texts = collect(child);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...texts() }));
    child.stdin.end(input);
  });
}

export interface Running {
  readonly address: string;
  readonly pid: number;
  readonly listeningAt: number;
  output(): string;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

const startMs = 30_000;

/** Resolves once it listens. */
export function startRun(dataDir: string, args: readonly string[] = ["--no-sample"]): Promise<Running> {
  const child = spawn(process.execPath, [main, "run", "--port", "0", "--data-dir", dataDir, ...args], {
    env,
    cwd: tmpdir(),
  });
  // However the tests end.
  endWithUs(child);
  const texts = collect(child);
  const closed = new Promise<number | null>((resolve) => child.on("close", resolve));
  return new Promise((resolve, reject) => {
    const output = () => `${texts().out}${texts().err}`;
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`it does not listen: ${output()}`));
    }, startMs);
    void closed.then((code) => reject(new Error(`it ended with ${code}: ${output()}`)));
    child.stdout.on("data", () => {
      const address = /listening on (\S+)/.exec(texts().out)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve({
        address,
        pid: child.pid ?? 0,
        listeningAt: Date.now(),
        output,
        stop() {
          child.kill("SIGTERM");
          return closed;
        },
        async kill() {
          child.kill("SIGKILL");
          await closed;
        },
      });
    });
  });
}

function collect(child: ChildProcess) {
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout?.on("data", (chunk) => out.push(String(chunk)));
  child.stderr?.on("data", (chunk) => err.push(String(chunk)));
  return () => ({ out: out.join(""), err: err.join("") });
}

/** A folder that goes when `cleanup` is called. */
export function temporaryFolder() {
  const path = mkdtempSync(join(tmpdir(), "driftline-test-"));
  return { path, cleanup: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

export async function until<T>(what: () => Promise<T | null | false>, forMs: number, why: string): Promise<T> {
  const end = Date.now() + forMs;
  // What comes soon is seen soon; what takes long is not slowed down by who asks for it.
  for (let pauseMs = 20; ; pauseMs = Math.min(1.3 * pauseMs, 200)) {
    const value = await what();
    if (value !== null && value !== false) return value;
    if (Date.now() > end) throw new Error(`it did not come to pass in ${forMs} ms: ${why}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** The value of one series of the exposition, or null. */
export async function metric(address: string, series: string): Promise<number | null> {
  const text = await (await fetch(`${address}/metrics`)).text();
  const line = text.split("\n").find((one) => one.startsWith(`${series} `));
  return line === undefined ? null : Number(line.slice(series.length + 1));
}
