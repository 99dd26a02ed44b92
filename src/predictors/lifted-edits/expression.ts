/**
 * Edit expressions: what a value becomes, said in terms of roles. They are the labels of the rows, kept as canonical text; this file gives
 * them types, words, and the weights by which the cover prefers one explanation to another.
 */
import { hash } from "node:crypto";
import type { Json } from "../../json/json.ts";
import { isArray } from "../../json/pointer.ts";

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
  | readonly ["leaf", path: string];

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
  | readonly ["new", shape: string]
  | readonly ["appendNew", shape: string]
  | readonly ["any", collection: string, path: string]
  /** Stays where it is listed, but at the end: taken out and put in again. */
  | readonly ["again"]
  | readonly ["gone"]
  /** Rows that no label explains: never applied. */
  | readonly ["unknown"]
  | readonly ["spawn", born: readonly (readonly [skeleton: string, place: string])[]];

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
    case "text":
      return 0.97;
    case "from":
      return 1 - 0.0001 * Math.min(90, depthOf(expression[1]));
    default:
      return 1;
  }
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

export function words(expression: Expression): string {
  switch (expression[0]) {
    case "keep":
      return "stays as it is";
    case "remove":
      return "is removed";
    case "constant":
      return `becomes ${shortText(expression[1])}`;
    case "from":
      return `becomes ${sourceWords(expression[1])}`;
    case "not":
      return "becomes its opposite";
    case "shift":
      return `changes by ${expression[1]}`;
    case "scale":
      return `is multiplied by ${expression[1]}`;
    case "plus":
      return `changes by ${expression[2] < 0 ? "minus " : ""}${sourceWords(expression[1])}`;
    case "clamp":
      return `changes by ${expression[2] < 0 ? "minus " : ""}${sourceWords(expression[1])}, up to ${sourceWords(expression[3])}`;
    case "mean":
      return `becomes the mean of itself and ${sourceWords(expression[1])}`;
    case "combine":
      return `becomes ${sourceWords(expression[1])} ${expression[3]} ${sourceWords(expression[2])}`;
    case "text":
      return `becomes the text ${expression[1].map((part) => (typeof part === "string" ? JSON.stringify(part) : sourceWords(part))).join(" + ")}`;
    case "subtree":
      return `becomes a copy of ${expression[1]}${expression[2]} as it is ${expression[3]}`;
    case "evaluate":
      return `becomes the value of the arithmetic in argument ${expression[1]}`;
    case "sorted":
      return `becomes argument ${expression[1]}, sorted`;
    case "next":
      return "becomes the next free number";
    case "append":
      return `gets ${sourceWords(expression[1])} at the end`;
    case "without":
      return `loses ${sourceWords(expression[1])}`;
    case "appendAll":
      return `gets all of argument ${expression[1]} at the end`;
    case "withoutAt":
      return expression[1] < 0 ? "loses its last element" : "loses its first element";
    case "new":
      return `becomes a new ${shortText(expression[1])}`;
    case "appendNew":
      return `gets a new ${shortText(expression[1])} at the end`;
    case "any":
      return `becomes the ${expression[2]} of ${expression[1]}`;
    case "again":
      return "is put at the end of its list again";
    case "gone":
      return "goes away";
    case "spawn":
      return `${expression[1].length} new: ${shortText(expression[1].map(([skeleton]) => skeleton).join(" "))}`;
    default:
      return "?";
  }
}

export function sourceWords(source: Source): string {
  switch (source[0]) {
    case "attribute":
      return `${source[1]}'s ${source[2]}`;
    case "argument":
      return `argument ${source[1]}`;
    case "total":
      return `the sum of ${source[3]} over ${source[1]}`;
    case "sum":
      return `the sum of ${source[3]} over ${source[1]}'s ${source[2]}`;
    case "size":
      return `the size of ${source[1]}'s ${source[2]}`;
    case "item":
      return `${source[4]} of the ${source[3] < 0 ? "last" : "first"} of ${source[1]}'s ${source[2]}`;
    case "number":
      return String(source[1]);
    case "leaf":
      return `its ${source[1]}`;
    default:
      return "?";
  }
}

function shortText(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
