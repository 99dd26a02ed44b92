/** The name under which the pinned version of a predictor is scored beside its live one: `NAME@reference`. */
const suffix = "@reference";

export function referenceName(predictor: string): string {
  return predictor + suffix;
}

export function isReferenceName(predictor: string): boolean {
  return predictor.endsWith(suffix);
}

/** The predictor of which this is the reference; other names are their own. */
export function liveName(predictor: string): string {
  return isReferenceName(predictor) ? predictor.slice(0, -suffix.length) : predictor;
}

/** The entry of a score that says what the best of all predictors said. */
export const bestOfName = "best-of";
