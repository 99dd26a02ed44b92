/**
 * A command in this process, as `main.ts` would dispatch it: what it prints and how it ends, without the start of a process. What is about the
 * process itself (standard input, signals, the working directory, that it ends) takes `driftline` of `driftline.ts`.
 */
import { setTimeout as delay } from "node:timers/promises";
import { dispatch } from "../../src/cli/dispatch.ts";
import type { Host } from "../../src/cli/host.ts";
import { env, type Said } from "./driftline.ts";

export async function driftlineHere(
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<Said> {
  const out: string[] = [];
  const err: string[] = [];
  const host: Host = {
    argv: args,
    env: { ...env, ...more },
    now: Date.now,
    seconds: () => performance.now() / 1000,
    async sleep(ms, signal) {
      await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {});
    },
    out: (line) => void out.push(`${line}\n`),
    err: (line) => void err.push(`${line}\n`),
    status: () => {},
    errIsTerminal: false,
    stop: new AbortController().signal,
    version: "0.1.0",
  };
  const code = await dispatch(host);
  return { code, out: out.join(""), err: err.join("") };
}
