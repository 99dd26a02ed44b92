/** Why predictors say nothing, with what each reason means. Predictors that are not ours may say others. */
export const abstentionReasons = {
  untrained:
    "Fewer than 20 transitions of this environment so far (`learn.transitionsMin`), or no version yet: one is published every 30 s (`learn.publishIntervalMs`) when something was learnt.",
  "no-support": "Nothing like this situation was ever seen; of `text-edits`: no action of this form.",
  "new-text": "A text is due that nobody has seen.",
  "unknown-list": "A list of the text is not known: what lies in a place that was never opened.",
  "low-confidence": "The answer is below `confidenceMin` of the environment.",
  novel: "The answer is below `confidenceMin` of the environment, and no such action was ever learnt from.",
  "rule-deleted": "An operator deleted all that was learnt for the action.",
  "version-gone":
    "The model version in force cannot be read: part of the data folder was deleted or damaged. The learner publishes it again by itself; of a pinned reference another version is to be pinned.",
  "state-too-large": "The state has more than 1,048,576 characters. Such steps are not learnt from either.",
  "array-too-long": "An array of the state has 100,000 elements or more. Such steps are not learnt from either.",
  "too-many-entities": "The state has more than 10,000 entities. Such steps are not learnt from either.",
  "text-too-long": "The text has more than 100,000 characters. Such steps are not learnt from either.",
  "action-too-long": "The action has more than 4,096 characters. Such steps are not learnt from either.",
  "context-too-long": "The context has more than 1,048,576 characters. Such steps are not learnt from either.",
  "too-long": "Situation and history are longer than the network reads.",
  "not-structured": "The state is neither object nor array.",
  "not-text": "The state is no text.",
  "unreadable-action": "The action is no text.",
  "nobody-answers": "Of `best-of`: every other predictor abstains.",
  other: "A reason of the predictor's own: the score records have it.",
} as const;

/** Ours are words; what others say may be anything. */
const pattern = /^[a-z]{1,24}(?:-[a-z]{1,24}){0,4}$/;

/** As it is counted: the reason where it is a word, else `other`. */
export function abstentionReasonOf(text: string | null): string {
  return text !== null && pattern.test(text) ? text : "other";
}

export function meaningOf(reason: string): string {
  return isKnown(reason) ? abstentionReasons[reason] : abstentionReasons.other;
}

function isKnown(reason: string): reason is keyof typeof abstentionReasons {
  return Object.hasOwn(abstentionReasons, reason);
}
