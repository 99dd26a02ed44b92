/** What learn remembers as bytes: a line for the task, then for everything that learns a line and so many bytes of its own. */
import type { Json } from "../json/json.ts";
import type { Contexts } from "./contexts.ts";
import type { Learning } from "./logic.ts";
import type { WrittenOrders } from "./rule-orders.ts";

export interface PlainTask {
  readonly v: 1;
  readonly streamTime: number;
  readonly offset: number;
  readonly watermark: Json;
  readonly contexts: ReturnType<Contexts["snapshot"]>;
  /** Absent in snapshots from before rules could be ordered. */
  readonly orders?: WrittenOrders;
}
export type PlainLearning = Omit<Learning, "learner">;
/** Of a predictor that learns on: its name, and where. */
export type PlainTuning = Pick<Learning, "environment" | "kind"> & { readonly tuned: string };

export function* writeLearnings(
  task: PlainTask,
  learnings: Iterable<Learning>,
  tunings: Iterable<{ readonly head: PlainTuning; readonly bytes: Uint8Array }>,
): Generator<Uint8Array> {
  yield Buffer.from(`${JSON.stringify(task)}\n`);
  for (const { learner, ...rest } of learnings) {
    const bytes = learner.snapshot();
    yield Buffer.from(`${JSON.stringify({ ...rest, bytes: bytes.length })}\n`);
    yield bytes;
  }
  for (const { head, bytes } of tunings) {
    yield Buffer.from(`${JSON.stringify({ ...head, bytes: bytes.length })}\n`);
    yield bytes;
  }
}

/** The bytes are this process's own, checked by their hash: their shape is trusted. */
export function readLearnings(snapshot: Uint8Array): {
  readonly task: PlainTask;
  readonly learnings: readonly { readonly learning: PlainLearning; readonly learnt: Uint8Array }[];
  readonly tunings: readonly { readonly head: PlainTuning; readonly bytes: Uint8Array }[];
} {
  const bytes = Buffer.from(snapshot.buffer, snapshot.byteOffset, snapshot.byteLength);
  const lineAt = (from: number) => {
    const end = bytes.indexOf(0x0a, from);
    return { text: bytes.toString("utf8", from, end), end: end + 1 };
  };
  const first = lineAt(0);
  const learnings: { readonly learning: PlainLearning; readonly learnt: Uint8Array }[] = [];
  const tunings: { readonly head: PlainTuning; readonly bytes: Uint8Array }[] = [];
  for (let at = first.end; at < bytes.length; ) {
    const { text, end } = lineAt(at);
    const { bytes: length, ...head }: (PlainLearning | PlainTuning) & { readonly bytes: number } = JSON.parse(text);
    at = end + length;
    const its = bytes.subarray(end, at);
    if ("tuned" in head) tunings.push({ head, bytes: its });
    else learnings.push({ learning: head, learnt: its });
  }
  return { task: JSON.parse(first.text), learnings, tunings };
}
