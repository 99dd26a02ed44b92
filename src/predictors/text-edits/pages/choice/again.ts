/**
 * The same action again: where nothing that it names was touched since it was answered last, the answer may be the same. How often it is is
 * counted by verb, and for all verbs: an action that was never seen to be repeated is judged by the others, which its own forest cannot know. Where
 * other episodes of the same world tell the answer, the forest learns to trust them; in a world that no other episode has told of, a verb that was
 * nearly always answered as before is so again, wherever the action is done.
 */
import { countTry, type Remembered, sourceKey, tallyOf } from "../../remembered.ts";
import { askedKeys, type PageBelief, pageForm } from "../belief.ts";
import { verbOf } from "../grammar.ts";
import { type Asked, sourceLabel } from "./sources.ts";

/** `sourceNames`: the last answer to this action. */
const lastAnswer = sourceLabel(0);
const againMark = "\u0004again ";
const anyVerb = "";
/** A verb that was repeated so often is its own judge. */
const ownMin = 4;
const allMin = 20;
const shareMin = 0.6;
/** A verb that nearly always was answered as before. */
const sureMin = 12;
const sureShare = 0.95;

export interface Again {
  readonly text: string;
  /** At once, later at the same place, or elsewhere. */
  readonly kind: string;
  /** Nothing that was done since is thought to have changed it. */
  readonly isAsSaid: boolean;
}

const elsewhere = `${againMark}elsewhere`;

/** What was answered; null where it was not asked before, or what it names was touched. */
export function againOf(belief: PageBelief, { action, actionText }: Asked): Again | null {
  const [asked = 0] = askedKeys(belief, actionText);
  const before = belief.answers.get(asked);
  if (before === undefined || before.form === pageForm) return null;
  const isAsSaid = before.text === before.said;
  if (belief.lastAction === actionText) return { text: before.text, kind: `${againMark}at once`, isAsSaid };
  if (action.args.length === 0) return null;
  const since = belief.events.filter(({ step }) => step > before.step);
  const isTouched = since.some(
    ({ names, actionText: other }) => other !== actionText && action.args.some((arg) => names.includes(arg)),
  );
  if (isTouched) return null;
  const hasMoved = since.some(({ from }) => from !== belief.current);
  return { text: before.text, kind: hasMoved ? elsewhere : `${againMark}later`, isAsSaid };
}

/**
 * The answer that came before, with how often it comes again, where the verb itself has shown too little of that, or always that. `isTold`: other
 * episodes of this world tell an answer.
 */
export function againFor(
  remembered: Remembered,
  again: Again | null,
  { action }: Asked,
  isTold: boolean,
): { readonly text: string; readonly label: string; readonly share: number } | null {
  if (again === null) return null;
  const own = tallyOf(remembered, again.kind, verbOf(action.template));
  const isSure = again.isAsSaid && !isTold && own.tries >= sureMin && own.hits > sureShare * own.tries;
  if (isSure) return { text: again.text, label: lastAnswer, share: own.hits / own.tries };
  if (own.tries >= ownMin || again.kind === elsewhere) return null;
  const { hits, tries } = tallyOf(remembered, again.kind, anyVerb);
  const share = hits / Math.max(1, tries);
  return tries >= allMin && share > shareMin ? { text: again.text, label: lastAnswer, share } : null;
}

export function learnAgain(
  { sources }: Remembered,
  again: Again | null,
  { action }: Asked,
  body: string,
  rememberedMax: number,
): void {
  if (again === null) return;
  for (const verb of [verbOf(action.template), anyVerb]) {
    countTry(sources, sourceKey(again.kind, verb), again.text === body, rememberedMax);
  }
}
