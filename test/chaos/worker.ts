/** One `driftline run` as a process of its own, that can be killed, stopped, continued, and have its clock set. */
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ended, endWithUs } from "../support/guard.ts";
import { sleep } from "./writer.ts";

export interface Role {
  readonly name: string;
  /** What it runs; empty: everything. */
  readonly only: string;
  readonly flags: readonly string[];
}

export interface Worker {
  readonly role: Role;
  isUp(): boolean;
  /** Where it listens; null while it does not. */
  address(): string | null;
  start(): void;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code, null where it had to be killed. */
  leave(): Promise<number | null>;
  pause(): void;
  resume(): void;
  /** Its wall clock is off by so many ms from now on. */
  setClock(offsetMs: number): void;
  readonly starts: number;
}

export interface WorkerOptions {
  readonly folder: string;
  /** Of every worker. */
  readonly flags: readonly string[];
  /** It ended though nobody told it to. */
  readonly onEnd: (name: string, code: number | null, lastLines: string) => void;
}

const main = new URL("../../dist/main.js", import.meta.url).pathname;
const clock = new URL("clock.mjs", import.meta.url).href;
const leaveMs = 30_000;
const tailChars = 4_000;

export function createWorker(role: Role, { folder, flags, onEnd }: WorkerOptions): Worker {
  const home = join(folder, role.name);
  mkdirSync(home, { recursive: true });
  const clockFile = join(home, "clock");
  writeFileSync(clockFile, "0");
  const only = role.only === "" ? [] : ["--only", role.only];
  const args = [main, "run", "--port", "0", "--data-dir", join(home, "data"), ...flags, ...only, ...role.flags];
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("DRIFTLINE_"));
  const env = { ...Object.fromEntries(own), NODE_OPTIONS: `--import ${clock}`, CHAOS_CLOCK: clockFile };
  const told = new WeakSet<ChildProcess>();
  let child: ChildProcess | null = null;
  let address: string | null = null;
  let starts = 0;

  const self: Worker = {
    role,
    isUp: () => child !== null,
    address: () => address,
    get starts() {
      return starts;
    },
    start() {
      if (child !== null) return;
      starts += 1;
      const log = createWriteStream(join(home, "log"), { flags: "a" });
      log.write(`--- start ${starts} ${new Date().toISOString()}\n`);
      const fresh = spawn(process.execPath, args, { env, cwd: home, stdio: ["ignore", "pipe", "pipe"] });
      endWithUs(fresh);
      child = fresh;
      let tail = "";
      for (const stream of [fresh.stdout, fresh.stderr])
        stream.on("data", (chunk: Buffer) => {
          log.write(chunk);
          tail = `${tail}${chunk}`.slice(-tailChars);
          const found = /listening on (\S+)/.exec(tail)?.[1];
          if (found !== undefined && child === fresh) address = found;
        });
      fresh.once("close", (code) => {
        log.end();
        if (child === fresh) {
          child = null;
          address = null;
        }
        if (!told.has(fresh)) onEnd(role.name, code, tail);
      });
    },
    async kill() {
      const one = child;
      if (one === null) return;
      told.add(one);
      one.kill("SIGKILL");
      await ended(one);
      if (child === one) child = null;
      address = null;
    },
    async leave() {
      const one = child;
      if (one === null) return 0;
      told.add(one);
      one.kill("SIGTERM");
      await Promise.race([ended(one), sleep(leaveMs)]);
      if (one.exitCode === null && one.signalCode === null) await self.kill();
      if (child === one) child = null;
      address = null;
      return one.exitCode;
    },
    pause: () => void child?.kill("SIGSTOP"),
    resume: () => void child?.kill("SIGCONT"),
    setClock: (offsetMs) => writeFileSync(clockFile, String(offsetMs)),
  };
  return self;
}
