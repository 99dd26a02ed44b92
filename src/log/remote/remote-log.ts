/** The log of another thread of this process: every call goes through a port to `serveLog`. Passes the same contract as what it serves. */
import type { MessagePort } from "node:worker_threads";
import type { AssignmentListener, Log, TaskInput } from "../port.ts";
import {
  type Call,
  errorOf,
  packOutputs,
  type Results,
  type ToOwner,
  type ToThread,
  unpackRecords,
} from "./messages.ts";

interface Waiting {
  readonly resolve: (value: Results[keyof Results]) => void;
  readonly reject: (error: Error) => void;
}

/** `close` closes the port, which ends this thread's memberships; the log itself stays open. */
export function openRemoteLog(port: MessagePort): Log {
  const waiting = new Map<number, Waiting>();
  const listeners = new Map<number, AssignmentListener>();
  let numbers = 0;
  let open = true;

  function ask<C extends Call["call"]>(
    request: Call & { readonly call: C },
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Results[C]> {
    return new Promise((resolve, reject) => {
      if (!open) return reject(new Error("the log is closed"));
      const id = numbers++;
      // The owner answers each call with the type that belongs to it.
      waiting.set(id, { resolve: resolve as Waiting["resolve"], reject });
      send({ kind: "call", id, request }, transfer);
    });
  }

  function send(message: ToOwner, transfer: readonly ArrayBuffer[] = []): void {
    port.postMessage(message, transfer);
  }

  function inputOf(input: number, group: string, partition: number): TaskInput {
    return {
      group,
      partition,
      committed: () => ask({ call: "inputCommitted", input }),
      range: (topic) => ask({ call: "inputRange", input, topic }),
      read: async (from, limits, waitMs) =>
        unpackRecords(await ask({ call: "inputRead", input, from, limits, waitMs })),
      async commit({ offsets, note, outputs }) {
        const packed = packOutputs(outputs);
        await ask({ call: "inputCommit", input, offsets, note, outputs: packed }, [packed.packed.buffer]);
      },
    };
  }

  function settle(member: number, partition: number, settling: number): void {
    const settled = listeners.get(member)?.revoked(partition) ?? Promise.resolve();
    settled.finally(() => open && send({ kind: "settled", settling })).catch(() => {});
  }

  port.on("message", (message: ToThread) => {
    switch (message.kind) {
      case "result":
        waiting.get(message.id)?.resolve(message.value);
        waiting.delete(message.id);
        return;
      case "failure":
        waiting.get(message.id)?.reject(errorOf(message.failure));
        waiting.delete(message.id);
        return;
      case "assigned":
        return listeners.get(message.member)?.assigned(inputOf(message.input, message.group, message.partition));
      case "revoked":
        return settle(message.member, message.partition, message.settling);
      case "failed":
        return listeners.get(message.member)?.failed(errorOf(message.failure));
    }
  });

  function end(): void {
    open = false;
    for (const { reject } of waiting.values()) reject(new Error("the log is closed"));
    waiting.clear();
  }
  port.on("close", end);

  return {
    async ensureTopics(specs) {
      await ask({ call: "ensureTopics", specs });
    },
    topics: () => ask({ call: "topics" }),
    partitionCount: (topic) => ask({ call: "partitionCount", topic }),
    range: (topic, partition) => ask({ call: "range", topic, partition }),
    append(records) {
      const outputs = packOutputs(records);
      return ask({ call: "append", outputs }, [outputs.packed.buffer]);
    },
    read: async (topic, partition, from, limits, waitMs) =>
      unpackRecords(await ask({ call: "read", topic, partition, from, limits, waitMs })),
    async join(group, topics, listener) {
      const member = numbers++;
      listeners.set(member, listener);
      await ask({ call: "join", member, group, topics });
      return {
        async leave() {
          await ask({ call: "leave", member });
          listeners.delete(member);
        },
      };
    },
    lag: () => ask({ call: "lag" }),
    async close() {
      if (!open) return;
      end();
      port.close();
    },
  };
}
