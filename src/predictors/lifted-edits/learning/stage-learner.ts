/** One stage of the dynamics (what the action does, or what the world does afterwards): from two states to rows, labels, and rules. */
import type { Json } from "../../../json/json.ts";
import { certain } from "../../lifted/counter.ts";
import { vote } from "../../lifted/forest.ts";
import { createTrainer, type Trainer } from "../../lifted/trainer.ts";
import { createExplainer } from "../candidates/explainer.ts";
import type { Labels } from "../candidates/labels.ts";
import { createPrecedents, type Precedents } from "../candidates/precedents.ts";
import { type Born, type Expression, keep } from "../expressions/expression.ts";
import type { Site } from "../expressions/sources.ts";
import type { LiftedOptions } from "../options.ts";
import { type Company, createCompany } from "../rules/company.ts";
import { createEffects, type Effects } from "../rules/effects.ts";
import { goneRow, RowModels, rowKey } from "../rules/row-model.ts";
import { type Desk, type RowSite, rowsOf } from "../rules/rows.ts";
import { spawn } from "../rules/spawn.ts";
import { collectionOf, createScene, type Scene } from "../situation/scene.ts";
import { arrivalsOf, type Newcomer } from "../state/births.ts";
import type { Canon, Reader } from "../state/canon.ts";
import { changesBetween } from "../state/changes.ts";
import type { Entity } from "../state/entity.ts";
import type { LoreLearner } from "./lore.ts";
import { createMovers, type Movers } from "./movers.ts";
import { type RowChange, type Truth, truthOf } from "./truth.ts";

export interface StageLearner {
  readonly models: RowModels;
  readonly trainer: Trainer;
  /** Returns what changed for the first time: lifted paths by collection. */
  learn(step: StageStep): Fresh;
  /** Of a former step in which these paths stayed as they were: what was different then? */
  contrast(step: Omit<StageStep, "suspects" | "isFormer" | "after">, fresh: Fresh): void;
  /** Forgets the rows of paths that are read in another way now. */
  drop(isStale: (key: string) => boolean): void;
  readonly movers: Movers;
  readonly company: Company;
  readonly effects: Effects;
  readonly precedents: Precedents;
}

/** Lifted paths by collection. */
export type Fresh = ReadonlyMap<string, ReadonlySet<string>>;

export interface StageStep {
  /** Entities of which the rules said that they change: their rows are learnt from whether or not they did. */
  readonly suspects: ReadonlySet<string>;
  readonly before: Json;
  readonly after: Json;
  readonly action: Json;
  readonly context: Json | null;
  /** Before all that were learnt so far. */
  readonly isFormer: boolean;
}

interface Deps {
  readonly options: LiftedOptions;
  readonly labels: Labels;
  readonly lore: () => LoreLearner;
  readonly reader: () => Reader;
  readonly desk: Desk;
  /** A path's rules were grown anew. */
  readonly renewed: (key: string) => void;
  /** Share of the rows where nothing changed, in steps where nothing of the kind did, that are learnt from. */
  readonly idleShare: number;
  /** Whether an action is behind what happens. */
  readonly acted: boolean;
}

const shares = new Float64Array(4_096);
/** Explanations of one change: more are chance. */
const candidatesMax = 64;

export function createStageLearner(deps: Deps): StageLearner {
  const { options, labels, desk } = deps;
  const precedents = createPrecedents();
  const explainer = createExplainer(precedents, put);
  const movers = createMovers();
  const company = createCompany();
  const effects = createEffects();
  /** Of the step that is being learnt: the paths that changed, each with the expressions that explain it. */
  let changed = new Map<string, readonly Expression[]>();
  let models = new RowModels();
  let isFormer = false;
  const trainer = createTrainer({
    limits: {
      changedMax: options.changedMax,
      trustMax: 1,
      keptMin: options.keptMin,
      keptMax: options.keptMax,
      pathsMax: options.pathsMax,
      bytesMax: options.rowBytesMax,
      rowsPerError: options.rowsPerError,
    },
    growing: { ...certain, actionBits: 40 },
    weightOf: labels.weight,
    grown({ key, forest }, isRenewed) {
      if (forest === null) return;
      if (isRenewed) deps.renewed(key);
      models.set({ key, forest, expressions: forest.labels.map((label) => labels.expression(label)) });
    },
  });

  function learn(step: StageStep): Fresh {
    const reader = deps.reader();
    const lore = deps.lore();
    isFormer = step.isFormer;
    const [before, after] = [reader.read(step.before), reader.read(step.after)];
    lore.look(before);
    lore.look(after);
    const changes = changesBetween(before, after);
    const arrivals = arrivalsOf(changes.born, before);
    const fresh = lore.learn(before, changes, arrivals);
    if (!isFormer) lore.learnMoves(before, after);
    const scene = createScene(before, step.before, step.action, step.context, lore.lore, reader.paths);
    lore.learnKeys(scene, changes, reader.paths);
    const truth = truthOf(changes, arrivals);
    desk.begin(scene);
    const mentioned = new Set(scene.roles.filter((role) => role.name.startsWith("A")).map((role) => role.entity));
    for (const entity of before.entities) if (step.suspects.has(entity.id)) mentioned.add(entity);
    changed = new Map();
    for (const entity of before.entities) learnEntity(scene, reader, entity, truth, mentioned, after);
    company.note(changed);
    effects.note(scene.action.template, changed.keys());
    return fresh;
  }

  function contrast(step: Parameters<StageLearner["contrast"]>[0], fresh: Fresh): void {
    const reader = deps.reader();
    isFormer = true;
    const before = reader.read(step.before);
    const scene = createScene(before, step.before, step.action, step.context, deps.lore().lore, reader.paths);
    desk.begin(scene);
    for (const entity of before.entities) {
      const known = fresh.get(collectionOf(entity));
      if (known === undefined) continue;
      for (const row of rowsOf(scene, reader.paths, entity, known)) {
        desk.atRow(scene, row);
        put(rowKey(collectionOf(entity), row.lifted), [keep]);
      }
    }
  }

  function learnEntity(
    scene: Scene,
    reader: Reader,
    entity: Entity,
    truth: Truth,
    mentioned: ReadonlySet<Entity>,
    after: Canon,
  ): void {
    const collection = collectionOf(entity);
    const mutable = scene.lore.mutable.get(collection);
    if (mutable === undefined) return;
    const own = truth.byEntity.get(entity);
    const changedPaths = truth.paths.get(collection);
    // The root has few rows, and what it says is often wrong by a verb that was never seen to leave it alone.
    const isIdle =
      entity.collection !== null &&
      own === undefined &&
      !mentioned.has(entity) &&
      trainer.random.next() >= deps.idleShare;
    const { template } = scene.action;
    const moved = movers.of(template);
    if (isIdle && changedPaths === undefined && moved === undefined) return;
    if (truth.gone.has(entity)) return learnGone(scene, reader, entity, mutable);
    for (const row of rowsOf(scene, reader.paths, entity, mutable)) {
      const change = own?.get(row.path?.text ?? row.lifted);
      const place = () => `${scene.typeOf(entity)} ${rowKey(collection, row.lifted)}`;
      if (change === undefined && isIdle && changedPaths?.has(row.lifted) !== true && moved?.has(place()) !== true)
        continue;
      if (change !== undefined && deps.acted && !mentioned.has(entity)) movers.note(template, place());
      desk.atRow(scene, row);
      learnRow(scene, reader, row, change, after);
    }
  }

  function learnGone(scene: Scene, reader: Reader, entity: Entity, mutable: ReadonlySet<string>): void {
    for (const row of rowsOf(scene, reader.paths, entity, mutable)) {
      if (row.lifted !== goneRow) continue;
      desk.atRow(scene, row);
      const key = rowKey(collectionOf(entity), goneRow);
      changed.set(key, [["gone"]]);
      put(key, [["gone"]]);
    }
  }

  function learnRow(scene: Scene, reader: Reader, row: RowSite, change: RowChange | undefined, after: Canon): void {
    const key = rowKey(collectionOf(row.entity), row.lifted);
    const site: Site = { scene, paths: reader.paths, entity: row.entity, path: row.path };
    const { template } = scene.action;
    if (change === undefined && row.path === null) return put(key, [keep, ...comesAgain(site, row, key)]);
    if (change === undefined) {
      // Of many things it is another that is written: those are as they were.
      const isOnly = row.entity.collection === null && row.path !== null && row.path.segment === null;
      const again = isOnly && precedents.isWritten(key, template) ? writtenAgain(site, key, row.old, after) : [];
      if (again.length === 0) return put(key, [keep]);
      put(key, again);
      if (row.old !== undefined) explainer.learnParts(site, key, undefined, row.old, again, after, 0);
      return;
    }
    precedents.noteChange(key, template);
    if (change.kind === "arrival") {
      changed.set(key, []);
      put(key, [["spawn", change.born.map(bornOf)]]);
      for (const [at, { skeleton }] of change.born.entries())
        explainer.learnLeaves(site, `${key} ${at}`, skeleton, after, 0);
      return;
    }
    const { value } = change;
    precedents.noteStep(key, row.old, value);
    const candidates = explainer.explain(site, key, row.old, value, after);
    if (row.path?.text.startsWith("^") === true && value === row.old) candidates.push(["again"]);
    changed.set(key, candidates);
    put(key, candidates);
    if (value !== undefined) explainer.learnParts(site, key, row.old, value, candidates, after, 0);
  }

  /** What rules say of other values, and may say of one that is as before: the same call again is answered with the same. */
  function writtenAgain(site: Site, key: string, value: Json | undefined, after: Canon): Expression[] {
    const known = trainer.paths.get(key)?.forest?.labels;
    if (value === undefined || known === undefined) return [];
    return explainer.explain(site, key, undefined, value, after).filter((one) => known.includes(labels.of(one) ?? -1));
  }

  /** What rules say that comes, and is there already: that nothing came is no word against them. */
  function comesAgain(site: Site, row: RowSite, key: string): Expression[] {
    const known = models.get(key)?.expressions ?? [];
    return known.filter((one) => spawn(one, site, row, key, { models, desk })?.births.length === 0);
  }

  function put(key: string, candidates: readonly Expression[]): void {
    const found: number[] = [];
    for (const candidate of candidates.slice(0, candidatesMax)) {
      const label = labels.of(candidate);
      if (label !== null && !found.includes(label)) found.push(label);
    }
    if (found.length === 0) return;
    const forest = trainer.paths.get(key)?.forest;
    let wrong = true;
    if (forest !== null && forest !== undefined) {
      const best = vote(forest, desk.sets, shares);
      wrong = !found.includes(forest.labels[best] ?? -2) || (shares[best] ?? 0) < sureMin;
    }
    trainer.add(key, desk.blocks(), found, wrong, isFormer);
  }

  return {
    get models() {
      return models;
    },
    trainer,
    movers,
    company,
    effects,
    precedents,
    learn,
    contrast,
    drop(isStale) {
      trainer.drop(isStale);
      company.drop(isStale);
      effects.drop(isStale);
      const left = [...models.all()].filter((model) => !isStale(model.key));
      models = new RowModels();
      for (const model of left) models.set(model);
      precedents.drop(isStale);
    },
  };
}

function bornOf({ skeleton: { text }, isOutline, place }: Newcomer): Born {
  return isOutline ? [text, place, "outline"] : [text, place];
}

/** An answer right with less than this share is still worth learning from. */
const sureMin = 0.6;
