/** Every expression that gives a value at a site: the candidate labels of a changed row. The cover chooses among them later. */

import { equalJson } from "../../json/diff.ts";
import type { Json } from "../../json/json.ts";
import { isArray, isObject } from "../../json/pointer.ts";
import { anyOf, combine, operators, sortedList } from "./apply.ts";
import { arithmeticForms, evaluateArithmetic, roundTo, writeArithmetic } from "./arithmetic.ts";
import { explainText } from "./explain-text.ts";
import type { Expression, Source } from "./expression.ts";
import { hashValue } from "./flatten.ts";
import { collectionOf } from "./scene.ts";
import { skeletonOf } from "./skeleton.ts";
import { numericSources, type Site } from "./sources.ts";

/** Steps seen before at the path: candidates for clamps. */
export interface Precedent {
  readonly steps: readonly number[];
}

export function explainValue(
  site: Site,
  old: Json | undefined,
  value: Json | undefined,
  precedent: Precedent,
): Expression[] {
  if (value === undefined) return [["remove"]];
  const found: Expression[] = copies(site, value).map((source): Expression => ["from", source]);
  if (typeof value === "object" && value !== null) found.push(...explainContainer(site, old, value));
  else {
    found.push(["constant", value]);
    if (typeof value === "boolean" && old === !value) found.push(["not"]);
    if (typeof value === "number") found.push(...explainNumber(site, old, value, precedent));
    if (typeof value === "string") found.push(...explainText(site, value));
    if (typeof value === "string" || typeof value === "number") found.push(...evaluations(site, value));
    if (typeof value === "string" && found.every(isOfOne)) found.push(...shared(site, value));
  }
  return found;
}

const copiesMax = 24;

/** Where the same value stands: arguments, attributes of roles. */
export function copies(site: Site, value: Json): readonly Source[] {
  const hash = hashValue(value);
  const found: Source[] = [];
  for (const slot of site.scene.action.slots) {
    if (slot.valueHash !== hash || !equalJson(slot.value, value)) continue;
    found.push(["argument", slot.name]);
    if (slot.name === site.path?.segment) found.push(["argument", "*"]);
  }
  if (typeof value === "string" || typeof value === "number") found.push(...copiesOfItems(site, value));
  if (typeof value === "boolean" || value === null) return copiesOfFlag(site, value, hash, found);
  for (const [path, leaf] of site.leaves ?? []) if (leaf === value) found.push(["leaf", path]);
  for (const role of [...site.scene.entityRoles(site.entity), ...site.scene.roles]) {
    if (found.length >= copiesMax) break;
    const { entity } = role;
    if (entity.collection !== null && entity.name === value) found.push(["attribute", role.name, "@name"]);
    else if (entity.collection !== null && entity.key === value) found.push(["attribute", role.name, "@key"]);
    for (const { inverse, parent } of entity.up) {
      if (parent.name === value) found.push(["attribute", role.name, inverse.text]);
    }
    const { flat } = entity;
    for (let at = 0; at < flat.paths.length; at++) {
      const path = flat.paths[at];
      if (path === undefined || flat.hashes[at] !== hash || !equalJson(flat.values[at] ?? null, value)) continue;
      if (role.name === "S" && path === site.path) continue;
      if (path.segment !== null && path.segment === site.path?.segment)
        found.push(["attribute", role.name, path.lifted]);
      else found.push(["attribute", role.name, path.text]);
    }
  }
  return found;
}

/** Fields of the first and the last record of lists that near roles have. */
function copiesOfItems(site: Site, value: Json): readonly Source[] {
  const found: Source[] = [];
  for (const role of [...site.scene.entityRoles(site.entity), ...site.scene.roles]) {
    if (role.far || role.name === "G" || found.length >= 8) continue;
    const { paths, values } = role.entity.flat;
    for (let at = 0; at < paths.length; at++) {
      const [path, list] = [paths[at], values[at]];
      if (path === undefined || !isArray(list)) continue;
      for (const index of list.length > 1 ? [0, -1] : [0]) {
        const record = list.at(index);
        for (const [field, member] of isObject(record) ? Object.entries(record) : []) {
          if (member === value) found.push(["item", role.name, path.text, index, field]);
        }
      }
    }
  }
  return found;
}

/** Flags are equal by chance: only near ones count. */
function copiesOfFlag(site: Site, value: Json, hash: number, found: Source[]): readonly Source[] {
  if (value === null) return found;
  for (const role of site.scene.roles) {
    if (!role.name.startsWith("A") || /[\^_.]/.test(role.name.slice(2))) continue;
    const { flat } = role.entity;
    for (let at = 0; at < flat.paths.length && found.length < 6; at++) {
      const path = flat.paths[at];
      if (path !== undefined && flat.hashes[at] === hash && flat.values[at] === value && path === site.path)
        found.push(["attribute", role.name, path.text]);
    }
  }
  return found;
}

function explainNumber(site: Site, old: Json | undefined, value: number, precedent: Precedent): Expression[] {
  const found: Expression[] = [];
  const sources = numericSources(site);
  const mine = (source: Source) => source[0] === "attribute" && source[1] === "S" && source[2] === site.path?.text;
  if (typeof old === "number") {
    const step = roundTo(value - old, 6);
    found.push(["shift", step, old + step === value ? -1 : 6]);
    if (old !== 0 && value !== 0)
      found.push(["scale", roundTo(value / old, 4), old * roundTo(value / old, 4) === value ? -1 : 6]);
    for (const { source, value: by } of sources) {
      if (mine(source) || by === 0) continue;
      for (const sign of [1, -1]) {
        const digits = digitsOf(old + sign * by, value);
        if (digits !== null) found.push(["plus", source, sign, digits]);
      }
      if (roundTo((old + by) / 2, 6) === value) found.push(["mean", source]);
    }
    found.push(...clamps(site, old, value, precedent, sources));
  }
  found.push(...combinations(value, sources.filter(({ source }) => !mine(source)).slice(0, combinedMax)));
  if (site.entity.collection !== null || typeof old !== "number") {
    const next = nextStep(site, value);
    if (next !== null) found.push(["next", next]);
  }
  return found;
}

function nextStep(site: Site, value: number): number | null {
  let greatest = 0;
  for (const { key } of site.scene.canon.entities) if (typeof key === "number") greatest = Math.max(greatest, key);
  const step = value - greatest;
  return greatest > 0 && step >= 1 && step <= 8 && Number.isInteger(step) ? step : null;
}

const combinedMax = 28;

function clamps(
  site: Site,
  old: number,
  value: number,
  precedent: Precedent,
  sources: readonly { readonly source: Source; readonly value: number }[],
): Expression[] {
  const found: Expression[] = [];
  const bounds = [{ source: ["number", 0] as Source, value: 0 }, ...sources].filter(
    ({ source, value: bound }) =>
      bound === value && !(source[0] === "attribute" && source[1] === "S" && source[2] === site.path?.text),
  );
  if (bounds.length === 0 || value === old) return found;
  const steps: { readonly source: Source; readonly value: number }[] = [
    ...precedent.steps.map((step) => ({ source: ["number", step] as Source, value: step })),
    ...sources,
  ];
  for (const { source: bound } of bounds.slice(0, 4)) {
    for (const { source: by, value: step } of steps) {
      for (const sign of step < 0 || by[0] === "number" ? [1] : [1, -1]) {
        const to = old + sign * step;
        if ((value > old && to >= value) || (value < old && to <= value)) found.push(["clamp", by, sign, bound]);
      }
      if (found.length >= 16) return found;
    }
  }
  return found;
}

function combinations(
  value: number,
  sources: readonly { readonly source: Source; readonly value: number }[],
): Expression[] {
  const found: Expression[] = [];
  if (value === 0) return found;
  for (const [at, a] of sources.entries()) {
    for (const [other, b] of sources.entries()) {
      if (at === other || a.value === 0 || b.value === 0) continue;
      for (const operator of operators) {
        if ((operator === "plus" || operator === "times" || operator === "distance") && other < at) continue;
        if ((operator === "times" || operator === "over") && (Math.abs(a.value) <= 1 || Math.abs(b.value) <= 1))
          continue;
        const digits = digitsOf(combine(a.value, b.value, operator, -1), value);
        if (digits !== null) found.push(["combine", a.source, b.source, operator, digits]);
        if (found.length >= 24) return found;
      }
    }
  }
  return found;
}

/** How the result was rounded: not at all, to cents, to six digits; null where it is another number. */
function digitsOf(result: number, value: number): number | null {
  if (result === value) return -1;
  if (Math.abs(result - value) > 0.006) return null;
  if (roundTo(result, 2) === value) return 2;
  return roundTo(result, 6) === value ? 6 : null;
}

function evaluations(site: Site, value: string | number): Expression[] {
  const found: Expression[] = [];
  for (const slot of site.scene.action.slots) {
    const result = typeof slot.value === "string" ? evaluateArithmetic(slot.value) : null;
    if (result === null) continue;
    for (const form of arithmeticForms)
      if (writeArithmetic(result, form) === value) found.push(["evaluate", slot.name, form]);
  }
  return found;
}

/** Says the value itself, or whose it is by what kind of thing that happens to be. */
function isOfOne([kind, from]: Expression): boolean {
  if (kind === "constant") return true;
  return kind === "from" && isArray(from) && from[0] === "attribute" && /^[TN]:/.test(String(from[1]));
}

/** The value that all things of some collection have in common. */
function shared(site: Site, value: string): Expression[] {
  const hash = hashValue(value);
  const found = new Map<string, Expression>();
  for (const entity of site.scene.canon.entities.slice(0, sharedMax)) {
    const { flat } = entity;
    for (let at = 0; at < flat.paths.length; at++) {
      const path = flat.paths[at];
      if (path === undefined || flat.hashes[at] !== hash || (entity === site.entity && path === site.path)) continue;
      const key = `${collectionOf(entity)} ${path.text}`;
      if (!found.has(key) && anyOf(collectionOf(entity), path.text, site) === value) {
        found.set(key, ["any", collectionOf(entity), path.text]);
      }
    }
  }
  return [...found.values()].slice(0, 8);
}

const sharedMax = 500;

function explainContainer(site: Site, old: Json | undefined, value: Json): Expression[] {
  const found: Expression[] = [];
  const constant: Expression = ["constant", value];
  if (JSON.stringify(value).length <= constantCharsMax) found.push(constant);
  if (isArray(value)) {
    for (const slot of site.scene.action.slots) {
      if (isArray(slot.value) && equalJson(sortedList(slot.value), value)) found.push(["sorted", slot.name]);
    }
    if (isArray(old)) found.push(...explainListEdit(site, old, value));
  }
  const skeleton = isObject(value) || isArray(value) ? skeletonOf(value) : null;
  if (skeleton !== null && skeleton.leaves.length > 0) found.push(["new", skeleton.text]);
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
    const skeleton = skeletonOf(value.slice(old.length));
    if (skeleton !== null) found.push(["appendNew", skeleton.text]);
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
  for (const slot of site.scene.action.slots) {
    if (isArray(slot.value) && slot.value.length > 0 && equalJson([...old, ...slot.value], value))
      found.push(["appendAll", slot.name]);
  }
  return found;
}
