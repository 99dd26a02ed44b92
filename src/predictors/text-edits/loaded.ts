/** A published version read back: the same rules, without what learning needs. */
import { type Confidence, createConfidence } from "../lifted/confidence.ts";
import { readConfidence } from "../lifted/written.ts";
import type { RuleOrder } from "../rule-orders.ts";
import { decodeBucket, decodeHead, decodeRemembered, seal } from "./blobs.ts";
import type { Choice, Rules } from "./engine.ts";
import { textOptions } from "./options.ts";
import { readStructure } from "./structure.ts";
import { createTallies, type Tallies } from "./tallies.ts";
import { createTasks, type Tasks } from "./tasks.ts";
import { readChoice, readRemembered } from "./written.ts";

export interface Loaded {
  /** As they were learnt. */
  readonly rules: Rules;
  /** What operators ordered of them. */
  readonly orders: readonly RuleOrder[];
  readonly confidence: Confidence;
  readonly tasks: Tasks;
  readonly words: ReadonlyMap<number, string>;
  readonly tallies: Tallies;
}

/** Throws `BlobUnreadable`, naming the hash of the blob at fault. */
export function loadRules(hashes: readonly string[], blobs: readonly Uint8Array[]): Loaded {
  const [first = "", second = "", ...others] = hashes;
  const bytesAt = (at: number) => blobs[at] ?? new Uint8Array();
  const head = decodeHead(bytesAt(0), first);
  const structure = seal.guarded(first, () => readStructure(head.structure));
  const confidence = createConfidence();
  seal.guarded(first, () => readConfidence(confidence, head.confidence));
  const written = decodeRemembered(bytesAt(1), second);
  const remembered = seal.guarded(second, () => readRemembered(written, textOptions));
  const choices = new Map<string, Choice>();
  const words = new Map<number, string>();
  for (const [at, hash] of others.entries()) {
    const bucket = decodeBucket(bytesAt(at + 2), hash);
    seal.guarded(hash, () => {
      for (const choice of bucket.choices) choices.set(choice.form, readChoice(choice));
      for (const [token, text] of bucket.words) words.set(token, text);
    });
  }
  const tallies = seal.guarded(first, () => createTallies(head.tallies));
  const tasks = seal.guarded(first, () => createTasks(head.tasks));
  const rules = { structure, remembered, choices, choiceOf: (form: string) => choices.get(form) };
  return { words, confidence, tasks, tallies, rules, orders: head.orders ?? [] };
}
