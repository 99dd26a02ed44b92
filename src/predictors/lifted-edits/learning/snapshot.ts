/** A learner's store as text, and back. Rows and counts are kept; recent steps are not: what is learnt is in the rows. */
import type { ShapeOverrides } from "../../../json/shape/overrides.ts";
import { nodeFromText, nodeToJson } from "../../../json/shape/serialise.ts";
import { createShape } from "../../../json/shape/shape.ts";
import type { PublishedBlob } from "../../lifted/publisher.ts";
import { readConfidence, type WrittenConfidence, writeConfidence } from "../../lifted/written.ts";
import { restoreRows, type WrittenRows, writeRows } from "../../lifted/written-rows.ts";
import { createLabels } from "../candidates/labels.ts";
import type { PrecedentsText } from "../candidates/precedents.ts";
import type { LiftedOptions } from "../options.ts";
import type { CompanyText } from "../rules/company.ts";
import type { EffectsText } from "../rules/effects.ts";
import type { Count } from "../situation/alternate-keys.ts";
import type { FactsForm } from "../state/facts.ts";
import type { Paths, PathText } from "../state/paths.ts";
import { createRenameLearner, type Rename } from "../state/renames.ts";
import {
  readLore,
  readModel,
  type WrittenLore,
  type WrittenModel,
  writeLore,
  writeModel,
} from "../versions/written.ts";
import { createLoreLearner, type LoreLearner } from "./lore.ts";
import type { MoverText } from "./movers.ts";
import type { StageLearner } from "./stage-learner.ts";
import { createStore, type Store } from "./store.ts";

export interface SnapshotHead {
  readonly transitions: number;
  readonly revision: number;
  readonly changed: boolean;
  /** Absent in what was written before it was counted. */
  readonly news?: number;
  readonly published: readonly PublishedBlob[];
}

interface Written {
  readonly head: SnapshotHead;
  readonly shape: { readonly revision: number; readonly text: string };
  readonly labels: readonly string[];
  readonly lore: WrittenLore;
  readonly collections: readonly (readonly [
    string,
    number,
    readonly (readonly [PathText, readonly [string, number][], number, number, number, number])[],
  ])[];
  readonly looked: number;
  readonly walks: readonly (readonly [string, Readonly<Count>])[];
  readonly gate: readonly (readonly [string, { readonly wins: number; readonly losses: number }])[];
  readonly confidence: WrittenConfidence;
  /** Absent in what was written before it was counted. */
  readonly settled?: readonly number[];
  /** AdaGrad's sums: of no use but to go on learning. */
  readonly squares: readonly number[];
  readonly templates: readonly (readonly [string, number])[];
  readonly words: readonly (readonly [number, string])[];
  readonly surprises: readonly string[];
  readonly renames: readonly Rename[];
  /** Absent in snapshots from before there were any. */
  readonly facts?: FactsForm | null;
  readonly renameEvidence: readonly (readonly [string, number])[];
  readonly staged: boolean;
  readonly stages: readonly WrittenStage[];
}

interface WrittenStage extends WrittenRows {
  readonly random: number;
  /** Absent in snapshots from before; those have its steps alone. */
  readonly precedents?: PrecedentsText;
  readonly steps?: PrecedentsText["steps"];
  readonly models: readonly WrittenModel[];
  /** Absent in what was written before they were kept. */
  readonly movers?: readonly MoverText[];
  readonly company?: readonly CompanyText[];
  readonly effects?: EffectsText;
}

export function snapshotStore(store: Store, head: SnapshotHead): Uint8Array {
  const { paths } = store.reader;
  const written: Written = {
    head,
    shape: { revision: store.shape.revision, text: JSON.stringify(nodeToJson(store.shape.root)) },
    labels: store.labels.texts(),
    lore: writeLore(store.lore.lore, paths),
    collections: collectionsOf(store.lore, paths),
    looked: store.lore.counts.states,
    walks: [...store.lore.counts.walks],
    gate: [...store.gate.entries()],
    confidence: writeConfidence(store.confidence, store.confidence.calibration),
    settled: [...store.confidence.settled.counts],
    squares: [...store.confidence.squares],
    templates: [...store.templates],
    words: [...store.words],
    surprises: [...store.surprises],
    renames: store.renames.all,
    facts: store.facts,
    renameEvidence: [...store.renames.evidence],
    staged: store.staged,
    stages: store.stages.map(writeStage),
  };
  return Buffer.from(JSON.stringify(written));
}

function collectionsOf(lore: LoreLearner, paths: Paths): Written["collections"] {
  return [...lore.counts.collections].map(([name, { count, candidates }]) => [
    name,
    count,
    [...candidates.values()].map(
      (one) => [paths.write(one.path), [...one.values], one.count, one.changes, one.states, one.varied] as const,
    ),
  ]);
}

function writeStage({ trainer, precedents, movers, company, effects, models }: StageLearner): WrittenStage {
  return {
    random: trainer.random.state,
    precedents: precedents.entries(),
    models: [...models.all()].map(writeModel),
    movers: movers.entries(),
    company: company.entries(),
    effects: effects.entries(),
    ...writeRows(trainer),
  };
}

export function restoreStore(
  snapshot: Uint8Array,
  options: LiftedOptions,
  overrides: ShapeOverrides,
): { readonly store: Store; readonly head: SnapshotHead } {
  const written: Written = JSON.parse(Buffer.from(snapshot).toString("utf8"));
  const shape = createShape(overrides, undefined, nodeFromText(written.shape.text), written.shape.revision);
  const store = createStore(options, shape, createLabels(written.labels));
  const { paths } = store.reader;
  const collections = new Map(
    written.collections.map(([name, count, candidates]) => [
      name,
      {
        count,
        candidates: new Map(
          candidates.map(([path, values, seen, changes, states, varied]) => {
            const read = paths.read(path);
            return [read.text, { path: read, values: new Map(values), count: seen, changes, states, varied }];
          }),
        ),
      },
    ]),
  );
  const walks = new Map(written.walks.map(([name, walk]) => [name, { ...walk }]));
  store.lore = createLoreLearner(readLore(written.lore, paths), { states: written.looked, collections, walks });
  for (const [name, tally] of written.gate) store.gate.restore(name, tally);
  readConfidence(store.confidence, written.confidence);
  store.confidence.squares.set(written.squares);
  store.confidence.settled.counts.set(written.settled ?? []);
  store.confidence.isSettled = true;
  for (const [template, count] of written.templates) store.templates.set(template, count);
  for (const [token, text] of written.words) store.words.set(token, text);
  for (const situation of written.surprises) store.surprises.add(situation);
  store.facts = written.facts ?? null;
  store.renames = createRenameLearner(written.renames, new Map(written.renameEvidence));
  store.staged = written.staged;
  for (const [at, stage] of written.stages.entries()) restoreStage(store.stages[at], stage);
  return { store, head: written.head };
}

function restoreStage(stage: StageLearner | undefined, written: WrittenStage): void {
  if (stage === undefined) return;
  stage.precedents.restore(written.precedents ?? { steps: written.steps ?? [] });
  stage.movers.restore(written.movers ?? []);
  stage.company.restore(written.company ?? []);
  if (written.effects !== undefined) stage.effects.restore(written.effects);
  const forests = new Map(written.models.map((model) => [model.key, readModel(model)]));
  for (const model of forests.values()) stage.models.set(model);
  restoreRows(stage.trainer, written, (key) => forests.get(key)?.forest ?? null);
  stage.trainer.random.state = written.random;
}
