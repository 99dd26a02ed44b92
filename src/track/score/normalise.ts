/** Rewrites strings before they are compared. Pure; each rewriting is idempotent. */
import type { Normalisation } from "./options.ts";

/** ISO 8601 date and time of day, with or without seconds, fraction and zone, anywhere in a string. */
const timestampPattern = /\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?/g;

export function normaliseString(text: string, normalisations: readonly Normalisation[]): string {
  let result = text;
  for (const normalisation of normalisations) result = normaliseOnce(result, normalisation);
  return result;
}

function normaliseOnce(text: string, normalisation: Normalisation): string {
  switch (normalisation) {
    case "trim":
      return text.trim();
    case "lowercase":
      return text.toLowerCase();
    case "collapse-whitespace":
      return text.replace(/\s+/g, " ");
    case "timestamp":
      return text.replace(timestampPattern, "<timestamp>");
  }
}
