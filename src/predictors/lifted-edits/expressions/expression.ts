/**
 * Edit expressions: what a value becomes, said in terms of roles. They are the labels of the rows, kept as canonical text; this file gives
 * them types, words, and the weights by which the cover prefers one explanation to another.
 */
import { hash } from "node:crypto";
import type { Json } from "../../../json/json.ts";
import { isArray } from "../../../json/pointer.ts";
import type { Condition, Query } from "./query.ts";

/** Where a value comes from. */
export type Source =
  | readonly ["attribute", role: string, path: string]
  | readonly ["argument", slot: string]
  /** The sum of an attribute over the things that a list argument names. */
  | readonly ["total", slot: string, collection: string, path: string]
  /** The sum of a field over the records of a list; of the records themselves for a list of numbers. */
  | readonly ["sum", role: string, path: string, field: string]
  | readonly ["size", role: string, path: string]
  /** A field of the first (0) or last (−1) record of a list. */
  | readonly ["item", role: string, path: string, index: number, field: string]
  | readonly ["number", value: number]
  /** An earlier leaf of the new value that is being made. */
  | readonly ["leaf", path: string]
  | readonly ["constant", value: Json]
  /** A part of the role's JSON, by a pointer whose segments may be what arguments name. */
  | readonly ["part", role: string, pointer: string]
  /** So much more than the greatest number that names a thing of the collection. */
  | readonly ["after", collection: string, by: number]
  | readonly ["more", source: Source, by: number]
  /** A number as a text. */
  | readonly ["written", source: Source, style: string]
  /** What is gathered from many things. */
  | readonly ["query", query: Query];

/** Digits after the point that the result is rounded to; −1: as the arithmetic gives it. */
export type Digits = number;

export type Expression =
  | readonly ["keep"]
  | readonly ["remove"]
  | readonly ["constant", value: Json]
  | readonly ["from", source: Source]
  | readonly ["not"]
  | readonly ["shift", by: number, digits: Digits]
  | readonly ["scale", by: number, digits: Digits]
  | readonly ["plus", source: Source, sign: number, digits: Digits]
  | readonly ["clamp", by: Source, sign: number, bound: Source]
  | readonly ["mean", source: Source]
  | readonly ["combine", a: Source, b: Source, operator: string, digits: Digits]
  | readonly ["text", parts: readonly (string | Source)[]]
  | readonly ["subtree", role: string, pointer: string, when: string]
  | readonly ["evaluate", slot: string, form: string]
  | readonly ["sorted", slot: string]
  | readonly ["next", step: number]
  | readonly ["append", source: Source]
  | readonly ["without", source: Source]
  | readonly ["appendAll", slot: string]
  | readonly ["withoutAt", index: number]
  /** Loses the first, the last or all that meet a condition. */
  | readonly ["drop", condition: Condition, which: "first" | "last" | "all"]
  | readonly ["new", shape: string]
  | readonly ["outline", shape: string]
  | readonly ["appendNew", shape: string]
  | readonly ["any", collection: string, path: string]
  /** What a question about many things is answered with. */
  | readonly ["query", query: Query]
  /** Stays where it is listed, but at the end: taken out and put in again. */
  | readonly ["again"]
  | readonly ["gone"]
  /** Rows that no label explains: never applied. */
  | readonly ["unknown"]
  | readonly ["spawn", born: readonly Born[]];

/** What comes: its skeleton, or the outline of what has too many parts for one, and the list of who it comes to that names it. */
export type Born =
  | readonly [skeleton: string, place: string]
  | readonly [outline: string, place: string, form: "outline"];

export const keep: Expression = ["keep"];

export function textOf(expression: Expression): string {
  return JSON.stringify(expression);
}

const names = new WeakMap<Expression, string>();

/** Its text, or the hash of a long one: models keep their expressions, so each is named once. */
export function nameOf(expression: Expression): string {
  const known = names.get(expression);
  if (known !== undefined) return known;
  const text = textOf(expression);
  const made = text.length <= 40 ? text : hash("sha256", text, "base64url").slice(0, 16);
  names.set(expression, made);
  return made;
}

/** Reads what `textOf` wrote. Models are checked by their hash; what is no expression all the same keeps the value. */
export function parseExpression(text: string): Expression {
  const value: Expression = JSON.parse(text);
  return isArray(value) ? value : keep;
}

/** Relations count fully, constants a little less: of two that explain as much, the relation generalises. */
export function weightOf(expression: Expression): number {
  switch (expression[0]) {
    case "constant":
      return JSON.stringify(expression[1]).length > 64 ? 0.9 : 0.95;
    case "new":
    case "outline":
    case "appendNew":
    case "spawn":
      return 0.9;
    case "clamp":
    case "combine":
    case "mean":
    case "any":
      return 0.93;
    case "scale":
      return 0.94;
    case "query":
      return (gatheringWeights[expression[1][3][0]] ?? 0.96) - 0.01 * expression[1][1].length;
    case "text":
      return 0.97;
    case "from":
      return 1 - 0.0001 * Math.min(90, depthOf(expression[1]));
    default:
      return 1;
  }
}

/** Numbers are how many of something by chance. What tells by itself that there is none needs no rule to say so. */
const gatheringWeights: { readonly [gathering: string]: number } = { count: 0.91, kinds: 0.91, some: 0.961 };

/** Whether it has no value where what is asked for is not there: then it is known to be wrong, whatever the rules say. */
export function provesItself(expression: Expression): boolean {
  return expression[0] === "query" && (expression[1][3][0] === "some" || expression[1][3][0] === "first");
}

/** Nearer sources first: A0 before A0^^, an attribute of S before one of the only thing of a type. */
function depthOf(source: Source): number {
  if (source[0] === "argument") return 0;
  if (source[0] === "leaf") return 2;
  if (source[0] !== "attribute") return 40;
  const [, role, path] = source;
  const hops = (role.match(/[\^_.]/g) ?? []).length;
  return (
    1 + hops * 5 + (/^[TN]:/.test(role) ? 20 : 0) + (role.startsWith("Z:") ? -1 : 0) + (path.startsWith("@") ? 0 : 1)
  );
}
