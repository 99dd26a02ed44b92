/** Learning one answered call: a row with all that would have given the answer, and what calls like it will be proposed. */
import { noneLabel } from "../chosen.ts";
import type { TextOptions } from "../options.ts";
import { sourceLabel } from "../pages/choice/sources.ts";
import type { Store } from "../store.ts";
import { teachRow } from "../teach.ts";
import { callChoice, flatFor } from "./engine.ts";
import { writeCallFeatures } from "./features.ts";
import { liftAnswer } from "./lift.ts";
import { type Proposals, proposalsFor, rememberCall } from "./proposals.ts";
import type { Request } from "./request.ts";

/** So many rows grow a forest in about a millisecond. */
const fewRows = 256;

/** `flat`: the answer on one line; null: it cannot be read. */
export function learnCall(
  store: Store,
  request: Request,
  { actionText, flat }: { readonly actionText: string; readonly flat: string | null },
  options: TextOptions,
): void {
  if (flat === null || flat.length > options.textCharsMax) return;
  const { remembered, writer } = store;
  const proposals = proposalsFor(remembered, request, actionText);
  const lifted = flat.length > options.callCharsMax ? [] : liftAnswer(flat, request);
  const labels = labelsOf(store, request, proposals, flat, lifted, options);
  writeCallFeatures(writer, request, proposals);
  addRow(store, labels);
  const asked = { actionText, flat, template: lifted[0] ?? flat };
  rememberCall(remembered, request, asked, proposals, options);
}

/**
 * Templates that are known and give the answer, and likenesses that do. Where there is no template, those that this answer makes, and that
 * it is new: what is said once says little of what will be said again.
 */
function labelsOf(
  { templates }: Store,
  request: Request,
  proposals: Proposals,
  flat: string,
  lifted: readonly string[],
  { templateTextCharsMax }: TextOptions,
): readonly number[] {
  const labels = new Set<number>();
  for (const [at, template] of templates.all().entries())
    if (beginsLike(template, flat) && flatFor(template, proposals, request) === flat) labels.add(at + 1);
  for (const [at, proposal] of proposals.entries()) {
    const label = proposal?.flat === flat ? templates.of(sourceLabel(at)) : null;
    if (label !== null) labels.add(label);
  }
  if (labels.size > 0) return [...labels];
  const made = flat.length > templateTextCharsMax ? [] : lifted;
  for (const template of made.length > 0 ? made : [noneLabel]) {
    const label = templates.of(template);
    if (label !== null) labels.add(label);
  }
  return [...labels];
}

/** Says quickly of most templates that they give another answer. */
function beginsLike(template: string, flat: string): boolean {
  const end = template.indexOf("\u0001");
  return end < 0 ? template === flat : flat.startsWith(template.slice(0, end));
}

function addRow({ trainer, writer }: Store, labels: readonly number[]): void {
  if (labels.length === 0) return;
  teachRow(trainer, writer, callChoice, labels);
  // While there are few, each error counts.
  if ((trainer.paths.get(callChoice)?.rows.seen ?? 0) < fewRows) trainer.refresh();
}
