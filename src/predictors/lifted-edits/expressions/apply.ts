/** An expression applied at a site: the new value, or why there is none. */

import { equalJson } from "../../../json/diff.ts";
import type { Json } from "../../../json/json.ts";
import { isArray } from "../../../json/pointer.ts";
import { collectionOf } from "../situation/scene.ts";
import { evaluateArithmetic, roundTo, writeArithmetic } from "./arithmetic.ts";
import type { Expression } from "./expression.ts";
import { answered, type Condition, meets } from "./query.ts";
import { resolveSource, type Site } from "./sources.ts";

/** `undefined` in `value` removes the attribute. */
export type Applied = { readonly ok: true; readonly value: Json | undefined } | { readonly ok: false };

const failed: Applied = { ok: false };

/** Does all but `subtree`, `new`, `appendNew`, `gone` and `spawn`, which need more than a site. */
export function applyExpression(expression: Expression, site: Site, old: Json | undefined): Applied {
  switch (expression[0]) {
    case "keep":
    case "again":
      return { ok: true, value: old };
    case "remove":
      return { ok: true, value: undefined };
    case "constant":
      return { ok: true, value: expression[1] };
    case "from":
      return given(resolveSource(expression[1], site));
    case "not":
      return typeof old === "boolean" ? { ok: true, value: !old } : failed;
    case "text":
      return written(expression[1], site);
    case "evaluate":
      return evaluated(expression[1], expression[2], site);
    case "sorted": {
      const list = resolveSource(["argument", expression[1]], site);
      return isArray(list) ? { ok: true, value: sortedList(list) } : failed;
    }
    case "next":
      return given(nextKey(site, expression[1]));
    case "query":
      return given(answered(expression[1], site));
    case "any":
      return given(anyOf(expression[1], expression[2], site));
    case "append":
    case "without":
    case "appendAll":
    case "withoutAt":
    case "drop":
      return editedList(expression, site, old);
    default:
      return calculated(expression, site, old);
  }
}

function calculated(expression: Expression, site: Site, old: Json | undefined): Applied {
  switch (expression[0]) {
    case "shift":
      return typeof old === "number" ? number(roundTo(old + expression[1], expression[2])) : failed;
    case "scale":
      return typeof old === "number" ? number(roundTo(old * expression[1], expression[2])) : failed;
    case "plus": {
      const by = resolveSource(expression[1], site);
      if (typeof old !== "number" || typeof by !== "number") return failed;
      return number(roundTo(expression[2] < 0 ? old - by : old + by, expression[3]));
    }
    case "clamp": {
      const by = resolveSource(expression[1], site);
      const bound = resolveSource(expression[3], site);
      if (typeof old !== "number" || typeof by !== "number" || typeof bound !== "number") return failed;
      const step = expression[2] < 0 ? -by : by;
      return number(roundTo(step > 0 ? Math.min(old + step, bound) : Math.max(old + step, bound), 6));
    }
    case "mean": {
      const other = resolveSource(expression[1], site);
      return typeof old === "number" && typeof other === "number" ? number(roundTo((old + other) / 2, 6)) : failed;
    }
    case "combine": {
      const [a, b] = [resolveSource(expression[1], site), resolveSource(expression[2], site)];
      if (typeof a !== "number" || typeof b !== "number") return failed;
      return number(combine(a, b, expression[3], expression[4]));
    }
    default:
      return failed;
  }
}

export const operators = ["plus", "minus", "distance", "times", "over"] as const;

export function combine(a: number, b: number, operator: string, digits: number): number {
  switch (operator) {
    case "plus":
      return roundTo(a + b, digits);
    case "minus":
      return roundTo(a - b, digits);
    case "distance":
      return roundTo(Math.abs(a - b), digits);
    case "times":
      return roundTo(a * b, digits);
    default:
      return roundTo(a / b, digits);
  }
}

function number(value: number): Applied {
  return Number.isFinite(value) ? { ok: true, value } : failed;
}

function given(value: Json | undefined): Applied {
  return value === undefined ? failed : { ok: true, value };
}

function written(parts: Extract<Expression, readonly ["text", ...(readonly unknown[])]>[1], site: Site): Applied {
  let text = "";
  for (const part of parts) {
    const value = typeof part === "string" ? part : resolveSource(part, site);
    if (value === undefined || (typeof value === "object" && value !== null)) return failed;
    text += String(value);
  }
  return { ok: true, value: text };
}

function evaluated(slot: string, form: string, site: Site): Applied {
  const text = resolveSource(["argument", slot], site);
  const value = typeof text === "string" ? evaluateArithmetic(text) : null;
  return value === null ? failed : { ok: true, value: writeArithmetic(value, form) };
}

export function sortedList(list: readonly Json[]): readonly Json[] {
  return [...list].sort((a, b) => {
    if (typeof a === "number" && typeof b === "number") return a - b;
    const [x, y] = [String(a), String(b)];
    return x < y ? -1 : x > y ? 1 : 0;
  });
}

/** One more than the greatest key of the entity's collection. */
function nextKey({ scene, entity }: Site, step: number): number {
  let greatest = 0;
  for (const other of scene.canon.entities) {
    if (typeof other.key === "number" && (entity.collection === null || other.collection !== null))
      greatest = Math.max(greatest, other.key);
  }
  return greatest + step;
}

/** The value that all things of a collection share. */
export function anyOf(collection: string, pathText: string, { scene, paths }: Site): Json | undefined {
  const path = paths.find(pathText);
  let found: Json | undefined;
  for (const entity of path === null ? [] : scene.canon.entities) {
    if (path === null || collectionOf(entity) !== collection) continue;
    const value = entity.flat.at(path);
    if (value === undefined) continue;
    if (found !== undefined && !equalJson(found, value)) return undefined;
    found = value;
  }
  return found;
}

function editedList(expression: Expression, site: Site, old: Json | undefined): Applied {
  if (!isArray(old)) return failed;
  switch (expression[0]) {
    case "append": {
      const value = resolveSource(expression[1], site);
      return value === undefined ? failed : { ok: true, value: [...old, value] };
    }
    case "without": {
      const value = resolveSource(expression[1], site);
      const at = value === undefined ? -1 : old.findIndex((element) => equalJson(element, value));
      return at < 0 ? failed : { ok: true, value: old.toSpliced(at, 1) };
    }
    case "appendAll": {
      const value = resolveSource(["argument", expression[1]], site);
      return isArray(value) ? { ok: true, value: [...old, ...value] } : failed;
    }
    case "drop":
      return dropped(old, expression[1], expression[2], site);
    case "withoutAt":
      return old.length === 0 ? failed : { ok: true, value: expression[1] < 0 ? old.slice(0, -1) : old.slice(1) };
    default:
      return failed;
  }
}

function dropped(old: readonly Json[], [operator, field, operand]: Condition, which: string, site: Site): Applied {
  const wanted = resolveSource(operand, site);
  if (wanted === undefined) return failed;
  const met = [...old.keys()].filter((at) =>
    meets(operator, field, { key: null, value: old[at] ?? null }, wanted, site),
  );
  if (met.length === 0) return failed;
  const gone = which === "all" ? met : which === "last" ? met.slice(-1) : met.slice(0, 1);
  return { ok: true, value: old.filter((_, at) => !gone.includes(at)) };
}
