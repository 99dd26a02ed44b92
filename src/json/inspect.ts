/**
 * One walk over a parsed value that refuses what Driftline cannot carry: what is not JSON, numbers that are not finite, lone
 * surrogates (they do not survive UTF-8), the key `__proto__`, and anything beyond a limit. On the way it notes whether the value is
 * already in canonical order, so that the writer can leave the work to `JSON.stringify`. Recursion is bounded by `depthMax`.
 */
/// <reference lib="es2024.string" />

export interface JsonLimits {
  /** Containers within containers. 64 is beyond any world we know and far below every recursion limit on the way. */
  readonly depthMax: number;
  /** UTF-8 bytes of the text. 1 MiB: the message size that Kafka brokers take by default. */
  readonly bytesMax: number;
  /** Object keys in the whole value: bounds the time of sorting and comparing, which is worse per byte for keys than for text. */
  readonly keysMax: number;
  /** UTF-16 units of one key: keys become paths in scores and on the page. */
  readonly keyLengthMax: number;
}

export const jsonLimits: JsonLimits = { depthMax: 64, bytesMax: 1_048_576, keysMax: 100_000, keyLengthMax: 4_096 };

export type JsonRejection = "syntax" | "too-deep" | "too-large" | "forbidden-key" | "not-finite" | "lone-surrogate";

/** The message says what the value is: `"state" is nested deeper than 64 levels`. */
export class JsonRejected extends Error {
  override readonly name = "JsonRejected";
  readonly reason: JsonRejection;
  constructor(reason: JsonRejection, message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface Inspection {
  /** Every object's keys are enumerated in the order of their UTF-16 code units. */
  readonly sorted: boolean;
  /** A -0 occurs. JSON text of Driftline writes it as 0. */
  readonly negativeZero: boolean;
  /** Lower bound of the UTF-16 length of the value's JSON text (escapes and numbers count least). */
  readonly size: number;
}

/** Throws `JsonRejected`; a value that it returns from is JSON within `limits`. The size is checked against `bytesMax` as it grows. */
export function inspect(value: unknown, limits: JsonLimits = jsonLimits): Inspection {
  const walk: Walk = { limits, sorted: true, negativeZero: false, size: 0, keys: 0 };
  visit(value, 0, walk);
  return walk;
}

interface Walk {
  readonly limits: JsonLimits;
  sorted: boolean;
  negativeZero: boolean;
  size: number;
  keys: number;
}

function visit(value: unknown, depth: number, walk: Walk): void {
  switch (typeof value) {
    case "string":
      if (!value.isWellFormed())
        throw new JsonRejected("lone-surrogate", "not well-formed: a string holds half of a surrogate pair");
      grow(walk, value.length + 2);
      return;
    case "number":
      if (!Number.isFinite(value)) throw new JsonRejected("not-finite", `not JSON: the number ${value} is not finite`);
      if (value === 0 && 1 / value < 0) walk.negativeZero = true;
      grow(walk, 1);
      return;
    case "boolean":
      grow(walk, 4);
      return;
    case "object":
      if (value === null) grow(walk, 4);
      else container(value, depth + 1, walk);
      return;
    default:
      throw new JsonRejected("syntax", `not JSON: it holds a value of type ${typeof value}`);
  }
}

function container(value: object, depth: number, walk: Walk): void {
  if (depth > walk.limits.depthMax) {
    throw new JsonRejected("too-deep", `nested deeper than ${walk.limits.depthMax} levels`);
  }
  grow(walk, 2);
  if (Array.isArray(value)) {
    // Separators are counted first, so that a huge array is refused before it is walked.
    grow(walk, Math.max(0, value.length - 1));
    for (let index = 0; index < value.length; index++) visit(value[index], depth, walk);
    return;
  }
  const keys = Object.keys(value);
  const children: readonly unknown[] = Object.values(value);
  let previous = "";
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at] ?? "";
    if (key < previous) walk.sorted = false;
    previous = key;
    member(key, walk);
    visit(children[at], depth, walk);
  }
}

function member(key: string, walk: Walk): void {
  if (key === "__proto__") throw new JsonRejected("forbidden-key", 'not allowed: it has the key "__proto__"');
  if (key.length > walk.limits.keyLengthMax) {
    throw new JsonRejected("too-large", `too large: a key is longer than ${walk.limits.keyLengthMax} characters`);
  }
  if (!key.isWellFormed())
    throw new JsonRejected("lone-surrogate", "not well-formed: a key holds half of a surrogate pair");
  walk.keys++;
  if (walk.keys > walk.limits.keysMax) {
    throw new JsonRejected("too-large", `too large: more than ${walk.limits.keysMax} object keys`);
  }
  grow(walk, key.length + 4);
}

function grow(walk: Walk, by: number): void {
  walk.size += by;
  if (walk.size > walk.limits.bytesMax) {
    throw new JsonRejected("too-large", `larger than ${walk.limits.bytesMax} bytes`);
  }
}
