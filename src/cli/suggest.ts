/** Finds paths of next states whose values never repeat, or differ in timestamps or order alone. Pure; bounded. */
import type { Transition } from "../codec/records.ts";
import { canonicalText } from "../json/canonical.ts";
import { hash16 } from "../json/hash.ts";
import type { Json } from "../json/json.ts";
import { escapeToken, isArray, isObject } from "../json/pointer.ts";
import { normaliseString } from "../track/score/normalise.ts";
import type { ComparisonRules } from "../track/score/options.ts";

export interface Finding {
  readonly path: string;
  readonly rule: "ignore" | "normalise timestamp" | "unordered";
  readonly seen: number;
  readonly different: number;
  readonly sample: string;
}

export interface Suggestion {
  readonly environment: string;
  readonly rules: ComparisonRules;
  readonly findings: readonly Finding[];
}

/** A path must have been seen so often, and its values differ in so large a share, to be called never repeating. */
const seenMin = 20;
const shareMin = 0.95;
const pathsMax = 2_000;
const valuesMax = 20_000;

interface PathSeen {
  seen: number;
  readonly values: Set<string>;
  /** Values with their timestamps taken out. */
  readonly timeless: Set<string>;
  timestamps: number;
  sample: string;
}
interface ArraySeen {
  seen: number;
  reordered: number;
  sample: string;
}
interface Seen {
  readonly paths: Map<string, PathSeen>;
  readonly arrays: Map<string, ArraySeen>;
}

export function createSuggester() {
  const environments = new Map<string, Seen>();

  function add({ environment, state, nextState }: Transition): void {
    const seen = environments.get(environment) ?? { paths: new Map(), arrays: new Map() };
    environments.set(environment, seen);
    const before: Json = state === null ? null : JSON.parse(state);
    visit(JSON.parse(nextState), before, "", seen, state === null);
  }

  /** Values that stayed what they were say nothing about repeating: only what changed is counted. */
  function visit(value: Json, before: Json | undefined, path: string, seen: Seen, fresh: boolean): void {
    if (value === before && !fresh) return;
    if (isArray(value)) {
      if (isArray(before) && before.length > 1) countOrder(value, before, path, seen);
      for (let at = 0; at < value.length; at++)
        visit(value[at] ?? null, isArray(before) ? before[at] : undefined, `${path}/*`, seen, fresh);
    } else if (isObject(value)) {
      for (const [key, child] of Object.entries(value)) {
        const known = isObject(before) && Object.hasOwn(before, key) ? before[key] : undefined;
        visit(child, known, `${path}/${escapeToken(key)}`, seen, fresh);
      }
    } else countValue(value, path, seen);
  }

  function countValue(value: Json, path: string, { paths }: Seen): void {
    const known = paths.get(path) ?? { seen: 0, values: new Set(), timeless: new Set(), timestamps: 0, sample: "" };
    if (!paths.has(path) && paths.size >= pathsMax) return;
    paths.set(path, known);
    known.seen += 1;
    if (known.values.size >= valuesMax) return;
    const text = canonicalText(value);
    known.values.add(hash16(text));
    const timeless = typeof value === "string" ? normaliseString(value, ["timestamp"]) : text;
    known.timeless.add(hash16(timeless));
    if (timeless !== value && typeof value === "string") known.timestamps += 1;
    known.sample = text.length > 60 ? `${text.slice(0, 57)}…` : text;
  }

  function countOrder(value: readonly Json[], before: readonly Json[], path: string, { arrays }: Seen): void {
    if (value.length !== before.length || arrays.size >= pathsMax) return;
    const [now, then] = [value.map(canonicalText), before.map(canonicalText)];
    const known = arrays.get(path) ?? { seen: 0, reordered: 0, sample: "" };
    arrays.set(path, known);
    known.seen += 1;
    const moved = now.join() !== then.join() && [...now].sort().join() === [...then].sort().join();
    if (moved) {
      known.reordered += 1;
      known.sample = now.join().slice(0, 60);
    }
  }

  return {
    add,
    suggest: (): readonly Suggestion[] =>
      [...environments].map(([environment, seen]) => suggestionOf(environment, seen)),
  };
}

function suggestionOf(environment: string, { paths, arrays }: Seen): Suggestion {
  const findings: Finding[] = [];
  for (const [path, { seen, values, timeless, timestamps, sample }] of paths) {
    if (seen < seenMin || values.size < shareMin * seen || path === "") continue;
    const dated = timestamps >= shareMin * seen && timeless.size < 0.5 * seen;
    findings.push({ path, rule: dated ? "normalise timestamp" : "ignore", seen, different: values.size, sample });
  }
  for (const [path, { seen, reordered, sample }] of arrays) {
    if (reordered > 0) findings.push({ path, rule: "unordered", seen, different: reordered, sample });
  }
  const of = (rule: Finding["rule"]) =>
    findings.filter((finding) => finding.rule === rule).map((finding) => finding.path);
  const rules: ComparisonRules = {
    ...(of("ignore").length > 0 && { ignore: of("ignore") }),
    ...(of("unordered").length > 0 && { unordered: of("unordered") }),
    ...(of("normalise timestamp").length > 0 && {
      normalise: Object.fromEntries(of("normalise timestamp").map((path) => [path, ["timestamp" as const]])),
    }),
  };
  return { environment, rules, findings };
}
