/** What learn remembers as bytes: a line for the task, then for every learner a line and so many bytes of its own. */
import type { Json } from "../json/json.ts";
import type { Contexts } from "./contexts.ts";
import type { Learning } from "./logic.ts";

export interface PlainTask {
  readonly v: 1;
  readonly streamTime: number;
  readonly offset: number;
  readonly watermark: Json;
  readonly contexts: ReturnType<Contexts["snapshot"]>;
}
export type PlainLearning = Omit<Learning, "learner">;

export function* writeLearnings(task: PlainTask, learnings: Iterable<Learning>): Generator<Uint8Array> {
  yield Buffer.from(`${JSON.stringify(task)}\n`);
  for (const { learner, ...rest } of learnings) {
    const bytes = learner.snapshot();
    yield Buffer.from(`${JSON.stringify({ ...rest, bytes: bytes.length })}\n`);
    yield bytes;
  }
}

/** The bytes are this process's own, checked by their hash: their shape is trusted. */
export function readLearnings(snapshot: Uint8Array): {
  readonly task: PlainTask;
  readonly learnings: readonly { readonly learning: PlainLearning; readonly learnt: Uint8Array }[];
} {
  const bytes = Buffer.from(snapshot.buffer, snapshot.byteOffset, snapshot.byteLength);
  const lineAt = (from: number) => {
    const end = bytes.indexOf(0x0a, from);
    return { text: bytes.toString("utf8", from, end), end: end + 1 };
  };
  const first = lineAt(0);
  const learnings: { readonly learning: PlainLearning; readonly learnt: Uint8Array }[] = [];
  for (let at = first.end; at < bytes.length; ) {
    const { text, end } = lineAt(at);
    const { bytes: length, ...learning }: PlainLearning & { readonly bytes: number } = JSON.parse(text);
    at = end + length;
    learnings.push({ learning, learnt: bytes.subarray(end, at) });
  }
  return { task: JSON.parse(first.text), learnings };
}
