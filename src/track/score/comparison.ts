/**
 * Compiles an environment's comparison rules. A comparison is immutable, and its hash goes into every score, so that scores under
 * different rules are never mixed in silence.
 *
 * Text states (kind `observation`, a JSON string) are always trimmed: the rule of arXiv 2512.18832.
 */
import type { Kind } from "../../codec/records.ts";
import { canonicalText } from "../../json/canonical.ts";
import { hash16 } from "../../json/hash.ts";
import { type ComparisonRules, comparisonRulesMax } from "./options.ts";
import { compileRules, type PatternRule, type Rule, type RuleNode } from "./rule-node.ts";

export interface Comparison {
  /** 16 hex characters over rules and kind. */
  readonly hash: string;
  /** No rule beside the trimming of text states: canonical texts decide equality of structured states. */
  readonly identity: boolean;
  readonly root: RuleNode;
}

/** Throws where a rule makes no sense, naming it: patterns that ignore the whole state, and more rules than the limit. */
export function compileComparison(rules: ComparisonRules, kind: Kind): Comparison {
  const patternRules = patternRulesOf(rules);
  if (patternRules.length > comparisonRulesMax) {
    throw new Error(`${patternRules.length} comparison rules; the limit is ${comparisonRulesMax}`);
  }
  const root = compileRules(patternRules, kind === "observation" ? ["trim"] : []);
  if (root.ignored) throw new Error("An ignore rule matches the whole state, so everything would be equal.");
  return {
    hash: hash16(canonicalText({ kind, rules: withoutEmpty(rules) })),
    identity: patternRules.length === 0,
    root,
  };
}

function patternRulesOf(rules: ComparisonRules): PatternRule[] {
  const result: PatternRule[] = [];
  const add = (path: string, effect: Rule): void => {
    result.push({ segments: segmentsOf(path), effect });
  };
  for (const path of rules.ignore ?? []) add(path, { rule: "ignore" });
  for (const path of rules.unordered ?? []) add(path, { rule: "unordered" });
  for (const [path, tolerance] of Object.entries(rules.tolerance ?? {})) add(path, { rule: "tolerance", tolerance });
  for (const [path, key] of Object.entries(rules.keyed ?? {})) add(path, { rule: "keyed", key });
  for (const [path, normalisations] of Object.entries(rules.normalise ?? {})) {
    add(path, { rule: "normalise", normalisations });
  }
  return result;
}

function segmentsOf(path: string): string[] {
  if (path === "") return [];
  if (!path.startsWith("/")) throw new Error(`"${path}" is no path pattern: it must be empty or start with "/".`);
  return path
    .slice(1)
    .split("/")
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** An empty list says the same as no list, so it must give the same hash. */
function withoutEmpty(rules: ComparisonRules) {
  return Object.fromEntries(Object.entries(rules).filter(([, value]) => Object.keys(value).length > 0));
}
