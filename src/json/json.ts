/**
 * The JSON value model that every stage shares. States, actions and contexts are JSON; on the wire and in records they travel as
 * **canonical JSON text** (RFC 8785 key order and number form), so that equality of texts is equality of values.
 */
export type Json = null | boolean | number | string | JsonArray | JsonObject;
export type JsonArray = readonly Json[];
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Canonical JSON text: keys sorted by UTF-16 code units, no insignificant white space. */
export type JsonText = string;

/** One RFC 6902 operation. `test` is accepted on input; Driftline itself writes only add, remove and replace. */
export type PatchOperation =
  | { readonly op: "add" | "replace" | "test"; readonly path: string; readonly value: Json }
  | { readonly op: "remove"; readonly path: string }
  | { readonly op: "move" | "copy"; readonly path: string; readonly from: string };
export type Patch = readonly PatchOperation[];
