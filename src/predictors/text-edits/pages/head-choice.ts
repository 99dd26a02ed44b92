/** How a text begins, before its body: nothing, or a head. */
import { greatest, vote } from "../../lifted/forest.ts";
import { follow } from "../../lifted/ordered-labels.ts";
import type { Rules } from "../engine.ts";
import type { TokenWriter } from "../token-writer.ts";
import type { PageBelief } from "./belief.ts";
import { headChoice, headOf, writeHeadFeatures } from "./heads.ts";
import { fillIn } from "./lift.ts";
import type { Asked } from "./sources.ts";

export interface ChosenHead {
  readonly text: string;
  readonly share: number;
}

const nothing: ChosenHead = { text: "", share: 1 };
let shares = new Float64Array(16);

/** Behind the features of the moment. What operators deleted is not said. */
export function headFor(rules: Rules, belief: PageBelief, { action }: Asked, writer: TokenWriter): ChosenHead {
  const choice = rules.choiceOf(headChoice);
  if (choice === undefined) return nothing;
  const { forest, templates, ordered } = choice;
  if (shares.length < templates.length) shares = new Float64Array(2 * templates.length);
  writeHeadFeatures(writer, belief, action.args);
  const sets = [writer.set];
  let best = vote(forest, sets, shares);
  if (ordered !== undefined) best = follow(ordered, sets, shares)[0] ?? greatest(shares, templates.length);
  const share = Math.max(0, Math.min(1, shares[best] ?? 0));
  const text = share === 0 ? null : fillIn(headOf(templates[best] ?? ""), action.args, []);
  return text === null ? nothing : { text, share };
}
