/** The rules at work: every row of a situation voted on, every answer that is a change applied. No gate is asked here. */
import type { Json } from "../../json/json.ts";
import { isArray } from "../../json/pointer.ts";
import { greatest, leafSupport, vote } from "../lifted/forest.ts";
import { follow } from "../lifted/ordered-labels.ts";
import { applyExpression } from "./apply.ts";
import type { Birth } from "./assemble.ts";
import { birthOf } from "./births.ts";
import type { Entity } from "./entity.ts";
import type { Expression } from "./expression.ts";
import type { Path, Paths } from "./paths.ts";
import { leafKey, type RowModel, type RowModels, spawnRow } from "./row-model.ts";
import { type Desk, type RowSite, rowsOf } from "./rows.ts";
import { collectionOf, type Scene } from "./scene.ts";
import { fillSkeleton, leavesOfSkeleton } from "./skeleton.ts";
import type { Site } from "./sources.ts";

export interface Decision {
  readonly entity: Entity;
  readonly path: Path | null;
  readonly key: string;
  readonly expression: Expression;
  readonly old: Json | undefined;
  /** The new value; undefined where it is removed, goes, or is only known when all else is done (`subtree`). */
  readonly value: Json | undefined;
  readonly births: readonly Birth[];
  /** Share of the votes. */
  readonly share: number;
  /** Rows behind the answer. */
  readonly support: number;
  /** An operator said that it holds here. */
  readonly isPinned: boolean;
}

export interface Verdict {
  /** All rows that are not kept. */
  readonly decisions: readonly Decision[];
  /** Product of the shares of all rows. */
  readonly confidence: number;
  /** The least share of a row, and how many had less than nine tenths. */
  readonly least: number;
  readonly unsure: number;
  readonly rows: number;
}

const shares = new Float64Array(4_096);
const triesMax = 4;
const sureMin = 0.9;

/** What is not to be said of a path, whatever the votes. */
export type Barred = (key: string, expression: Expression) => boolean;

const nothingBarred: Barred = () => false;

export function decide(
  scene: Scene,
  paths: Paths,
  models: RowModels,
  desk: Desk,
  barred: Barred = nothingBarred,
): Verdict {
  const decisions: Decision[] = [];
  let confidence = 1;
  let [least, unsure, rows] = [1, 0, 0];
  let begun = false;
  for (const entity of scene.canon.entities) {
    const collection = collectionOf(entity);
    const known = models.of(collection);
    if (known === undefined) continue;
    const asked = models.asked(collection);
    for (const row of rowsOf(scene, paths, entity, known)) {
      const model = known.get(row.lifted);
      if (model === undefined) continue;
      if (!begun) desk.begin(scene);
      begun = true;
      desk.atRow(scene, row, asked);
      const decided = decideRow(scene, paths, models, model, row, desk, barred);
      rows += 1;
      confidence *= decided.share;
      if (decided.share < least) least = decided.share;
      if (decided.share < sureMin) unsure += 1;
      if (decided.decision !== null) decisions.push(decided.decision);
    }
  }
  return { decisions, confidence, least, unsure, rows };
}

interface Decided {
  readonly decision: Decision | null;
  readonly share: number;
}

function decideRow(
  scene: Scene,
  paths: Paths,
  models: RowModels,
  model: RowModel,
  row: RowSite,
  desk: Desk,
  barred: Barred,
): Decided {
  const { forest, expressions, ordered } = model;
  let label = vote(forest, desk.sets, shares);
  const pinned = follow(ordered, desk.sets, shares);
  if (ordered !== undefined) label = pinned[0] ?? greatest(shares, expressions.length);
  let share = shares[label] ?? 0;
  for (let tries = 0; tries < triesMax + pinned.length; tries++) {
    const expression = expressions[label];
    const isPinned = tries < pinned.length;
    if (expression === undefined || (share <= 0 && !isPinned)) break;
    if (expression[0] === "keep") return { decision: null, share };
    const site: Site = { scene, paths, entity: row.entity, path: row.path };
    const left = shares.slice(0, expressions.length);
    const support = leafSupport(forest, desk.sets);
    const made = barred(model.key, expression) ? null : make(expression, site, row, model.key, models, desk);
    if (made !== null) {
      const isChange =
        expression[0] === "subtree" ||
        row.path?.text.startsWith("^") === true ||
        made.births.length > 0 ||
        made.value !== row.old ||
        row.path === null;
      if (!isChange) return { decision: null, share: share * made.share };
      return {
        decision: {
          ...row,
          key: model.key,
          expression,
          support,
          isPinned,
          share,
          value: made.value,
          births: made.births,
        },
        share: share * made.share,
      };
    }
    left[label] = -1;
    shares.set(left);
    label = pinned[tries + 1] ?? greatest(shares, expressions.length);
    share = shares[label] ?? 0;
  }
  return { decision: null, share: 0.3 };
}

interface Made {
  readonly value: Json | undefined;
  readonly births: readonly Birth[];
  readonly share: number;
}

function make(
  expression: Expression,
  site: Site,
  row: RowSite,
  key: string,
  models: RowModels,
  desk: Desk,
): Made | null {
  switch (expression[0]) {
    case "subtree":
    case "gone":
      return { value: undefined, births: [], share: 1 };
    case "new": {
      const made = build(expression[1], key, site, models, desk);
      return made === null ? null : { value: made.value, births: [], share: made.share };
    }
    case "appendNew": {
      const made = build(expression[1], key, site, models, desk);
      if (made === null || !isArray(row.old) || !isArray(made.value)) return null;
      return { value: [...row.old, ...made.value], births: [], share: made.share };
    }
    case "spawn":
      return spawn(expression[1], site, row, key, models, desk);
    default: {
      const applied = applyExpression(expression, site, row.old);
      return applied.ok ? { value: applied.value, births: [], share: 1 } : null;
    }
  }
}

/** A new value leaf by leaf: each leaf has rules of its own, and may rest on the leaves before it by the templates of texts. */
function build(
  skeleton: string,
  key: string,
  site: Site,
  models: RowModels,
  desk: Desk,
): { readonly value: Json; readonly share: number } | null {
  const values = new Map<string, Json>();
  let share = 1;
  for (const leaf of leavesOfSkeleton(skeleton)) {
    const model = models.get(leafKey(key, skeleton, leaf.path));
    const made = model === undefined ? null : leafValue(model, { ...site, leaves: values }, desk);
    if (made === null) return null;
    values.set(leaf.path, made.value);
    share *= made.share;
  }
  return { value: fillSkeleton(skeleton, values), share };
}

function leafValue(model: RowModel, site: Site, desk: Desk): { readonly value: Json; readonly share: number } | null {
  const { forest, expressions, ordered } = model;
  let label = vote(forest, desk.sets, shares);
  const pinned = follow(ordered, desk.sets, shares);
  if (ordered !== undefined) label = pinned[0] ?? greatest(shares, expressions.length);
  for (let tries = 0; tries < triesMax + pinned.length; tries++) {
    const expression = expressions[label];
    const share = shares[label] ?? 0;
    if (expression === undefined || (share <= 0 && tries >= pinned.length)) return null;
    const applied = applyExpression(expression, site, undefined);
    if (applied.ok && applied.value !== undefined) return { value: applied.value, share };
    shares[label] = -1;
    label = pinned[tries + 1] ?? greatest(shares, expressions.length);
  }
  return null;
}

function spawn(
  born: readonly (readonly [skeleton: string, place: string])[],
  site: Site,
  row: RowSite,
  key: string,
  models: RowModels,
  desk: Desk,
): Made | null {
  const births: Birth[] = [];
  let share = 1;
  for (const [at, [skeleton, place]] of born.entries()) {
    const made = build(skeleton, `${key} ${at}`, site, models, desk);
    if (made === null) return null;
    share *= made.share;
    const birth = birthOf(made.value, place, row.lifted.slice(spawnRow.length), row.entity);
    if (birth === null) return null;
    births.push(birth);
  }
  return { value: undefined, births, share };
}
