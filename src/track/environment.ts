/** What is configured of one environment, as those that need it see it. */
import type { ShapeOverrides } from "../json/shape/overrides.ts";
import type { TrackOptions } from "./options.ts";
import type { ComparisonRules } from "./score/options.ts";

type Environments = Pick<TrackOptions, "environments">;

export function environmentOf({ environments }: Environments, environment: string) {
  return Object.hasOwn(environments, environment) ? environments[environment] : undefined;
}

/**
 * The comparison rules, with the arrays that the shape says are identity-keyed: scoring and prediction share what is configured. What a
 * learner finds out by itself never reaches scoring, or scores would depend on what was learnt when.
 */
export function comparisonRulesOf(options: Environments, environment: string): ComparisonRules | null {
  const { comparison, shape } = environmentOf(options, environment) ?? {};
  const keyed = { ...shape?.keyed, ...comparison?.keyed };
  if (comparison === undefined && Object.keys(keyed).length === 0) return null;
  return Object.keys(keyed).length === 0 ? (comparison ?? {}) : { ...comparison, keyed };
}

/** The shape's overrides, with the arrays that the comparison rules say are identity-keyed. */
export function shapeOverridesOf(options: Environments, environment: string): ShapeOverrides {
  const { comparison, shape } = environmentOf(options, environment) ?? {};
  return { ...shape, keyed: { ...shape?.keyed, ...comparison?.keyed } };
}
