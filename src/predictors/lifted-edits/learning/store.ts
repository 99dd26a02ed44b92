/** Everything that a learner has, and the rules as they are at this moment. */
import { createShape, type Shape, type ShapeNode } from "../../../json/shape/shape.ts";
import { type Confidence, confidenceOf, createConfidence } from "../../lifted/confidence.ts";
import { createGate, type Gate } from "../../lifted/gate.ts";
import { createLabels, type Labels } from "../candidates/labels.ts";
import type { LiftedOptions } from "../options.ts";
import type { Rules } from "../rules/engine.ts";
import { placeOfKey, rowKey } from "../rules/row-model.ts";
import { createDesk, type Desk } from "../rules/rows.ts";
import { areTold } from "../situation/kinds.ts";
import { createReader, type Reader } from "../state/canon.ts";
import type { FactsForm } from "../state/facts.ts";
import type { Path, Paths } from "../state/paths.ts";
import { createRenameLearner, type RenameLearner } from "../state/renames.ts";
import { readLore, writeLore } from "../versions/written.ts";
import { createLoreLearner, type LoreLearner } from "./lore.ts";
import { createStageLearner, type StageLearner } from "./stage-learner.ts";

export interface Store {
  shape: Shape;
  reader: Reader;
  readonly labels: Labels;
  lore: LoreLearner;
  /** What the action does; what the world does afterwards. */
  readonly stages: readonly [StageLearner, StageLearner];
  readonly gate: Gate;
  readonly confidence: Confidence;
  renames: RenameLearner;
  /** How states tell facts. */
  facts: FactsForm | null;
  readonly templates: Map<string, number>;
  readonly words: Map<number, string>;
  /** Situations in which something changed that was not foretold, newest last. */
  readonly surprises: Set<string>;
  /** For learning: with words. */
  readonly desk: Desk;
  /** Some step told the state between action and tick. */
  staged: boolean;
}

export function createStore(
  options: LiftedOptions,
  shape: Shape = createShape(),
  labels: Labels = createLabels(),
): Store {
  const words = new Map<number, string>();
  const desk = createDesk(words);
  const stage = (at: number, idleShare: number) =>
    createStageLearner({
      options,
      labels,
      desk,
      idleShare,
      acted: at === 0,
      lore: () => store.lore,
      reader: () => store.reader,
      renewed: (key) => store.gate.renew(`${at} ${key}`),
    });
  const store: Store = {
    shape,
    reader: createReader(shape.root, options.entitiesMax),
    labels,
    lore: createLoreLearner(),
    stages: [stage(0, options.idleShare), stage(1, options.idleShareTick)],
    gate: createGate(),
    confidence: createConfidence(),
    renames: createRenameLearner(),
    facts: null,
    templates: new Map(),
    words,
    surprises: new Set(),
    desk,
    staged: false,
  };
  return store;
}

/** Some places are read in another way: what was learnt of them goes. Paths are made anew, since what is data may have changed. */
export function readAnew(store: Store, options: LiftedOptions, places: readonly string[]): void {
  const isStale = (place: string) =>
    places.some((one) => place === one || place.startsWith(one === "" ? "" : `${one}.`));
  const old = store.reader.paths;
  const { lore, counts } = store.lore;
  store.reader = createReader(store.shape.root, options.entitiesMax);
  const { paths } = store.reader;
  for (const [key, set] of lore.appearing) {
    const left = [...set].filter((text) => !isStale(placeOfPath(key.split(" ", 1)[0] ?? "", old.find(text))));
    lore.appearing.set(key, new Set(left));
  }
  for (const [collection, set] of lore.marks)
    lore.marks.set(collection, new Set([...set].filter((text) => !isStale(placeOfPath(collection, old.find(text))))));
  for (const collection of lore.kinds.keys())
    if (isStale(collection) || places.some((one) => one.startsWith(collection))) lore.kinds.delete(collection);
  for (const key of lore.headings.keys()) if (isStale(key.split(" ", 1)[0] ?? "")) lore.headings.delete(key);
  for (const [collection, own] of lore.entries)
    for (const [lifted, { map }] of own) if (isStale(placeOfPath(collection, map))) own.delete(lifted);
  const written = writeLore(lore, old);
  for (const [collection, set] of lore.mutable)
    lore.mutable.set(
      collection,
      new Set([...set].filter((lifted) => !isStale(placeOfKey(rowKey(collection, lifted))))),
    );
  const collections = [...counts.collections].filter(([name]) => !isStale(name));
  store.lore = createLoreLearner(readLore(written, paths), {
    states: counts.states,
    walks: counts.walks,
    collections: new Map(
      collections.map(([name, counted]) => {
        const left = [...counted.candidates].filter(([, { path }]) => !isStale(placeOfPath(name, path)));
        return [name, { ...counted, candidates: moved(left, old, paths) }];
      }),
    ),
  });
  for (const stage of store.stages) stage.drop((key) => isStale(placeOfKey(key)));
}

function placeOfPath(collection: string, path: Path | null): string {
  const lifted = path?.lifted.replace("^", "") ?? "";
  return collection === "" ? lifted : `${collection}.${lifted}`;
}

function moved<T extends { readonly path: Path }>(
  candidates: readonly (readonly [string, T])[],
  old: Paths,
  paths: Paths,
): Map<string, T> {
  return new Map(
    candidates.map(([text, candidate]) => [text, { ...candidate, path: paths.read(old.write(candidate.path)) }]),
  );
}

export function rulesOf(store: Store): Rules {
  return {
    get stages() {
      const stages = store.staged ? store.stages : store.stages.slice(0, 1);
      return stages.map(({ models, company, effects }) => ({ models, company, effects, lore: store.lore.lore }));
    },
    get reader() {
      return store.reader;
    },
    get renames() {
      return store.renames;
    },
    get facts() {
      return store.facts;
    },
    stand: (verdict) => store.gate.stand(verdict),
    precision: (verdict) => store.gate.precision(verdict),
    confidence: (evidence) => confidenceOf(store.confidence, evidence),
    templates: store.templates,
    wasSeen: (situation) => store.surprises.has(situation),
  };
}

/** A situation that the rules were wrong about. */
export function noteSurprise({ surprises }: Store, situation: string): void {
  surprises.add(situation);
  const [oldest] = surprises;
  if (surprises.size > surprisesMax && oldest !== undefined) surprises.delete(oldest);
}

const surprisesMax = 4_096;

/** By what things are told apart: the types, and which places refer to others. */
export function knownOf({ lore, shape }: Store): string {
  const references: string[] = [];
  const visit = (node: ShapeNode) => {
    if (node.reference) references.push(node.path);
    for (const child of node.fields.values()) visit(child);
    if (node.each !== null) visit(node.each);
  };
  visit(shape.root);
  const types = [...lore.lore.types].map(([place, path]) => [place, path.text]);
  const kinds = [...lore.lore.kinds].flatMap(([place, own]) =>
    areTold(own) ? [[place, ...own.byField.values()]] : [],
  );
  return JSON.stringify([types.sort(), kinds.sort(), references.sort()]);
}
