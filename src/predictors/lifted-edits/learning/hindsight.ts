/** What the rules would have said, held against what happened: the gate's wins and losses, by path. */
import { equalJson } from "../../../json/diff.ts";
import type { Json } from "../../../json/json.ts";
import { isObject } from "../../../json/pointer.ts";
import type { Gate } from "../../lifted/gate.ts";
import { copied } from "../expressions/subtree.ts";
import type { Decision } from "../rules/decide.ts";
import { type Run, verdictOf } from "../rules/engine.ts";
import type { Outcome } from "../rules/model.ts";
import { goneRow, rowKey, spawnRow } from "../rules/row-model.ts";
import { collectionOf, type Scene } from "../situation/scene.ts";
import { type Arrival, arrivalsOf } from "../state/births.ts";
import type { Canon, Reader } from "../state/canon.ts";
import { type Changes, changesBetween } from "../state/changes.ts";

/** By row key: what became of which entity's path. */
type Facts = Map<string, Map<string, Json | undefined>>;

/** By stage: entities of which the rules said that they change. */
export type Suspects = readonly ReadonlySet<string>[];

export function suspectsOf({ outcomes }: Run): Suspects {
  return outcomes.map(({ verdict }) => new Set(verdict.decisions.map(({ entity }) => entity.id)));
}

export function judgeStage(gate: Gate, stage: number, outcome: Outcome, reader: Reader, after: Json): void {
  const { scene, verdict } = outcome;
  const then = reader.read(after);
  judgeMoves(gate, stage, scene, then);
  if (verdict.decisions.length === 0) return;
  const changes = changesBetween(scene.canon, then);
  const truth = truthOf(changes, arrivalsOf(changes.born, scene.canon));
  const told: Facts = new Map();
  for (const decisions of decisionsByRule(stage, verdict.decisions)) {
    const facts = saidBy(decisions, outcome, reader, then);
    judgeRule(gate, stage, outcome, decisions, facts, truth);
    for (const [key, places] of facts) for (const [place, value] of places) note(told, key, place, value);
  }
  for (const key of new Set([...truth.keys(), ...told.keys()])) {
    const [real, own] = [truth.get(key), told.get(key)];
    const right = own !== undefined && real !== undefined && sameFacts(own, real);
    if (own === undefined) continue;
    const least = leastSure(verdict.decisions, key);
    if (least === null) continue;
    if (right || real === undefined) gate.judge(verdictOf(stage, least, scene.action.template), right);
  }
}

/** What the root says of itself, whether or not anything was said of it: does it change whatever is done? */
function judgeMoves(gate: Gate, stage: number, { canon, lore, action }: Scene, then: Canon): void {
  const mutable = lore.mutable.get("");
  if (mutable === undefined) return;
  const { paths, values } = canon.root.flat;
  for (let at = 0; at < paths.length; at++) {
    const [path, old] = [paths[at], values[at]];
    if (path === undefined || old === undefined || path.segment !== null || !mutable.has(path.lifted)) continue;
    const now = then.root.flat.at(path);
    const isMoved = now !== old && (now === undefined || !equalJson(now, old));
    gate.judgeChange({ key: `${stage} ${rowKey("", path.lifted)}`, template: action.template }, isMoved);
  }
}

function decisionsByRule(stage: number, decisions: readonly Decision[]): Iterable<readonly Decision[]> {
  const byRule = new Map<string, Decision[]>();
  for (const decision of decisions) {
    const { key, expression } = verdictOf(stage, decision, "");
    const list = byRule.get(`${key} ${expression}`) ?? [];
    byRule.set(`${key} ${expression}`, list);
    list.push(decision);
  }
  return byRule.values();
}

/** By what it said alone: right where all of it came true, wrong where something of it stayed as it was. */
function judgeRule(
  gate: Gate,
  stage: number,
  { scene }: Outcome,
  [first]: readonly Decision[],
  said: Facts,
  truth: Facts,
): void {
  let [right, kept] = [true, false];
  for (const [key, facts] of said) {
    const real = truth.get(key);
    for (const [place, value] of facts) {
      if (real?.has(place) !== true) kept = true;
      else if (!sameValue(value, real.get(place))) right = false;
    }
  }
  if (first !== undefined && (kept || right)) gate.judgeRule(verdictOf(stage, first, scene.action.template), !kept);
}

/** The decision of a path that had least of the vote: a path is no surer than that. */
function leastSure(decisions: readonly Decision[], key: string): Decision | null {
  let least: Decision | null = null;
  for (const decision of decisions)
    if (decision.key === key && (least === null || decision.share < least.share)) least = decision;
  return least;
}

function truthOf({ changes, gone }: Changes, arrivals: readonly Arrival[]): Facts {
  const facts: Facts = new Map();
  for (const { entity, path, value } of changes)
    note(facts, rowKey(collectionOf(entity), path.lifted), `${entity.id} ${path.text}`, value);
  for (const entity of gone) note(facts, rowKey(collectionOf(entity), goneRow), entity.id, null);
  for (const { anchor, collection, born } of arrivals) {
    const values = born.map(({ value }) => (isObject(value) ? (value["value"] ?? null) : null));
    note(facts, rowKey(collectionOf(anchor), `${spawnRow}${collection}`), anchor.id, values);
  }
  return facts;
}

function saidBy(decisions: readonly Decision[], { scene }: Outcome, { paths }: Reader, then: Canon): Facts {
  const facts: Facts = new Map();
  for (const { entity, path, key, expression, value, copies, births } of decisions) {
    if (expression[0] === "gone") note(facts, key, entity.id, null);
    else if (expression[0] === "spawn")
      note(
        facts,
        key,
        entity.id,
        births.map((birth) => birth.value),
      );
    else if (path !== null) {
      const made = copied(value, copies, { scene, paths, entity, path }, then);
      const old = path.text.startsWith("^") ? undefined : entity.flat.at(path);
      if (copies.length > 0 && made !== undefined && old !== undefined && equalJson(made, old)) continue;
      note(facts, key, `${entity.id} ${path.text}`, made);
    }
  }
  return facts;
}

function note(facts: Facts, key: string, place: string, value: Json | undefined): void {
  const known = facts.get(key) ?? new Map<string, Json | undefined>();
  facts.set(key, known);
  known.set(place, value);
}

function sameFacts(a: ReadonlyMap<string, Json | undefined>, b: ReadonlyMap<string, Json | undefined>): boolean {
  if (a.size !== b.size) return false;
  for (const [place, value] of a) {
    if (!b.has(place) || !sameValue(value, b.get(place))) return false;
  }
  return true;
}

function sameValue(a: Json | undefined, b: Json | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalJson(a, b);
}
