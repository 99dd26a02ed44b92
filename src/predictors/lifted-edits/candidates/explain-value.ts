/** Every expression that gives a value at a site: the candidate labels of a changed row. The cover chooses among them later. */

import { equalJson } from "../../../json/diff.ts";
import type { Json } from "../../../json/json.ts";
import { anyOf, applyExpression, combine, operators } from "../expressions/apply.ts";
import { arithmeticForms, evaluateArithmetic, roundTo, writeArithmetic } from "../expressions/arithmetic.ts";
import { copies } from "../expressions/copies.ts";
import type { Expression, Source } from "../expressions/expression.ts";
import { greatestKey, numericSources, type Site } from "../expressions/sources.ts";
import { collectionOf } from "../situation/scene.ts";
import { hashValue } from "../state/flatten.ts";
import { thingsByCollection } from "../state/things.ts";
import { explainContainer } from "./explain-container.ts";
import { countsOf, lookedUp } from "./explain-query.ts";
import { explainText } from "./explain-text.ts";
import type { Precedent } from "./precedents.ts";

/** Of a value with more explanations it is no news where else it stands. */
const fewMax = 2;

export function explainValue(
  site: Site,
  old: Json | undefined,
  value: Json | undefined,
  precedent: Precedent,
): Expression[] {
  if (value === undefined) return [["remove"]];
  const sources = copies(site, value);
  const found: Expression[] = sources.map((source): Expression => ["from", source]);
  const isCopy = !sources.every(isOfOne);
  if (typeof value === "object" && value !== null) found.push(...explainContainer(site, old, value));
  else {
    found.push(["constant", value]);
    if (typeof value === "boolean" && old === !value) found.push(["not"]);
    if (typeof value === "number") found.push(...explainNumber(site, old, value, precedent));
    if (typeof value === "string") found.push(...explainText(site, value));
    if (typeof value === "string" || typeof value === "number") found.push(...evaluations(site, value));
    if (typeof value === "string" && !isCopy) found.push(...shared(site, value));
    if (found.length <= fewMax) found.push(...lookedUp(site, value).map((query): Expression => ["query", query]));
  }
  // What answered before may answer again, where this value alone would not tell.
  found.push(...precedent.answers.filter((answer) => gives(answer, site, value)));
  return found;
}

function gives(answer: Expression, site: Site, value: Json): boolean {
  const applied = applyExpression(answer, site, undefined);
  return applied.ok && applied.value !== undefined && equalJson(applied.value, value);
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
  found.push(...conversions(site, value));
  // What is given back is the opposite of what was taken.
  if (value < 0)
    found.push(...copies(site, -value).map((source): Expression => ["combine", zero, source, "minus", -1]));
  found.push(...combinations(value, sources.filter(({ source }) => !mine(source)).slice(0, combinedMax)));
  if (site.entity.collection !== null || typeof old !== "number") {
    const next = nextStep(site, value);
    if (next !== null) found.push(["next", next]);
    for (const collection of thingsByCollection(site.scene.canon).keys())
      if (greatestKey(collection, site) === value - 1) found.push(["from", ["after", collection, 1]]);
  }
  found.push(...countsOf(site, value).map((query): Expression => ["query", query]));
  return found;
}

const zero: Source = ["number", 0];
const ratioDigitsMax = 6;

/** An argument times a number, as units are converted: the fewest digits that give the value, or give it to the cent. */
function conversions({ scene }: Site, value: number): Expression[] {
  const found: Expression[] = [];
  for (const { name, value: given } of scene.action.slots) {
    if (typeof given !== "number" || given === 0 || value === 0 || given === value) continue;
    for (let digits = 0; digits <= ratioDigitsMax; digits++) {
      const ratio = roundTo(value / given, digits);
      const exact = ratio === 0 ? null : digitsOf(given * ratio, value);
      if (exact === null || exact > 2) continue;
      found.push(["combine", ["argument", name], ["number", ratio], "times", exact]);
      break;
    }
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
  const bounds = [{ source: zero, value: 0 }, ...sources].filter(
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

/** Says whose the value is by what kind of thing that happens to be. */
function isOfOne([kind, role]: Source): boolean {
  return kind === "attribute" && /^[TN]:/.test(role);
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
