/**
 * Serves a log to a thread that does not own it. The thread's memberships end with its port, so that a thread that dies gives its
 * partitions back like a process that dies.
 */
import type { MessagePort } from "node:worker_threads";
import type { Log, Membership, TaskInput } from "../port.ts";
import {
  type Call,
  errorOf,
  failureOf,
  packRecords,
  type Results,
  type ToOwner,
  type ToThread,
  unpackOutputs,
} from "./messages.ts";

/** Resolves `closed` when the thread's port is closed and its memberships are over. */
export function serveLog(log: Log, port: MessagePort): { readonly closed: Promise<void> } {
  const inputs = new Map<number, TaskInput>();
  const memberships = new Map<number, Membership>();
  const settlings = new Map<number, () => void>();
  let numbers = 0;
  let open = true;

  function send(message: ToThread, transfer: readonly ArrayBuffer[] = []): void {
    if (open) port.postMessage(message, transfer);
  }

  function inputOf(number: number): TaskInput {
    const input = inputs.get(number);
    if (input === undefined) throw errorOf({ name: "Fenced", message: "the partition is not this thread's any more" });
    return input;
  }

  async function join(member: number, group: string, topics: readonly string[]): Promise<null> {
    const held = new Map<number, number>();
    const membership = await log.join(group, topics, {
      assigned(input) {
        const number = numbers++;
        inputs.set(number, input);
        held.set(input.partition, number);
        send({ kind: "assigned", member, input: number, group: input.group, partition: input.partition });
      },
      async revoked(partition) {
        if (open) {
          const settling = numbers++;
          const settled = new Promise<void>((resolve) => settlings.set(settling, resolve));
          send({ kind: "revoked", member, partition, settling });
          await settled;
        }
        inputs.delete(held.get(partition) ?? -1);
      },
      failed: (error) => send({ kind: "failed", member, failure: failureOf(error) }),
    });
    memberships.set(member, membership);
    return null;
  }

  async function leave(member: number): Promise<null> {
    const membership = memberships.get(member);
    memberships.delete(member);
    await membership?.leave();
    return null;
  }

  async function answer(request: Call): Promise<Results[keyof Results]> {
    switch (request.call) {
      case "ensureTopics":
        await log.ensureTopics(request.specs);
        return null;
      case "topics":
        return log.topics();
      case "partitionCount":
        return log.partitionCount(request.topic);
      case "range":
        return log.range(request.topic, request.partition);
      case "append":
        return log.append(unpackOutputs(request.outputs));
      case "read": {
        const { topic, partition, from, limits, waitMs } = request;
        return packRecords(await log.read(topic, partition, from, limits, waitMs));
      }
      case "lag":
        return log.lag();
      case "join":
        return join(request.member, request.group, request.topics);
      case "leave":
        return leave(request.member);
      case "inputCommitted":
        return inputOf(request.input).committed();
      case "inputRange":
        return inputOf(request.input).range(request.topic);
      case "inputRead":
        return packRecords(await inputOf(request.input).read(request.from, request.limits, request.waitMs));
      case "inputCommit": {
        const { offsets, note, outputs } = request;
        await inputOf(request.input).commit({ offsets, note, outputs: unpackOutputs(outputs) });
        return null;
      }
    }
  }

  port.on("message", (message: ToOwner) => {
    if (message.kind === "settled") {
      settlings.get(message.settling)?.();
      settlings.delete(message.settling);
      return;
    }
    const { id, request } = message;
    answer(request).then(
      (value) => send({ kind: "result", id, value }, buffersOf(request, value)),
      (error: unknown) => send({ kind: "failure", id, failure: failureOf(error) }),
    );
  });

  const closed = new Promise<void>((resolve) => {
    port.on("close", () => {
      open = false;
      for (const settled of settlings.values()) settled();
      settlings.clear();
      Promise.allSettled([...memberships.keys()].map(leave)).then(() => resolve());
    });
  });
  return { closed };
}

function buffersOf(request: Call, value: Results[keyof Results]): readonly ArrayBuffer[] {
  if (request.call !== "read" && request.call !== "inputRead") return [];
  return Array.isArray(value) ? value.flatMap((run) => ("packed" in run ? [run.packed.buffer] : [])) : [];
}
