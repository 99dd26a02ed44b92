/** JSON Pointer (RFC 6901): `""` is the whole value, `/a~1b` the key `a/b`. */
import type { Json, JsonArray, JsonObject } from "./json.ts";

export function escapeToken(token: string): string {
  if (!token.includes("~") && !token.includes("/")) return token;
  return token.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The pointer that the tokens make. */
export function pointerText(tokens: readonly string[]): string {
  return tokens.map((token) => `/${escapeToken(token)}`).join("");
}

/** The tokens of a pointer, unescaped; null for a text that is no pointer. */
export function pointerTokens(pointer: string): readonly string[] | null {
  if (pointer === "") return [];
  if (!pointer.startsWith("/")) return null;
  const tokens = pointer.slice(1).split("/");
  if (!pointer.includes("~")) return tokens;
  if (/~(?![01])/.test(pointer)) return null;
  return tokens.map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** An index as RFC 6901 writes it (no sign, no leading zero); null for anything else. */
export function arrayIndex(token: string): number | null {
  return /^(?:0|[1-9][0-9]{0,8})$/.test(token) ? Number(token) : null;
}

export function isArray(value: Json | undefined): value is JsonArray {
  return Array.isArray(value);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The own member of a container that a token names; undefined where there is none. Inherited names (`toString`) do not count. */
export function memberOf(container: Json, token: string): Json | undefined {
  if (isArray(container)) {
    const index = arrayIndex(token);
    return index === null ? undefined : container[index];
  }
  return isObject(container) && Object.hasOwn(container, token) ? container[token] : undefined;
}
