/** What a version is made of: its parts in a fixed order. */
import { formsOf } from "../../../json/shape/serialise.ts";
import { bucketsOf, wordsOf } from "../../lifted/publisher.ts";
import { writeConfidence } from "../../lifted/written.ts";
import type { RuleOrder } from "../../rule-orders.ts";
import type { Bucket, Head } from "../versions/blobs.ts";
import { writeLore, writeModel } from "../versions/written.ts";
import type { Store } from "./store.ts";

const bucketsPerStage = 6;

export function partsOf(store: Store, orders: readonly RuleOrder[], transitions: number): readonly (Head | Bucket)[] {
  const stages = store.staged ? store.stages : store.stages.slice(0, 1);
  const parts: (Head | Bucket)[] = [headOf(store, orders, transitions, stages.length)];
  for (const [stage, { models }] of stages.entries()) {
    for (const bucket of bucketsOf(models.all(), ({ key }) => key, bucketsPerStage)) {
      const words = wordsOf(
        bucket.map(({ forest }) => forest),
        store.words,
      );
      parts.push({ v: 1, stage, models: bucket.map(writeModel), words });
    }
  }
  return parts;
}

function headOf(store: Store, orders: readonly RuleOrder[], transitions: number, stages: number): Head {
  return {
    v: 1,
    transitions,
    stages,
    forms: formsOf(store.shape.root),
    lore: writeLore(store.lore.lore, store.reader.paths),
    gate: [...store.gate.entries()].map(([name, { wins, losses }]) => [name, wins, losses]),
    confidence: writeConfidence(store.confidence),
    templates: [...store.templates.keys()],
    surprises: [...store.surprises],
    renames: store.renames.all,
    company: store.stages.slice(0, stages).map(({ company }) => company.entries()),
    effects: store.stages.slice(0, stages).map(({ effects }) => effects.entries()),
    ...(store.facts === null ? {} : { facts: store.facts }),
    ...(orders.length === 0 ? {} : { orders }),
  };
}
