/** From an unknown value to a `Patch`: the shape of RFC 6902, with a message that names operation and member. */
import { inspect, JsonRejected } from "./inspect.ts";
import type { Json, JsonObject, Patch, PatchOperation } from "./json.ts";
import { isObject, pointerTokens } from "./pointer.ts";

export type ParsedPatch =
  | { readonly ok: true; readonly patch: Patch }
  | { readonly ok: false; readonly message: string };

/** Members that RFC 6902 does not define for an operation are dropped, as section 4 demands ("MUST be ignored"). */
export function parsePatch(value: unknown): ParsedPatch {
  if (!isOperationList(value)) return { ok: false, message: "a patch is an array of RFC 6902 operations" };
  const patch: PatchOperation[] = [];
  for (let index = 0; index < value.length; index++) {
    const operation = parseOperation(value[index]);
    if (typeof operation === "string") return { ok: false, message: `operation ${index}: ${operation}` };
    patch.push(operation);
  }
  return { ok: true, patch };
}

function isOperationList(value: unknown): value is readonly Json[] {
  if (!Array.isArray(value)) return false;
  try {
    inspect(value, { depthMax: 512, bytesMax: Infinity, keysMax: Infinity, keyLengthMax: Infinity });
    return true;
  } catch (error) {
    if (error instanceof JsonRejected) return false;
    throw error;
  }
}

function parseOperation(value: Json | undefined): PatchOperation | string {
  if (!isObject(value)) return "an operation is an object";
  const { op, path, from } = memberTriple(value);
  if (typeof path !== "string" || pointerTokens(path) === null) return '"path" is not a JSON pointer';
  switch (op) {
    case "add":
    case "replace":
    case "test": {
      const operand = value["value"];
      return operand === undefined ? `"value" is missing in ${op}` : { op, path, value: operand };
    }
    case "remove":
      return { op, path };
    case "move":
    case "copy":
      if (typeof from !== "string" || pointerTokens(from) === null) return '"from" is not a JSON pointer';
      return { op, path, from };
    default:
      return `"op" is ${JSON.stringify(op ?? null)}, not one of add, remove, replace, move, copy, test`;
  }
}

function memberTriple(value: JsonObject): { readonly op?: Json; readonly path?: Json; readonly from?: Json } {
  return value;
}
