/**
 * How a text ends: the forest of all verbs and that of the verb itself vote together. What operators ordered of all verbs holds for each; where
 * one of the two is deleted it is not said, and what is pinned of the verb comes before what is pinned of all.
 */
import { vote } from "../../../lifted/forest.ts";
import { follow } from "../../../lifted/ordered-labels.ts";
import type { Choice, Rules } from "../../engine.ts";
import type { TokenWriter } from "../../token-writer.ts";
import type { PageBelief } from "../belief.ts";
import { verbOf } from "../grammar.ts";
import type { Asked } from "./sources.ts";
import { fillTail, tailChoice, tailChoiceOf, tailLabel, writeTailFeatures } from "./tails.ts";

export interface ChosenTail {
  readonly text: string;
  readonly share: number;
}

const nothing: ChosenTail = { text: "", share: 1 };
let shares = new Float64Array(128);

/** `form`: of the body that it follows. Null: all that the text could end with is deleted. */
export function tailFor(
  rules: Rules,
  belief: PageBelief,
  asked: Asked,
  writer: TokenWriter,
  form: () => string,
): ChosenTail | null {
  const all = rules.choiceOf(tailChoice);
  const own = rules.choiceOf(tailChoiceOf(verbOf(asked.action.template)));
  if (all === undefined && own?.ordered === undefined) return nothing;
  writeTailFeatures(writer, belief, asked, form());
  const choices = [all, own].filter((one) => one !== undefined);
  const { votes, pinned, deleted } = votesOf(choices, writer);
  // What is rarer than what is told apart is said as nothing, too.
  const isSaid = (label: string | null) => !deleted.has(label ?? tailLabel(""));
  const first = pinned.find(isSaid);
  if (first !== undefined) return tailOf(first, votes.get(first) ?? 0);
  const said = [...votes].filter(([label]) => isSaid(label));
  if (said.length === 0) return null;
  return tailOf(...said.reduce((a, b) => (b[1] > a[1] ? b : a)));

  function tailOf(label: string | null, share: number): ChosenTail {
    return { text: label === null ? "" : fillTail(label, belief, rules.remembered), share: Math.min(1, share) };
  }
}

interface Votes {
  /** By label; null: it is rarer than what is told apart. */
  readonly votes: ReadonlyMap<string | null, number>;
  /** The verb's own first. */
  readonly pinned: readonly string[];
  readonly deleted: ReadonlySet<string | null>;
}

function votesOf(choices: readonly Choice[], writer: TokenWriter): Votes {
  const votes = new Map<string | null, number>();
  const deleted = new Set<string | null>();
  let pinned: readonly string[] = [];
  const sets = [writer.set];
  const voters = choices.filter(({ forest }) => forest.labels.length > 0).length;
  for (const { forest, templates, ordered } of choices) {
    if (shares.length < templates.length) shares = new Float64Array(2 * templates.length);
    vote(forest, sets, shares);
    const first = follow(ordered, sets, shares);
    pinned = [...first.flatMap((at) => templates[at] ?? []), ...pinned];
    for (const at of ordered?.deleted ?? []) deleted.add(templates[at] ?? null);
    for (let at = 0; at < forest.labels.length; at++) {
      const label = templates[at] ?? null;
      votes.set(label, (votes.get(label) ?? 0) + Math.max(0, shares[at] ?? 0) / voters);
    }
  }
  if (votes.size === 0) votes.set(null, 1);
  return { votes, pinned, deleted };
}
