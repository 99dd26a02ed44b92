/** The rules at work: every row of a situation voted on, every answer that is a change applied. No gate is asked here. */
import type { Json } from "../../../json/json.ts";
import { isArray } from "../../../json/pointer.ts";
import { greatest, leafSupport, vote } from "../../lifted/forest.ts";
import { follow } from "../../lifted/ordered-labels.ts";
import { applyExpression } from "../expressions/apply.ts";
import type { Expression } from "../expressions/expression.ts";
import type { Site } from "../expressions/sources.ts";
import { type Copy, copyAt } from "../expressions/subtree.ts";
import { collectionOf, type Scene } from "../situation/scene.ts";
import type { Birth } from "../state/assemble.ts";
import type { Entity } from "../state/entity.ts";
import type { Path, Paths } from "../state/paths.ts";
import { build, type Chooser, type Part, provenFirst } from "./build.ts";
import { agreed, noteVote, type Poll } from "./poll.ts";
import type { RowModel, RowModels } from "./row-model.ts";
import { type Desk, type RowSite, rowsOf } from "./rows.ts";
import { spawn } from "./spawn.ts";

export interface Decision {
  readonly entity: Entity;
  readonly path: Path | null;
  readonly key: string;
  readonly expression: Expression;
  readonly old: Json | undefined;
  /** The new value; undefined where it is removed or goes. */
  readonly value: Json | undefined;
  /** What of the value is only known when all else is done. */
  readonly copies: readonly Copy[];
  readonly births: readonly Birth[];
  /** What each birth, or a new value, was made by. */
  readonly parts: readonly (readonly Part[])[];
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
const noParts: ReadonlyMap<string, number> = new Map();
/** Less than the share of any other. */
const never = -1;

/** `parts`: paths that are parts of one effect, by what they have in common. */
export function decide(
  scene: Scene,
  paths: Paths,
  models: RowModels,
  desk: Desk,
  barred: Barred = nothingBarred,
  parts: ReadonlyMap<string, number> = noParts,
): Verdict {
  const made: Decision[] = [];
  let decisions: readonly Decision[] = made;
  const poll: Poll = new Map();
  let confidence = 1;
  let [least, unsure, rows] = [1, 0, 0];
  let begun = false;
  const chooser = { models, desk };
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
      const decided = decideRow(scene, paths, chooser, model, row, barred, false);
      const effect = parts.get(model.key);
      if (effect !== undefined) noteVote(poll, effect, { row, key: model.key, change: decided.change });
      rows += 1;
      confidence *= decided.share;
      if (decided.share < least) least = decided.share;
      if (decided.share < sureMin) unsure += 1;
      if (decided.decision !== null) made.push(decided.decision);
    }
  }
  if (poll.size > 0)
    decisions = agreed(made, poll, ({ row, key }) => {
      const model = models.get(key);
      if (model === undefined) return null;
      desk.atRow(scene, row, models.asked(collectionOf(row.entity)));
      return decideRow(scene, paths, chooser, model, row, barred, true).decision;
    });
  return { decisions, confidence, least, unsure, rows };
}

interface Decided {
  readonly decision: Decision | null;
  readonly share: number;
  /** Share of the votes for any change. */
  readonly change: number;
}

function decideRow(
  scene: Scene,
  paths: Paths,
  chooser: Chooser,
  model: RowModel,
  row: RowSite,
  barred: Barred,
  isForced: boolean,
): Decided {
  const { forest, expressions, ordered } = model;
  const { desk } = chooser;
  let label = vote(forest, desk.sets, shares);
  const isKeepKnown = expressions[0]?.[0] === "keep";
  const change = isKeepKnown ? 1 - (shares[0] ?? 0) : 1;
  if (isForced && isKeepKnown) {
    shares[0] = never;
    label = greatest(shares, expressions.length);
  }
  const pinned = follow(ordered, desk.sets, shares);
  if (ordered !== undefined) label = pinned[0] ?? greatest(shares, expressions.length);
  else label = provenFirst(model, shares, label);
  let share = shares[label] ?? 0;
  for (let tries = 0; tries < triesMax + pinned.length; tries++) {
    const expression = expressions[label];
    const isPinned = tries < pinned.length;
    if (expression === undefined || (share <= 0 && !isPinned)) break;
    if (expression[0] === "keep") return { decision: null, share, change };
    const site: Site = { scene, paths, entity: row.entity, path: row.path };
    const support = leafSupport(forest, desk.sets);
    const made = barred(model.key, expression) ? null : make(expression, site, row, model.key, chooser);
    if (made !== null) {
      const isChange =
        made.copies.length > 0 ||
        row.path?.text.startsWith("^") === true ||
        made.births.length > 0 ||
        made.value !== row.old ||
        expression[0] === "gone";
      if (!isChange) return { decision: null, share: share * made.share, change };
      const { value, births, parts, copies } = made;
      const decision = { ...row, key: model.key, expression, support, isPinned, share, value, births, parts, copies };
      return { decision, share: share * made.share, change };
    }
    shares[label] = -1;
    label = pinned[tries + 1] ?? greatest(shares, expressions.length);
    share = shares[label] ?? 0;
  }
  return { decision: null, share: 0.3, change };
}

interface Made {
  readonly value: Json | undefined;
  readonly births: readonly Birth[];
  readonly parts: readonly (readonly Part[])[];
  readonly copies: readonly Copy[];
  readonly share: number;
}

const nothing: Made = { value: undefined, births: [], parts: [], copies: [], share: 1 };

function make(expression: Expression, site: Site, row: RowSite, key: string, chooser: Chooser): Made | null {
  switch (expression[0]) {
    case "subtree": {
      const copy = copyAt(expression, site);
      return copy === null ? null : { ...nothing, value: copy.before, copies: [copy] };
    }
    case "gone":
      return nothing;
    case "new":
    case "outline": {
      const made = build(expression, key, site, chooser);
      return made === null ? null : { ...made, births: [], parts: [made.parts] };
    }
    case "appendNew": {
      const made = build(expression, key, site, chooser);
      if (made === null || !isArray(row.old) || !isArray(made.value)) return null;
      return { ...nothing, value: [...row.old, ...made.value], parts: [made.parts], share: made.share };
    }
    case "spawn": {
      const spawned = spawn(expression, site, row, key, chooser);
      return spawned === null ? null : { ...nothing, ...spawned };
    }
    default: {
      const applied = applyExpression(expression, site, row.old);
      return applied.ok ? { ...nothing, value: applied.value } : null;
    }
  }
}
