/**
 * The scores once more, slow and obvious: list the leaves of each value, then count. Shares nothing with `src/track/score`; the property
 * tests compare the two. A path segment is a key or a position; null inside arrays whose order means nothing.
 */

type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

export interface ReferenceRules {
  readonly ignore?: readonly string[];
  readonly unordered?: readonly string[];
  readonly tolerance?: Readonly<Record<string, { absolute?: number; relative?: number }>>;
  readonly keyed?: Readonly<Record<string, string>>;
  readonly normalise?: Readonly<Record<string, readonly string[]>>;
}

export interface ReferenceMeasures {
  readonly exact: boolean;
  readonly dynamic: boolean;
  readonly fieldsEqual: number;
  readonly fieldsTotal: number;
  readonly changedHit: number;
  readonly changedPredicted: number;
  readonly changedActual: number;
  readonly tokenF1: number | null;
  readonly tokenAligned: number | null;
}

type Path = readonly (string | null)[];
interface Leaf {
  readonly path: Path;
  readonly value: Value;
}

export function referenceMeasures(
  rules: ReferenceRules,
  kind: "state" | "observation",
  state: Value,
  truth: Value,
  prediction: Value,
): ReferenceMeasures {
  const lists = { state: leaves(state), truth: leaves(truth), prediction: leaves(prediction) };
  const differing = (a: ReadonlyMap<string, Leaf>, b: ReadonlyMap<string, Leaf>) =>
    new Set([...a.keys(), ...b.keys()].filter((name) => !same(a.get(name), b.get(name))));
  const wrong = differing(lists.truth, lists.prediction);
  const actual = differing(lists.state, lists.truth);
  const predicted = differing(lists.state, lists.prediction);
  const all = new Set([...lists.truth.keys(), ...lists.prediction.keys()]);
  return {
    exact: wrong.size === 0,
    dynamic: actual.size > 0,
    fieldsEqual: [...all].filter((name) => !wrong.has(name)).length,
    fieldsTotal: all.size,
    changedHit: [...actual].filter((name) => predicted.has(name) && !wrong.has(name)).length,
    changedPredicted: predicted.size,
    changedActual: actual.size,
    ...tokens(truth, prediction),
  };

  function leaves(value: Value): ReadonlyMap<string, Leaf> {
    const found = new Map<string, Leaf>();
    list(value, [], "", found);
    return found;
  }

  function list(value: Value, path: Path, name: string, found: Map<string, Leaf>): void {
    if (ignored(path)) return;
    if (typeof value !== "object" || value === null) {
      found.set(name, { path, value: rewritten(value, path) });
      return;
    }
    const children = childrenOf(value, path).filter((child) => !ignored(child.path));
    if (children.length === 0) found.set(name, { path, value: Array.isArray(value) ? "[] empty" : "{} empty" });
    const times = new Map<string, number>();
    for (const child of children) {
      const time = times.get(child.name) ?? 0;
      times.set(child.name, time + 1);
      const full = `${name} > ${child.name}${time === 0 ? "" : ` again ${time}`}`;
      if (child.whole) found.set(full, { path: child.path, value: child.name });
      else list(child.value, child.path, full, found);
    }
  }

  function childrenOf(value: readonly Value[] | { readonly [key: string]: Value }, path: Path) {
    if (!isList(value)) {
      return Object.entries(value).map(([key, child]) => {
        return { name: `key ${key}`, path: [...path, key], value: child, whole: false };
      });
    }
    const unordered = (rules.unordered ?? []).some((pattern) => matches(pattern, path));
    const key = Object.entries(rules.keyed ?? {}).find(([pattern]) => matches(pattern, path))?.[1];
    return value.map((child, at) => {
      if (!unordered && key === undefined)
        return { name: `at ${at}`, path: [...path, String(at)], value: child, whole: false };
      const inside: Path = [...path, null];
      const identity =
        !unordered && key !== undefined && typeof child === "object" && child !== null && !isList(child)
          ? child[key]
          : undefined;
      const name = identity === undefined ? `is ${textOf(child, inside)}` : `id ${JSON.stringify(sorted(identity))}`;
      return { name, path: inside, value: child, whole: unordered };
    });
  }

  /** The value as text, without what is ignored, rewritten, with the elements of unordered arrays in order. */
  function textOf(value: Value, path: Path): string {
    if (typeof value !== "object" || value === null) return JSON.stringify(rewritten(value, path));
    if (isList(value)) {
      const parts = childrenOf(value, path)
        .filter((child) => !ignored(child.path))
        .map((child) => textOf(child.value, child.path));
      const loose = childrenOf(value, path).some((child) => child.path.at(-1) === null);
      return `[${(loose ? parts.sort() : parts).join()}]`;
    }
    const parts = Object.entries(value)
      .filter(([key]) => !ignored([...path, key]))
      .map(([key, child]) => `${JSON.stringify(key)}:${textOf(child, [...path, key])}`);
    return `{${parts.sort().join()}}`;
  }

  function ignored(path: Path): boolean {
    return (rules.ignore ?? []).some((pattern) => matches(pattern, path));
  }

  function rewritten(value: Value, path: Path): Value {
    if (typeof value !== "string") return value;
    let text = value;
    if (kind === "observation" && path.length === 0) text = text.trim();
    for (const [pattern, list] of Object.entries(rules.normalise ?? {})) {
      if (!matches(pattern, path)) continue;
      for (const one of list) {
        if (one === "trim") text = text.trim();
        if (one === "lowercase") text = text.toLowerCase();
        if (one === "collapse-whitespace") text = text.split(/\s+/).join(" ");
        if (one === "timestamp") text = text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "<timestamp>");
      }
    }
    return text;
  }

  function same(a: Leaf | undefined, b: Leaf | undefined): boolean {
    if (a === undefined || b === undefined) return false;
    if (typeof a.value === "number" && typeof b.value === "number") {
      const greatest = Math.max(Math.abs(a.value), Math.abs(b.value));
      const bounds = Object.entries(rules.tolerance ?? {})
        .filter(([pattern]) => matches(pattern, a.path))
        .map(([, { absolute = 0, relative = 0 }]) => Math.max(absolute, relative * greatest));
      return Math.abs(a.value - b.value) <= Math.max(0, ...bounds);
    }
    return JSON.stringify(a.value) === JSON.stringify(b.value);
  }
}

/** `*` is one segment, `**` any number; null is matched by those two alone. */
function matches(pattern: string, path: Path): boolean {
  const segments =
    pattern === ""
      ? []
      : pattern
          .slice(1)
          .split("/")
          .map((one) => one.replaceAll("~1", "/").replaceAll("~0", "~"));
  return fits(segments, path);
}

function fits(segments: readonly string[], path: Path): boolean {
  const [first, ...rest] = segments;
  if (first === undefined) return path.length === 0;
  if (first === "**") return fits(rest, path) || (path.length > 0 && fits(segments, path.slice(1)));
  if (path.length === 0) return false;
  return (first === "*" || first === path[0]) && fits(rest, path.slice(1));
}

function tokens(truth: Value, prediction: Value) {
  if (typeof truth !== "string" || typeof prediction !== "string") return { tokenF1: null, tokenAligned: null };
  const words = (text: string) => text.split(/\s+/).filter((word) => word !== "");
  const [a, b] = [words(truth), words(prediction)];
  if (a.length === 0 && b.length === 0) return { tokenF1: 1, tokenAligned: 1 };
  const left = [...a];
  let common = 0;
  for (const word of b) {
    const at = left.indexOf(word);
    if (at < 0) continue;
    left.splice(at, 1);
    common++;
  }
  const aligned = a.filter((word, at) => b[at] === word).length;
  return { tokenF1: (2 * common) / (a.length + b.length), tokenAligned: aligned / Math.max(a.length, b.length) };
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function sorted(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, child]) => [key, sorted(child)]),
  );
}
