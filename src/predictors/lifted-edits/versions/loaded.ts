/** A published version read back: the same rules, without what learning needs. */
import { nodeFromForms } from "../../../json/shape/serialise.ts";
import { confidenceOf, createConfidence } from "../../lifted/confidence.ts";
import { createGate } from "../../lifted/gate.ts";
import { readConfidence } from "../../lifted/written.ts";
import type { RuleOrder } from "../../rule-orders.ts";
import type { LiftedOptions } from "../options.ts";
import { createCompany } from "../rules/company.ts";
import { createEffects } from "../rules/effects.ts";
import type { Rules } from "../rules/engine.ts";
import { RowModels } from "../rules/row-model.ts";
import { createReader } from "../state/canon.ts";
import { createRenames } from "../state/renames.ts";
import { type Bucket, decodeBucket, decodeHead, seal } from "./blobs.ts";
import { readLore, readModel } from "./written.ts";

export interface Loaded {
  /** As they were learnt. */
  readonly rules: Rules;
  /** What operators ordered of them. */
  readonly orders: readonly RuleOrder[];
  readonly words: ReadonlyMap<number, string>;
}

/** Throws `BlobUnreadable`, naming the hash of the blob at fault. */
export function loadRules(hashes: readonly string[], blobs: readonly Uint8Array[], options: LiftedOptions): Loaded {
  const [first = "", ...others] = hashes;
  const head = decodeHead(blobs[0] ?? new Uint8Array(), first);
  const words = new Map<number, string>();
  const { lore, reader } = seal.guarded(first, () => {
    const made = createReader(nodeFromForms(head.forms), options.entitiesMax);
    return { reader: made, lore: readLore(head.lore, made.paths) };
  });
  const stages = Array.from({ length: Math.min(2, head.stages) }, (_, at) => {
    const company = createCompany();
    company.restore(head.company?.[at] ?? []);
    const effects = createEffects();
    const written = head.effects?.[at];
    if (written !== undefined) effects.restore(written);
    return { models: new RowModels(), company, effects, lore };
  });
  for (const [at, hash] of others.entries()) {
    const bucket: Bucket = decodeBucket(blobs[at + 1] ?? new Uint8Array(), hash);
    seal.guarded(hash, () => {
      for (const model of bucket.models) stages[bucket.stage]?.models.set(readModel(model));
      for (const [token, text] of bucket.words) words.set(token, text);
    });
  }
  const gate = createGate();
  for (const [name, wins, losses] of head.gate) gate.restore(name, { wins, losses });
  const surprises = new Set(head.surprises);
  const confidence = createConfidence();
  seal.guarded(first, () => readConfidence(confidence, head.confidence));
  return {
    words,
    orders: head.orders ?? [],
    rules: {
      stages,
      reader,
      renames: createRenames(head.renames),
      facts: head.facts ?? null,
      stand: (verdict) => gate.stand(verdict),
      precision: (verdict) => gate.precision(verdict),
      confidence: (evidence) => confidenceOf(confidence, evidence),
      wasSeen: (situation) => surprises.has(situation),
      templates: new Map(head.templates.map((template) => [template, 1])),
    },
  };
}
