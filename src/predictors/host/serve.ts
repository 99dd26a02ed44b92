/**
 * The far side of `isolated.ts` and `tune.ts`: the process that opens one remote predictor and answers its parent's calls, or lets one learn
 * on for a round, until told to end.
 */

import type { RemoteDeps, RemoteFactory, RemotePredictor } from "../remote.ts";
import { remoteFactories } from "../remote-registry.ts";
import { situationOfRecord } from "../situation.ts";
import type { FromHost, ToHost } from "./messages.ts";

/** The process' side of the channel. */
export interface Channel {
  readonly send: (message: FromHost, sent: () => void) => void;
  readonly onMessage: (hear: (message: ToHost) => void) => void;
  /** The parent is gone. */
  readonly onGone: (act: () => void) => void;
}

/** Resolves when the predictor was closed, or the parent is gone. */
export async function servePredictor(
  channel: Channel,
  world: Pick<RemoteDeps, "env" | "now" | "seconds" | "sleep">,
  factories: readonly RemoteFactory[] = remoteFactories,
): Promise<void> {
  const tell = (message: FromHost) => channel.send(message, () => {});
  const aborts = new Map<number, AbortController>();
  const reads = new Map<number, Read>();
  const ending = new AbortController();
  let predictor: RemotePredictor | null = null;
  let nextRead = 0;

  function read(hashes: readonly string[]): Promise<readonly Uint8Array[] | null> {
    const id = nextRead++;
    return new Promise((resolve, reject) => {
      reads.set(id, { resolve, reject });
      tell({ kind: "read", read: id, hashes });
    });
  }

  function answered(id: number): Read | undefined {
    const waiting = reads.get(id);
    reads.delete(id);
    return waiting;
  }

  function depsOf(name: string): RemoteDeps {
    return {
      ...world,
      name,
      log: (level, message, fields) => tell({ kind: "log", level, message, fields }),
      count: (what, by) => tell({ kind: "count", what, by }),
      read,
    };
  }

  function factoryOf(kind: string): RemoteFactory {
    const factory = factories.find((one) => one.kind === kind);
    if (factory === undefined) throw new Error(`there is no kind ${kind} of predictor`);
    return factory;
  }

  async function open({ predictor: kind, name, options }: ToHost & { readonly kind: "open" }): Promise<void> {
    try {
      predictor = await factoryOf(kind).open(options, depsOf(name));
      const { version, deterministic, backend } = predictor;
      tell({ kind: "opened", version, deterministic, backend });
    } catch (error) {
      tell({ kind: "refused", message: messageOf(error) });
    }
  }

  async function tune({ predictor: kind, name, options, order }: ToHost & { readonly kind: "tune" }): Promise<void> {
    try {
      const { tuning } = factoryOf(kind);
      if (tuning === undefined) throw new Error(`${kind} does not learn on`);
      tell({ kind: "tuned", report: await tuning.round(order, options, depsOf(name), ending.signal) });
    } catch (error) {
      tell({ kind: "refused", message: messageOf(error) });
    }
  }

  async function predict({ call, situations, model }: ToHost & { readonly kind: "predict" }): Promise<void> {
    const abort = new AbortController();
    aborts.set(call, abort);
    try {
      if (predictor === null) throw new Error("it was not opened");
      const predictions = await predictor.predict(situations.map(situationOfRecord), abort.signal, model);
      tell({ kind: "predicted", call, predictions });
    } catch (error) {
      tell({ kind: "lost", call, message: messageOf(error) });
    } finally {
      aborts.delete(call);
    }
  }

  return new Promise((resolve) => {
    const end = async () => {
      ending.abort();
      for (const abort of aborts.values()) abort.abort();
      await predictor?.close().catch(() => {});
      resolve();
    };
    channel.onGone(() => void end());
    channel.onMessage((message) => {
      switch (message.kind) {
        case "open":
          return void open(message);
        case "predict":
          return void predict(message);
        case "tune":
          return void tune(message);
        case "bytes":
          return answered(message.read)?.resolve(message.bytes);
        case "unread":
          return answered(message.read)?.reject(new Error(message.message));
        case "abort":
          return aborts.get(message.call)?.abort();
        case "close":
          return void end();
      }
    });
  });
}

interface Read {
  resolve(bytes: readonly Uint8Array[] | null): void;
  reject(error: Error): void;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
