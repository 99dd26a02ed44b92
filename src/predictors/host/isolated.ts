/**
 * A remote predictor in a process of its own. Where that process ends, calls under way reject, and whoever called opens another.
 */
import type { Prediction } from "../predictor.ts";
import type { RemoteDeps, RemoteFactory, RemotePredictor } from "../remote.ts";
import { type FromHost, plainOf } from "./messages.ts";
import { startHost } from "./process.ts";

interface Call {
  resolve(predictions: readonly Prediction[]): void;
  reject(error: Error): void;
}

export async function openIsolated(
  factory: Pick<RemoteFactory, "kind" | "variables">,
  options: object,
  deps: RemoteDeps,
  file?: URL,
): Promise<RemotePredictor> {
  const calls = new Map<number, Call>();
  let next = 0;
  let opened: (message: FromHost & { readonly kind: "opened" }) => void = () => {};
  let refused: (error: Error) => void = () => {};
  const opening = new Promise<FromHost & { readonly kind: "opened" }>((resolve, reject) => {
    opened = resolve;
    refused = reject;
  });
  const host = startHost(factory, deps, hear, file);
  const { ended, tell } = host;

  function hear(message: FromHost): void {
    switch (message.kind) {
      case "opened":
        return opened(message);
      case "refused":
        return refused(new Error(message.message));
      case "predicted":
        return settle(message.call)?.resolve(message.predictions);
      case "lost":
        return settle(message.call)?.reject(new Error(message.message));
    }
  }

  function settle(id: number): Call | undefined {
    const call = calls.get(id);
    calls.delete(id);
    return call;
  }

  void ended.then((error) => {
    refused(error);
    for (const call of calls.values()) call.reject(error);
    calls.clear();
  });
  tell({ kind: "open", predictor: factory.kind, name: deps.name, options });
  try {
    const { version, deterministic, backend } = await opening;
    return {
      version,
      deterministic,
      backend,
      ended,
      predict(situations, signal, model = null) {
        const call = next++;
        return new Promise((resolve, reject) => {
          if (!host.isConnected()) return void ended.then(reject);
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
          tell({ kind: "predict", call, situations: situations.map(plainOf), model });
          if (signal.aborted) abort();
        });
      },
      close: host.close,
    };
  } catch (error) {
    host.kill();
    throw error;
  }
}
