/** Predicting: the forest of the action's form chooses a template, its lists are filled from their sources, the text is written. */
import type { Evidence } from "../lifted/confidence.ts";
import { type Forest, greatest, leafSupport, vote } from "../lifted/forest.ts";
import { hashText, mix } from "../lifted/hash.ts";
import { follow, type OrderedLabels } from "../lifted/ordered-labels.ts";
import type { Belief } from "./belief.ts";
import { writeFeatures } from "./features.ts";
import { type ReadAction, typeOf } from "./reading.ts";
import type { Remembered } from "./remembered.ts";
import type { Structure } from "./structure.ts";
import type { TokenWriter } from "./token-writer.ts";
import { type Filled, fill, render } from "./values.ts";

/** The choice for actions of one form. */
export interface Choice {
  readonly forest: Forest;
  /** By index of the forest's labels; null: rarer than what is told apart. Behind those, ordered ones that the forest does not know. */
  readonly templates: readonly (string | null)[];
  /** Absent where nobody ordered anything. */
  readonly ordered?: OrderedLabels;
}

export interface Rules {
  readonly structure: Structure;
  readonly remembered: Remembered;
  /** By the form of the action. */
  readonly choices: ReadonlyMap<string, Choice>;
  choiceOf(form: string): Choice | undefined;
  /** Operators deleted or pinned some of them; absent: nobody did. */
  readonly areOrdered?: true;
}

export interface Run {
  /** The label that was chosen: a template, or (in worlds of pages) a source of whole texts. */
  readonly template: string;
  readonly filled: readonly Filled[];
  /** What the text ends with by itself; empty where it does not. */
  readonly tail: string;
  readonly text: string;
  readonly share: number;
  /** Steps that the choice rests on. */
  readonly support: number;
  /** An operator said that this label is chosen here. */
  readonly isPinned: boolean;
  readonly evidence: Evidence;
}

/** Templates that are tried where the first cannot be filled. */
const triedMax = 3;
let shares = new Float64Array(128);

/**
 * Why there is no run: nothing was learnt of such actions, a text is due that was seen too seldom, a list of it is not known, all that was
 * learnt is deleted.
 */
export type NoRun = "no-support" | "new-text" | "unknown-list" | "rule-deleted";

export function run(rules: Rules, belief: Belief, action: ReadAction, writer: TokenWriter): Run | NoRun {
  const choice = rules.choiceOf(action.template);
  if (choice === undefined) return "no-support";
  const { forest, templates } = choice;
  writeFeatures(writer, rules.structure, belief, action);
  if (shares.length < templates.length) shares = new Float64Array(2 * templates.length);
  const sets = [writer.set];
  let best = vote(forest, sets, shares);
  const pinned = follow(choice.ordered, sets, shares);
  if (choice.ordered !== undefined) best = pinned[0] ?? greatest(shares, templates.length);
  if ((shares[best] ?? 0) < 0) return "rule-deleted";
  if ((templates[best] ?? null) === null) return "new-text";
  for (let tried = 0; tried < triedMax + pinned.length; tried++) {
    const share = shares[best] ?? 0;
    const template = share < 0 ? null : (templates[best] ?? null);
    const filled = template === null ? null : fillAll(rules, belief, action, template);
    const text =
      template === null || filled === null
        ? null
        : render(
            rules.structure,
            template,
            filled.map(({ values }) => values),
          );
    if (template !== null && filled !== null && text !== null) {
      const support = leafSupport(forest, sets);
      const evidence = evidenceOf(action, template, filled, share);
      return { template, filled, tail: "", text, share, support, isPinned: tried < pinned.length, evidence };
    }
    shares[best] = Math.min(0, share);
    best = pinned[tried + 1] ?? greatest(shares, templates.length);
  }
  return "unknown-list";
}

function fillAll(rules: Rules, belief: Belief, action: ReadAction, template: string): readonly Filled[] | null {
  const filled: Filled[] = [];
  const lists = countOf(template);
  for (let at = 0; at < lists; at++) {
    const one = fill(rules.structure, rules.remembered, belief, action, template, at);
    if (one === null) return null;
    filled.push(one);
  }
  return filled;
}

const mark = 1;
function countOf(template: string): number {
  let count = 0;
  for (let at = 0; at < template.length; at++) if (template.charCodeAt(at) === mark) count += 1;
  return count;
}

function evidenceOf(action: ReadAction, template: string, filled: readonly Filled[], share: number): Evidence {
  let [raw, least, unsure, precision] = [share, share, Number(share < 0.9), 1];
  let [named, pattern] = [hashText(action.template), mix(hashText(action.template), hashText(template))];
  for (const thing of action.args) named = mix(named, hashText(typeOf(thing)));
  for (const { source, precision: its } of filled) {
    raw *= its;
    least = Math.min(least, its);
    precision = Math.min(precision, its);
    unsure += Number(its < 0.9);
    pattern = mix(pattern, hashText(source.from));
  }
  return {
    raw,
    least,
    unsure,
    kept: 1,
    rejected: 0,
    precision,
    missed: 0,
    template: mix(hashText(action.template), 11),
    named: mix(named, 12),
    pattern: mix(pattern, 13),
    whole: mix(named, pattern),
  };
}
