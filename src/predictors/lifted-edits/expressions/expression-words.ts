/** Expressions in words. */
import type { Json } from "../../../json/json.ts";
import { isArray, isObject } from "../../../json/pointer.ts";
import { argumentMark } from "../state/skeleton.ts";
import type { Expression, Source } from "./expression.ts";
import { anyText, type Condition, type Form, itself, keyField, onlyKey, onlyValue, type Query } from "./query.ts";
import { pointerWords } from "./sources.ts";

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
      return `becomes a copy of ${expression[1]}${pointerWords(expression[2])} as it is ${expression[3]} the step`;
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
    case "drop":
      return `loses ${expression[2] === "all" ? "all" : `the ${expression[2]}`} where ${conditionWords(expression[1])}`;
    case "new":
      return `becomes a new ${openText(JSON.parse(expression[1]))}`;
    case "outline":
      return `becomes a new ${openText(JSON.parse(expression[1]), 1)}`;
    case "appendNew":
      return `gets a new ${openText(JSON.parse(expression[1]))} at the end`;
    case "any":
      return `becomes the ${expression[2]} that all of ${expression[1]} have`;
    case "query":
      return `becomes ${queryWords(expression[1])}`;
    case "again":
      return "is put at the end of its list again";
    case "gone":
      return "goes away";
    case "spawn":
      return expression[1].map(([skeleton]) => `a new ${openText(JSON.parse(skeleton).value)}`).join(" and ");
    default:
      return "?";
  }
}

function sourceWords(source: Source): string {
  switch (source[0]) {
    case "attribute":
      return attributeWords(source[1], source[2]);
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
    case "constant":
      return shortText(source[1]);
    case "part":
      return `${source[1]}'s ${pointerWords(source[2])}`;
    case "after":
      return `the next free number of ${source[1]}`;
    case "more":
      return `${Math.abs(source[2])} ${source[2] < 0 ? "less" : "more"} than ${sourceWords(source[1])}`;
    case "written":
      return sourceWords(source[1]);
    case "query":
      return queryWords(source[1]);
    case "leaf":
      return `its ${source[1]}`;
    default:
      return "?";
  }
}

/** What a role is called and known by is no field of it; what lists it is another thing. */
function attributeWords(role: string, path: string): string {
  if (path === "@name" || path === keyField) return `the ${path.slice(1)} of ${role}`;
  return path.startsWith("^") ? `what lists ${role} in ${path.slice(1)}` : `${role}'s ${path}`;
}

function shortText(value: Json): string {
  return shortened(JSON.stringify(value));
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** The form of a new value: what it holds, down to a depth, is told by other rules. */
function openText(form: Json, depth = Number.POSITIVE_INFINITY): string {
  return shortened(opened(form, depth));
}

function opened(form: Json, depth: number): string {
  if (depth > 0 && isArray(form)) return `[${form.map((element) => opened(element, depth - 1)).join(", ")}]`;
  if (depth <= 0 || !isObject(form)) return "…";
  const members = Object.entries(form).map(
    ([key, member]) => `${key.replace(argumentMark, "argument ")}: ${opened(member, depth - 1)}`,
  );
  return `{${members.join(", ")}}`;
}

function queryWords([range, conditions, form, gathering]: Query): string {
  const of =
    range[0] === "things"
      ? range[1]
      : range[0] === "members"
        ? `${range[1]}'s ${pointerWords(range[2])}`
        : `argument ${range[1]}`;
  const which = conditions.length === 0 ? "all" : `those where ${conditions.map(conditionWords).join(" and ")}`;
  if (gathering[0] === "count") return `how many of ${of}: ${which}`;
  if (gathering[0] === "first") return `${formWords(form)} of the first of ${of}: ${which}`;
  if (gathering[0] === "kinds") return `how many different ${formWords(form)} of ${of}: ${which}`;
  const isByKey = gathering[0] === "map" || gathering[0] === "group";
  const how = isByKey ? ` by ${fieldWords(gathering[1])}` : gathering[0] === "join" ? " as a text" : "";
  return `${formWords(form)} of ${of}${how}: ${which}`;
}

const operatorWords = { is: "is", has: "has", of: "is one of", least: "is at least", most: "is at most" };

function conditionWords([operator, field, operand]: Condition): string {
  return `${fieldWords(field)} ${operatorWords[operator]} ${sourceWords(operand)}`;
}

function fieldWords(field: string): string {
  switch (field) {
    case itself:
      return "it";
    case keyField:
      return "its name";
    case onlyKey:
      return "its only field";
    case onlyValue:
      return "what its only field holds";
    case anyText:
      return "a text of it";
    default:
      return `its ${pointerWords(field)}`;
  }
}

function formWords(form: Form): string {
  switch (form[0]) {
    case "field":
      return fieldWords(form[1]);
    case "just":
      return shortText(form[1]);
    case "given":
      return sourceWords(form[1]);
    case "phrase":
      return form[1].map((part) => (typeof part === "string" ? JSON.stringify(part) : fieldWords(part[0]))).join(" + ");
    default:
      return `{${form[1].map(([key, own]) => `${key}: ${formWords(own)}`).join(", ")}}`;
  }
}
