/** The choice between labels after a vote: those that give the same text speak for each other. What operators ordered comes first. */
import type { Choice } from "./engine.ts";

/** The label of texts that no source and no known template gives. */
export const noneLabel = "\u0004none";

/** Labels that are looked at, the likeliest first. */
const labelsMax = 16;
const leastShare = 0;
/** Where it is surer than this that the text is new, nothing is said. */
const noneMax = 0.95;

export interface Chosen {
  readonly text: string;
  readonly label: string;
  readonly share: number;
}

/** Null where a label cannot be said. */
export type TextFor = (label: string) => string | null;

/** The first of the pinned labels that can be said. */
export function pinnedOf(
  pinned: readonly number[],
  templates: readonly (string | null)[],
  shares: Float64Array,
  textFor: TextFor,
): Chosen | null {
  for (const at of pinned) {
    const label = templates[at] ?? null;
    const text = label === null ? null : textFor(label);
    if (label !== null && text !== null) return { text, label, share: shares[at] ?? 0 };
  }
  return null;
}

/** Operators said that it is never chosen. */
export function isDeleted({ ordered, templates }: Pick<Choice, "ordered" | "templates">, label: string): boolean {
  return ordered?.deleted.some((at) => templates[at] === label) === true;
}

/** Why nothing is chosen. */
export function reasonFor({ ordered, templates }: Choice): "rule-deleted" | "new-text" {
  const isGone = (label: string | null, at: number) =>
    label === null || label === noneLabel || ordered?.deleted.includes(at) === true;
  return ordered !== undefined && ordered.deleted.length > 0 && templates.every(isGone) ? "rule-deleted" : "new-text";
}

/** The text for which most is said, by `shares` of `templates`. Null: nothing is said. */
export function chosenOf(templates: readonly (string | null)[], shares: Float64Array, textFor: TextFor): Chosen | null {
  const order = templates.map((_, at) => at).filter((at) => (shares[at] ?? 0) > leastShare);
  order.sort((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0) || a - b);
  const found = new Map<string, { readonly label: string; share: number }>();
  let none = 0;
  for (const at of order.slice(0, labelsMax)) {
    const label = templates[at] ?? null;
    const share = shares[at] ?? 0;
    if (label === null || label === noneLabel) {
      none += share;
      continue;
    }
    const text = textFor(label);
    if (text === null) continue;
    const known = found.get(text);
    if (known === undefined) found.set(text, { label, share });
    else known.share += share;
  }
  let chosen: Chosen | null = null;
  for (const [text, { label, share }] of found)
    if (chosen === null || share > chosen.share) chosen = { text, label, share };
  return none > noneMax ? null : chosen;
}
