/**
 * Comparison rules as an automaton over path segments: walking down a value walks along rule nodes, so a rule costs nothing where it
 * cannot match. A node knows what holds at its path and which node follows a segment. Nodes are interned and built when first needed.
 *
 * Invariant: `child(segment)` depends only on the patterns, never on what was visited before.
 */
import type { Normalisation, Tolerance } from "./options.ts";

export type Rule =
  | { readonly rule: "ignore" }
  | { readonly rule: "tolerance"; readonly tolerance: Tolerance }
  | { readonly rule: "unordered" }
  | { readonly rule: "keyed"; readonly key: string }
  | { readonly rule: "normalise"; readonly normalisations: readonly Normalisation[] };

export interface PatternRule {
  /** Unescaped segments, with `*` and `**`. */
  readonly segments: readonly string[];
  readonly effect: Rule;
}

export interface RuleNode {
  readonly ignored: boolean;
  /** No rule holds here or anywhere below: values compare as they are. */
  readonly plain: boolean;
  readonly tolerance: Tolerance | null;
  readonly unordered: boolean;
  readonly key: string | null;
  readonly normalisations: readonly Normalisation[];
  /** Some child may be ignored, so a container may be empty although it has members. */
  readonly ignoresChildren: boolean;
  /** True where a segment's own name can matter; false where all children share `other`. */
  readonly distinguishes: boolean;
  /** The node of every segment that no pattern names, and of elements whose position means nothing. */
  other(): RuleNode;
  child(segment: string): RuleNode;
  /** Leaf counts of containers seen at this node. Containers are never changed in place, so a count stays true. */
  readonly leafCounts: WeakMap<object, number>;
}

/** Patterns with several `**` can make many nodes; beyond this number they are not remembered, only slower. */
const internedNodesMax = 10_000;

/** `rootNormalisations` come before those of the rules, at the root alone. */
export function compileRules(rules: readonly PatternRule[], rootNormalisations: readonly Normalisation[]): RuleNode {
  const interned = new Map<string, RuleNode>();

  /** A position is a pattern and how many of its segments are behind us. */
  function nodeOf(positions: ReadonlyMap<string, readonly [number, number]>, isRoot: boolean): RuleNode {
    const key = isRoot ? "root" : [...positions.keys()].sort().join(" ");
    const known = interned.get(key);
    if (known !== undefined) return known;
    const node = makeNode([...positions.values()], isRoot);
    if (interned.size < internedNodesMax) interned.set(key, node);
    return node;
  }

  function makeNode(positions: readonly (readonly [number, number])[], isRoot: boolean): RuleNode {
    const here = positions
      .filter(([rule, at]) => rules[rule]?.segments.length === at)
      .map(([rule]) => rule)
      .sort((a, b) => a - b)
      .flatMap((rule) => rules[rule]?.effect ?? []);
    const literals = new Set<string>();
    for (const [rule, at] of positions) {
      const segment = rules[rule]?.segments[at];
      if (segment !== undefined && segment !== "*" && segment !== "**") literals.add(segment);
    }
    const children = new Map<string, RuleNode>();
    let otherNode: RuleNode | null = null;
    const effects = combine(here, isRoot ? rootNormalisations : []);
    const node: RuleNode = {
      ...effects,
      plain: positions.length === 0 && effects.normalisations.length === 0,
      ignoresChildren: false,
      distinguishes: literals.size > 0,
      leafCounts: new WeakMap(),
      other() {
        otherNode ??= nodeOf(step(positions, null), false);
        return otherNode;
      },
      child(segment) {
        if (!literals.has(segment)) return node.other();
        let next = children.get(segment);
        if (next === undefined) {
          next = nodeOf(step(positions, segment), false);
          children.set(segment, next);
        }
        return next;
      },
    };
    return { ...node, ignoresChildren: positions.some(([rule, at]) => ignoresNext(rule, at)) };
  }

  function ignoresNext(rule: number, at: number): boolean {
    const pattern = rules[rule];
    if (pattern === undefined || pattern.effect.rule !== "ignore") return false;
    const left = pattern.segments.slice(at).filter((segment) => segment !== "**");
    return left.length <= 1 && pattern.segments.length > at;
  }

  /** Positions after one more segment; `null` is a segment that no pattern names. */
  function step(positions: readonly (readonly [number, number])[], segment: string | null) {
    const next = new Map<string, readonly [number, number]>();
    for (const [rule, at] of positions) {
      const expected = rules[rule]?.segments[at];
      if (expected === "**") enter(next, rule, at);
      else if (expected === "*" || (expected !== undefined && expected === segment)) enter(next, rule, at + 1);
    }
    return next;
  }

  /** `**` may stand for nothing, so entering it also enters what follows. */
  function enter(next: Map<string, readonly [number, number]>, rule: number, at: number): void {
    next.set(`${rule}.${at}`, [rule, at]);
    if (rules[rule]?.segments[at] === "**") enter(next, rule, at + 1);
  }

  const start = new Map<string, readonly [number, number]>();
  for (let rule = 0; rule < rules.length; rule++) enter(start, rule, 0);
  return nodeOf(start, true);
}

/** Where several rules of one kind hold: the wider tolerance, the first key, all normalisations in order. */
function combine(effects: readonly Rule[], rootNormalisations: readonly Normalisation[]) {
  let ignored = false;
  let unordered = false;
  let key: string | null = null;
  let tolerance: Tolerance | null = null;
  const normalisations: Normalisation[] = [...rootNormalisations];
  for (const effect of effects) {
    switch (effect.rule) {
      case "ignore":
        ignored = true;
        break;
      case "unordered":
        unordered = true;
        break;
      case "keyed":
        key ??= effect.key;
        break;
      case "tolerance":
        tolerance = wider(tolerance, effect.tolerance);
        break;
      case "normalise":
        normalisations.push(...effect.normalisations);
        break;
    }
  }
  return { ignored, unordered, key, tolerance, normalisations };
}

function wider(a: Tolerance | null, b: Tolerance): Tolerance {
  return {
    absolute: Math.max(a?.absolute ?? 0, b.absolute ?? 0),
    relative: Math.max(a?.relative ?? 0, b.relative ?? 0),
  };
}
