/** A value as its leaves: JSON pointer -> canonical text. Scalars and empty containers are leaves; a scalar root has the pointer "". */
import { canonicalText } from "./canonical.ts";
import type { Json, JsonText } from "./json.ts";
import { escapeToken, isArray, isObject } from "./pointer.ts";

export function leavesOf(value: Json): Map<string, JsonText> {
  const leaves = new Map<string, JsonText>();
  collect(value, "", leaves);
  return leaves;
}

function collect(value: Json, pointer: string, leaves: Map<string, JsonText>): void {
  if (isArray(value) && value.length > 0) {
    for (let index = 0; index < value.length; index++) collect(value[index] ?? null, `${pointer}/${index}`, leaves);
    return;
  }
  if (isObject(value)) {
    let empty = true;
    for (const [key, child] of Object.entries(value)) {
      empty = false;
      collect(child, `${pointer}/${escapeToken(key)}`, leaves);
    }
    if (!empty) return;
  }
  leaves.set(pointer, canonicalText(value));
}
