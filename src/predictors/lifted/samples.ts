/** What a forest is grown from: the rows of a path, each with one of few labels. */
import { coverOf } from "./cover.ts";
import type { Row, Rows } from "./rows.ts";
import type { Sample } from "./sample-table.ts";

/** The label of rows that none of the chosen labels explains. */
export const unknownLabel = -1;
/** Labels of one path: rarer ones are unknown. */
const labelsMax = 96;

/** Where most rows are explained by no label of many, values are noise, and labels of a few rows explain those by chance: each makes a forest dearer. */
function steadyIn(ofRows: Int32Array): (label: number) => boolean {
  const counts = new Map<number, number>();
  for (const label of ofRows) counts.set(label, (counts.get(label) ?? 0) + 1);
  if (2 * (counts.get(unknownLabel) ?? 0) < ofRows.length) return () => true;
  return (label) => (counts.get(label) ?? 0) >= steadyShare * ofRows.length;
}

/** Of all rows of a path. */
const steadyShare = 0.02;

/** Rows with the labels that explain most of them; others are unknown. Label 0 keeps. `labels`: what the samples' labels stand for. */
export function samplesOf(
  rows: Rows,
  weightOf: (label: number) => number,
): { readonly samples: readonly Sample[]; readonly labels: readonly number[] } {
  const { changed, kept } = rows;
  const cover = coverOf(changed, weightOf, labelsMax + 1);
  const isOpen = cover.order.length > labelsMax;
  const chosen = cover.order.slice(0, labelsMax).filter(isOpen ? steadyIn(cover.labels) : () => true);
  const labels = kept.length > 0 ? [0, ...chosen] : [...chosen];
  if (isOpen) labels.push(unknownLabel);
  const index = new Map(labels.map((label, at) => [label, at]));
  const unknown = index.get(unknownLabel);
  const samples: Sample[] = [];
  changed.forEach(({ blocks, at }: Row, place) => {
    const label = index.get(cover.labels[place] ?? unknownLabel) ?? unknown;
    if (label !== undefined) samples.push({ blocks, label, at });
  });
  for (const { blocks, at } of kept) samples.push({ blocks, label: index.get(0) ?? 0, at });
  return { samples, labels };
}
