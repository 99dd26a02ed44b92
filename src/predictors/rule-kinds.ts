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

/** How rules of structured worlds name things: who reads one needs to know. */
export const roleWords =
  "S is the thing that a rule is about, G the whole state; A… is what the action names, also by what it alone has (A0 argument 0, A:x argument x, @… the collection that it is of), X^ what holds X, X_ the only thing that X holds, X.field what a field of X names, X~… who stands where X does, X>… in front of it; N:…, T:… and U:… are the only thing of a name, of a type and with an attribute, P:… what a path in the state leads to, Z:… what another list of the action has in the place of S. ^field is what lists a thing in that field. In forms of actions # is a thing that is named, % a number, $ a word that is a value somewhere.";

/** Why nothing changes. */
export const noRule = "no rule speaks for a change";
export const onlyWithheld = "what rules say is held back";
/** What stands above what was not predicted. */
export const withheldWords =
  "said by rules and held back, since the like of it was wrong too often or does not go with the rest";
/** What stands above what is said to stay. */
export const doubtedWords = "least sure to stay";
