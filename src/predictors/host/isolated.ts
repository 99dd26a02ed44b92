/**
 * A remote predictor in a process of its own. Native code that crashes there (a driver, a library) ends that process alone: calls under way
 * reject, and whoever called opens another. Ended by `close`, by itself where its parent is gone, and by force where it hangs.
 */
import { type ChildProcess, fork } from "node:child_process";
import { mainFile } from "../../main-file.ts";
import type { Prediction } from "../predictor.ts";
import type { RemoteDeps, RemoteFactory, RemotePredictor } from "../remote.ts";
import { type FromHost, hostArgument, plainOf, type ToHost } from "./messages.ts";

/** How long a process that was told to end may take. */
const closeMs = 5_000;
/** The last words of a process that crashed, as its reason. */
const lastWordsMax = 160;

interface Call {
  resolve(predictions: readonly Prediction[]): void;
  reject(error: Error): void;
}

export async function openIsolated(
  { kind, variables = {} }: Pick<RemoteFactory, "kind" | "variables">,
  options: object,
  deps: RemoteDeps,
  file: URL = mainFile(),
): Promise<RemotePredictor> {
  const child = fork(file, [hostArgument], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    execArgv: [],
    env: { ...variables, ...deps.env },
  });
  const calls = new Map<number, Call>();
  let next = 0;
  let lastWords = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    lastWords = (lastWords + text).trimEnd().split("\n").at(-1)?.slice(-lastWordsMax) ?? "";
  });
  const ended = new Promise<Error>((resolve) => {
    child.once("error", (error) => resolve(error));
    child.once("exit", (code, signal) => resolve(new Error(endOf(child, code, signal, lastWords))));
  });
  void ended.then((error) => {
    for (const call of calls.values()) call.reject(error);
    calls.clear();
  });
  const opened = new Promise<FromHost & { readonly kind: "opened" }>((resolve, reject) => {
    void ended.then(reject);
    child.on("message", (message: FromHost) => {
      switch (message.kind) {
        case "opened":
          return resolve(message);
        case "refused":
          return reject(new Error(message.message));
        case "predicted":
          return settle(message.call)?.resolve(message.predictions);
        case "lost":
          return settle(message.call)?.reject(new Error(message.message));
        case "log":
          return deps.log(message.level, message.message, message.fields);
        case "count":
          return deps.count(message.what, message.by);
      }
    });
  });

  function settle(id: number): Call | undefined {
    const call = calls.get(id);
    calls.delete(id);
    return call;
  }

  /** A process that is gone hears nothing; what waits for it rejects by its end. */
  function tell(message: ToHost): void {
    if (child.connected) child.send(message, () => {});
  }

  async function close(): Promise<void> {
    tell({ kind: "close" });
    const over = new AbortController();
    const inTime = await Promise.race([ended.then(() => true), deps.sleep(closeMs, over.signal).then(() => false)]);
    over.abort();
    if (inTime) return;
    child.kill("SIGKILL");
    await ended;
  }

  tell({ kind: "open", predictor: kind, name: deps.name, options });
  try {
    const { version, deterministic, backend } = await opened;
    return {
      version,
      deterministic,
      backend,
      ended,
      predict(situations, signal) {
        const call = next++;
        return new Promise((resolve, reject) => {
          if (!child.connected) return void ended.then(reject);
          const abort = () => tell({ kind: "abort", call });
          signal.addEventListener("abort", abort, { once: true });
          const over = () => signal.removeEventListener("abort", abort);
          calls.set(call, {
            resolve(predictions) {
              over();
              resolve(predictions);
            },
            reject(error) {
              over();
              reject(error);
            },
          });
          tell({ kind: "predict", call, situations: situations.map(plainOf) });
          if (signal.aborted) abort();
        });
      },
      close,
    };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
}

function endOf({ pid }: ChildProcess, code: number | null, signal: string | null, lastWords: string): string {
  const how = signal === null ? `exit code ${code}` : signal;
  return `its process ${pid ?? ""} ended (${how})${lastWords === "" ? "" : `: ${lastWords}`}`;
}
