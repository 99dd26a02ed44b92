/** What explains a list or a record: how it was edited, of what it is made, which question it answers. */
import { equalJson } from "../../../json/diff.ts";
import type { Json } from "../../../json/json.ts";
import { isArray } from "../../../json/pointer.ts";
import { sortedList } from "../expressions/apply.ts";
import { conditionsOf } from "../expressions/conditions.ts";
import { copies } from "../expressions/copies.ts";
import type { Expression } from "../expressions/expression.ts";
import { membersIn } from "../expressions/query.ts";
import { goneOf } from "../expressions/ranges.ts";
import { namesIn, type Site } from "../expressions/sources.ts";
import { outlineOf, skeletonOf, skeletonsOf } from "../state/skeleton.ts";
import { explainQuery } from "./explain-query.ts";

export function explainContainer(site: Site, old: Json | undefined, value: Json): Expression[] {
  const found: Expression[] = [];
  const constant: Expression = ["constant", value];
  if (JSON.stringify(value).length <= constantCharsMax) found.push(constant);
  if (isArray(value)) {
    for (const slot of site.scene.action.slots) {
      if (isArray(slot.value) && equalJson(sortedList(slot.value), value)) found.push(["sorted", slot.name]);
    }
    if (isArray(old)) found.push(...explainListEdit(site, old, value));
  }
  const names = namesIn(site.scene);
  for (const { text, leaves } of skeletonsOf(value, names, skeletonOf))
    if (leaves.length > 0) found.push(["new", text]);
  for (const { text } of skeletonsOf(value, names, outlineOf)) found.push(["outline", text]);
  found.push(...explainQuery(site, value).map((query): Expression => ["query", query]));
  return found;
}

/** Longer constants are learnt by their parts or not at all. */
const constantCharsMax = 8_192;

/** More at once are no event that a rule could foresee. */
const appendedMax = 3;

function explainListEdit(site: Site, old: readonly Json[], value: readonly Json[]): Expression[] {
  const found: Expression[] = [];
  if (value.length === old.length + 1 && equalJson(value.slice(0, -1), old)) {
    const added = value[value.length - 1] ?? null;
    found.push(...copies(site, added).map((source): Expression => ["append", source]));
    if (typeof added === "number") found.push(["append", ["number", added]]);
  }
  const count = value.length - old.length;
  if (count > 0 && count <= appendedMax && equalJson(value.slice(0, old.length), old)) {
    for (const { text } of skeletonsOf(value.slice(old.length), namesIn(site.scene), skeletonOf))
      found.push(["appendNew", text]);
  }
  if (value.length === old.length - 1) {
    const at = old.findIndex((element, index) => !equalJson(element, value[index] ?? null));
    const gone = old[at < 0 ? old.length - 1 : at] ?? null;
    if (equalJson(old.toSpliced(at < 0 ? old.length - 1 : at, 1), value)) {
      found.push(...copies(site, gone).map((source): Expression => ["without", source]));
      if (at < 0 || at === old.length - 1) found.push(["withoutAt", -1]);
      if (equalJson(old.slice(1), value)) found.push(["withoutAt", 0]);
    }
  }
  found.push(...drops(site, old, value));
  for (const slot of site.scene.action.slots) {
    if (isArray(slot.value) && slot.value.length > 0 && equalJson([...old, ...slot.value], value))
      found.push(["appendAll", slot.name]);
  }
  return found;
}

const dropsMax = 8;

/** What a list lost, by what those have in common. */
function drops(site: Site, old: readonly Json[], value: readonly Json[]): readonly Expression[] {
  const lost = lostOf(old, value);
  if (lost === null) return [];
  const found: Expression[] = [];
  for (const { condition, met } of conditionsOf(
    site,
    goneOf(["elements", ""], membersIn(old) ?? [], site.scene),
    lost,
  )) {
    if (condition[0] !== "is" || condition[2][0] === "constant") continue;
    if (met.length === lost.length) found.push(["drop", condition, "all"]);
    if (lost.length === 1 && met[0] === lost[0]) found.push(["drop", condition, "first"]);
    if (lost.length === 1 && met.at(-1) === lost[0]) found.push(["drop", condition, "last"]);
  }
  return found.slice(0, dropsMax);
}

/** Which elements are there no more; null where the others are not as they were. */
function lostOf(old: readonly Json[], value: readonly Json[]): readonly number[] | null {
  if (value.length >= old.length) return null;
  const lost: number[] = [];
  let kept = 0;
  for (const [at, element] of old.entries()) {
    const next = value[kept];
    if (next !== undefined && equalJson(element, next)) kept += 1;
    else lost.push(at);
  }
  return kept === value.length ? lost : null;
}
