/**
 * The same action again: where nothing that it names was touched since it was answered last, the answer may be the same. How often it is is
 * counted by verb, and for all verbs: an action that was never seen to be repeated is judged by the others, which its own forest cannot know.
 */
import { countTry, type Remembered, sourceKey, type Tally } from "../remembered.ts";
import { askedKeys, type PageBelief, pageForm } from "./belief.ts";
import { verbOf } from "./grammar.ts";
import { type Asked, sourceLabel } from "./sources.ts";

/** `sourceNames`: the last answer to this action. */
const lastAnswer = sourceLabel(0);
const againMark = "\u0004again ";
const anyVerb = "";
/** A verb that was repeated so often is its own judge. */
const ownMin = 4;
const allMin = 20;
const shareMin = 0.6;

export interface Again {
  readonly text: string;
  /** At once, or later. */
  readonly kind: string;
}

/** What was answered; null where it was not asked before, or what it names was touched. */
export function againOf(belief: PageBelief, { action, actionText }: Asked): Again | null {
  const [asked = 0] = askedKeys(belief, actionText);
  const before = belief.answers.get(asked);
  if (before === undefined || before.form === pageForm) return null;
  if (belief.lastAction === actionText) return { text: before.text, kind: `${againMark}at once` };
  if (action.args.length === 0) return null;
  const since = belief.events.filter(({ step }) => step > before.step);
  const isTouched = since.some(
    ({ names, from, actionText: other }) =>
      from !== belief.current || (other !== actionText && action.args.some((arg) => names.includes(arg))),
  );
  return isTouched ? null : { text: before.text, kind: `${againMark}later` };
}

function tallyOf({ sources }: Remembered, kind: string, verb: string): Tally {
  return sources.get(sourceKey(kind, verb)) ?? { hits: 0, tries: 0 };
}

/** The answer that came before, with how often it comes again, where the verb itself has shown too little of that. */
export function againFor(
  remembered: Remembered,
  again: Again | null,
  { action }: Asked,
): { readonly text: string; readonly label: string; readonly share: number } | null {
  if (again === null || tallyOf(remembered, again.kind, verbOf(action.template)).tries >= ownMin) return null;
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
