/** The far side of `isolated.ts`: the process that opens one remote predictor and answers its parent's calls until told to end. */

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
  let predictor: RemotePredictor | null = null;

  async function open({ predictor: kind, name, options }: ToHost & { readonly kind: "open" }): Promise<void> {
    const factory = factories.find((one) => one.kind === kind);
    if (factory === undefined) return tell({ kind: "refused", message: `there is no kind ${kind} of predictor` });
    try {
      predictor = await factory.open(options, {
        ...world,
        name,
        log: (level, message, fields) => tell({ kind: "log", level, message, fields }),
        count: (what, by) => tell({ kind: "count", what, by }),
      });
      const { version, deterministic, backend } = predictor;
      tell({ kind: "opened", version, deterministic, backend });
    } catch (error) {
      tell({ kind: "refused", message: messageOf(error) });
    }
  }

  async function predict({ call, situations }: ToHost & { readonly kind: "predict" }): Promise<void> {
    const abort = new AbortController();
    aborts.set(call, abort);
    try {
      if (predictor === null) throw new Error("it was not opened");
      const predictions = await predictor.predict(situations.map(situationOfRecord), abort.signal);
      tell({ kind: "predicted", call, predictions });
    } catch (error) {
      tell({ kind: "lost", call, message: messageOf(error) });
    } finally {
      aborts.delete(call);
    }
  }

  return new Promise((resolve) => {
    const end = async () => {
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
        case "abort":
          return aborts.get(message.call)?.abort();
        case "close":
          return void end();
      }
    });
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
