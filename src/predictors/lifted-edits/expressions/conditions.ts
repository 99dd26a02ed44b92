/** Which conditions pick some of many: by an argument, by what the new value or the root says of itself, or by what those have in common. */
import type { Json } from "../../../json/json.ts";
import { isArray, isObject } from "../../../json/pointer.ts";
import type { Source } from "./expression.ts";
import { anyText, type Condition, conditionOperators, fieldOf, meets, type Operator } from "./query.ts";
import type { Gone } from "./ranges.ts";
import type { Site } from "./sources.ts";

/** A condition and which members meet it. */
export interface Picked {
  readonly condition: Condition;
  readonly met: readonly number[];
}

interface Operand {
  readonly source: Source;
  readonly value: Json;
  readonly operators: readonly Operator[];
}

const operandsMax = 24;
const wordCharsMax = 24;

/** `picked`: the members that must meet them. `asked`: with these operators alone. */
export function conditionsOf(
  site: Site,
  gone: Gone,
  picked: readonly number[],
  asked: readonly Operator[] = conditionOperators,
): readonly Picked[] {
  const found: Picked[] = [];
  const needed = new Set(picked);
  const add = (condition: Condition, wanted: Json) => {
    const [operator, field] = condition;
    const met: number[] = [];
    for (let at = 0; at < gone.members.length; at++) {
      const member = gone.members[at];
      if (member !== undefined && meets(operator, field, member, wanted, site)) met.push(at);
    }
    if (met.length >= needed.size && met.filter((at) => needed.has(at)).length === needed.size)
      found.push({ condition, met });
  };
  for (const { source, value, operators } of operandsOf(site)) {
    for (const field of gone.fields)
      for (const operator of operators) if (asked.includes(operator)) add([operator, field, source], value);
    if (asked.includes("has") && operators.includes("has")) add(["has", anyText, source], value);
  }
  for (const field of gone.fields) {
    const [first] = picked;
    const member = first === undefined ? undefined : gone.members[first];
    const value = member === undefined ? undefined : fieldOf(member, field, site);
    if (typeof value === "boolean" || (typeof value === "string" && value.length <= wordCharsMax))
      add(["is", field, ["constant", value]], value);
  }
  return found;
}

function operandsOf({ scene, entity, path: own, leaves }: Site): readonly Operand[] {
  const operands: Operand[] = [];
  for (const { name, value } of scene.action.slots) {
    const source: Source = ["argument", name];
    if (typeof value === "number") operands.push({ source, value, operators: ["is", "least", "most"] });
    else if (typeof value === "string" && value !== "")
      operands.push({ source, value, operators: ["is", "has", "least", "most"] });
    else if (isArray(value)) operands.push({ source, value, operators: ["of"] });
  }
  for (const [path, value] of leaves ?? [])
    if (typeof value === "string" && value !== "") operands.push({ source: ["leaf", path], value, operators: ["is"] });
  const { paths, values } = scene.canon.root.flat;
  for (let at = 0; at < paths.length && operands.length < operandsMax; at++) {
    const [path, value] = [paths[at], values[at]];
    if (path === undefined || value === undefined || (path === own && entity === scene.canon.root)) continue;
    const source: Source = ["attribute", "G", path.text];
    if (typeof value === "string" && value !== "") operands.push({ source, value, operators: ["is"] });
    else if (isArray(value) || isObject(value)) operands.push({ source, value, operators: ["of"] });
  }
  return operands.slice(0, operandsMax);
}
