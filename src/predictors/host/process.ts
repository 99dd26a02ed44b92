/**
 * A process of ours for native code. What crashes there (a driver, a library) ends that process alone. Ended by `close`, by itself where its
 * parent is gone, and by force where it hangs.
 */
import { type ChildProcess, fork } from "node:child_process";
import { mainFile } from "../../main-file.ts";
import type { RemoteDeps, RemoteFactory } from "../remote.ts";
import { type FromHost, hostArgument, type ToHost } from "./messages.ts";

/** How long a process that was told to end may take. */
const closeMs = 5_000;
/** The last words of a process that crashed, as its reason. */
const lastWordsMax = 160;

export interface HostProcess {
  readonly pid: number | undefined;
  /** Resolves where it is gone, with how and its last words. */
  readonly ended: Promise<Error>;
  /** A process that is gone hears nothing. */
  tell(message: ToHost): void;
  isConnected(): boolean;
  close(): Promise<void>;
  kill(): void;
}

/** `hear`: what it says, but for what is said to the world behind `deps`. */
export function startHost(
  { variables = {} }: Pick<RemoteFactory, "variables">,
  deps: Pick<RemoteDeps, "env" | "sleep" | "log" | "count" | "read">,
  hear: (message: FromHost) => void,
  file: URL = mainFile(),
): HostProcess {
  const child = fork(file, [hostArgument], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    execArgv: [],
    env: { ...variables, ...deps.env },
    // Bytes travel as bytes.
    serialization: "advanced",
  });
  let lastWords = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    lastWords = (lastWords + text).trimEnd().split("\n").at(-1)?.slice(-lastWordsMax) ?? "";
  });
  const ended = new Promise<Error>((resolve) => {
    child.once("error", (error) => resolve(error));
    child.once("exit", (code, signal) => resolve(new Error(endOf(child, code, signal, lastWords))));
  });

  function tell(message: ToHost): void {
    if (child.connected) child.send(message, () => {});
  }

  async function read(id: number, hashes: readonly string[]): Promise<void> {
    try {
      tell({ kind: "bytes", read: id, bytes: await deps.read(hashes) });
    } catch (error) {
      tell({ kind: "unread", read: id, message: error instanceof Error ? error.message : String(error) });
    }
  }

  child.on("message", (message: FromHost) => {
    switch (message.kind) {
      case "log":
        return deps.log(message.level, message.message, message.fields);
      case "count":
        return deps.count(message.what, message.by);
      case "read":
        return void read(message.read, message.hashes);
      default:
        return hear(message);
    }
  });

  return {
    pid: child.pid,
    ended,
    tell,
    isConnected: () => child.connected,
    async close() {
      tell({ kind: "close" });
      const over = new AbortController();
      const inTime = await Promise.race([ended.then(() => true), deps.sleep(closeMs, over.signal).then(() => false)]);
      over.abort();
      if (inTime) return;
      child.kill("SIGKILL");
      await ended;
    },
    kill: () => void child.kill("SIGKILL"),
  };
}

function endOf({ pid }: ChildProcess, code: number | null, signal: string | null, lastWords: string): string {
  const how = signal === null ? `exit code ${code}` : signal;
  return `its process ${pid ?? ""} ended (${how})${lastWords === "" ? "" : `: ${lastWords}`}`;
}
