/** The kinds of rules that are learnt, and what a reader is told of each. */
export const ruleKinds = {
  effect: "what an action does to what lies where",
  answer: "what is answered",
  edit: "what becomes of a value",
  change: "what becomes of texts that were seen before",
  name: "how things are called, and how texts end",
} as const;
export type RuleKind = keyof typeof ruleKinds;

export function isKind(name: string): name is RuleKind {
  return Object.hasOwn(ruleKinds, name);
}

export const ruleKindNames = Object.keys(ruleKinds).filter(isKind);
