/**
 * RFC 6902 patches, safely. fast-json-patch does the operation; this file makes it safe: it refuses pointers that leave the value's own
 * members (`__proto__`, `constructor/prototype`, inherited names), checks existence and bounds as the RFC says, and copies just the
 * containers on the way to the change, so the input is never touched and a one-leaf patch of a 17 KB state copies a few objects.
 * Invariant: whatever a container in `owned` holds was made by this call; everything else is shared and read only.
 */
import jsonpatch from "fast-json-patch";
import { diffPatch } from "./diff.ts";
import { inspect, type JsonLimits, JsonRejected, jsonLimits } from "./inspect.ts";
import type { Json, Patch, PatchOperation } from "./json.ts";
import { arrayIndex, isArray, isObject, memberOf, pointerTokens } from "./pointer.ts";

export { diffPatch, equalJson, shareJson } from "./diff.ts";
export { parsePatch } from "./parse-patch.ts";

/** An environment's step that needs more operations is better sent as a full state: each operation may copy an array. */
export const patchOperationsMax = 1_000;

export type PatchResult =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly reason: "patch-failed" | "state-too-large"; readonly message: string };

/** From one value to the next as a patch that can be applied: where the difference has too many operations, the whole value in its place. */
export function patchBetween(from: Json, to: Json): Patch {
  const patch = diffPatch(from, to);
  return patch.length <= patchOperationsMax ? patch : [{ op: "replace", path: "", value: to }];
}

/** The result shares what did not change with `state`, and new values with `patch`: treat all three as frozen. Never throws for bad input. */
export function applyPatch(state: Json, patch: Patch, limits: JsonLimits = jsonLimits): PatchResult {
  const result = tryPatch(state, patch, limits);
  return result.ok && patch.length > 0 ? bounded(result.value, limits) : result;
}

/**
 * The same without measuring the result: for values that live for one comparison, or that are measured when they are written. Copies, which
 * alone can grow beyond state and patch together, are bounded all the same.
 */
export function tryPatch(state: Json, patch: Patch, limits: JsonLimits = jsonLimits): PatchResult {
  if (newest?.state === state && newest.patch === patch && newest.limits === limits) return newest.result;
  const result = applyAll(state, patch, limits);
  newest = { state, patch, limits, result };
  return result;
}

/** The newest application: a recalled patch is tried when it is predicted and applied when it is scored. States and patches are frozen. */
let newest: {
  readonly state: Json;
  readonly patch: Patch;
  readonly limits: JsonLimits;
  readonly result: PatchResult;
} | null = null;

function applyAll(state: Json, patch: Patch, limits: JsonLimits): PatchResult {
  if (patch.length > patchOperationsMax) {
    return failed(`more than ${patchOperationsMax} operations; send the full state instead`);
  }
  const owned = new Set<Json>();
  let value = state;
  for (let index = 0; index < patch.length; index++) {
    const operation = patch[index];
    if (operation === undefined) continue;
    const step = applyOne(value, operation, owned, limits);
    if (!step.ok) return step.reason === "patch-failed" ? failed(`operation ${index}: ${step.message}`) : step;
    value = step.value;
  }
  return { ok: true, value };
}

function applyOne(value: Json, operation: PatchOperation, owned: Set<Json>, limits: JsonLimits): PatchResult {
  switch (operation.op) {
    case "add":
    case "replace":
    case "remove":
    case "test":
      return applySimple(value, operation, owned);
    case "copy":
    case "move":
      return relocate(value, operation.op, operation.from, operation.path, owned, limits);
    default:
      return failed(`${JSON.stringify(operation)} is not an operation of RFC 6902`);
  }
}

/** `copy` shares the value instead of cloning it; the bound is checked at once, since copies of copies grow exponentially. */
function relocate(
  value: Json,
  op: "copy" | "move",
  from: string,
  path: string,
  owned: Set<Json>,
  limits: JsonLimits,
): PatchResult {
  const tokens = pointerTokens(from);
  if (tokens === null) return failed(`"${from}" is not a JSON pointer`);
  let source: Json | undefined = value;
  for (const token of tokens)
    source = token === "__proto__" || source === undefined ? undefined : memberOf(source, token);
  if (source === undefined) return failed(`nothing is at "${from}"`);
  if (op === "copy") {
    // Shared from now on: a later operation must copy it before it changes either place.
    disown(source, owned);
    const added = applySimple(value, { op: "add", path, value: source }, owned);
    return added.ok ? bounded(added.value, limits) : added;
  }
  if (path === from) return { ok: true, value };
  if (path.startsWith(`${from}/`)) return failed(`"${from}" cannot be moved into itself`);
  const removed = applySimple(value, { op: "remove", path: from }, owned);
  return removed.ok ? applySimple(removed.value, { op: "add", path, value: source }, owned) : removed;
}

function applySimple(
  value: Json,
  operation: PatchOperation & { readonly op: "add" | "replace" | "remove" | "test" },
  owned: Set<Json>,
): PatchResult {
  const tokens = pointerTokens(operation.path);
  if (tokens === null) return failed(`"${operation.path}" is not a JSON pointer`);
  if (tokens.length === 0 && operation.op === "remove") return failed("the whole state cannot be removed; replace it");
  const path = reach(value, tokens, operation, operation.op === "test" ? null : owned);
  if (!path.ok) return path;
  try {
    const result = jsonpatch.applyOperation<Json>(path.value, { ...operation }, false, true, true);
    return { ok: true, value: result.newDocument };
  } catch (error) {
    return failed(
      operation.op === "test"
        ? `the value at "${operation.path}" is not the tested one`
        : `${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Walks to the container of the target, copying what is not owned yet, and checks that the operation may act there. */
function reach(root: Json, tokens: readonly string[], operation: PatchOperation, owned: Set<Json> | null): PatchResult {
  if (tokens.length === 0) return { ok: true, value: root };
  const copy = own(root, owned);
  let container: Json = copy;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? "";
    if (token === "__proto__") return failed('the key "__proto__" is not allowed in a pointer');
    if (at === tokens.length - 1) {
      const problem = targetProblem(container, token, operation);
      return problem === null ? { ok: true, value: copy } : failed(problem);
    }
    const child = memberOf(container, token);
    if (child === undefined || typeof child !== "object" || child === null) {
      return failed(`nothing that can hold "${operation.path}" is there`);
    }
    const ownChild = own(child, owned);
    if (ownChild !== child) put(container, token, ownChild);
    container = ownChild;
  }
  return { ok: true, value: copy };
}

function targetProblem(container: Json, token: string, operation: PatchOperation): string | null {
  if (isArray(container)) {
    if (operation.op === "add" && token === "-") return null;
    const index = arrayIndex(token);
    if (index === null) return `"${token}" is not an array index`;
    const end = operation.op === "add" ? container.length : container.length - 1;
    return index <= end ? null : `"${operation.path}" is beyond the end of its array of ${container.length}`;
  }
  if (!isObject(container)) return `nothing that can hold "${operation.path}" is there`;
  return operation.op === "add" || Object.hasOwn(container, token) ? null : `nothing is at "${operation.path}"`;
}

function own(value: Json, owned: Set<Json> | null): Json {
  if (owned === null || owned.has(value)) return value;
  const copy = isArray(value) ? value.slice() : isObject(value) ? { ...value } : value;
  owned.add(copy);
  return copy;
}

function put(container: Json, token: string, value: Json): void {
  jsonpatch.applyOperation<Json>(container, {
    op: "replace",
    path: `/${token.replaceAll("~", "~0").replaceAll("/", "~1")}`,
    value,
  });
}

function disown(value: Json, owned: Set<Json>): void {
  if (typeof value === "object" && value !== null) owned.clear();
}

function bounded(value: Json, limits: JsonLimits): PatchResult {
  try {
    inspect(value, limits);
    return { ok: true, value };
  } catch (error) {
    if (!(error instanceof JsonRejected)) throw error;
    return { ok: false, reason: "state-too-large", message: `the patched state is ${error.message}` };
  }
}

function failed(message: string): PatchResult & { readonly ok: false } {
  return { ok: false, reason: "patch-failed", message };
}
