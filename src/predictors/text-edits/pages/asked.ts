/** An action as it is meant at a moment: a choice of a menu is its line, and what one thing's name says around a function word is one argument. */
import { hole, type ReadAction } from "../reading.ts";
import type { PageBelief } from "./belief.ts";
import { asMeant, readPhrases, verbOf } from "./grammar.ts";
import { type ClausedAction, type ClauseWords, withClauses } from "./naming/clauses.ts";
import { referentsOf } from "./naming/here.ts";
import type { PageStructure } from "./structure.ts";

export interface ReadAsked {
  readonly action: ClausedAction;
  /** With the line of the menu for its number. */
  readonly text: string;
}

type Reading = Pick<PageStructure, "grammar" | "clauses">;

/** Null where the text holds the characters that mark holes. */
export function readAsked(structure: Reading, belief: PageBelief, raw: string): ReadAsked | null {
  const read = readWhole(structure, belief, raw);
  return read === null ? null : { ...read, action: asSaid(structure.clauses, belief, read, raw) };
}

/** With its clauses; a choice of a menu is the request that the menu answered, of the things that its line names. */
export function asSaid(
  words: ClauseWords,
  belief: PageBelief,
  { action, text }: ReadAsked,
  raw: string,
): ClausedAction {
  const own = withClauses(words, action);
  const asked: ClausedAction | undefined = text === raw ? undefined : belief.read.get(belief.lastAction)?.action;
  const heads = own.clauses?.heads;
  if (asked?.clauses === undefined || heads === undefined || asked.clauses.heads !== heads) return own;
  if (verbOf(asked.template) !== verbOf(own.template)) return own;
  return { ...asked, args: [...own.args.slice(0, heads), ...asked.args.slice(heads)] };
}

/** The same, all that the action names being of its form. */
export function readWhole({ grammar }: Reading, belief: PageBelief, raw: string): ReadAsked | null {
  const text = asMeant(raw, belief.text);
  const action = readPhrases(grammar, text);
  return action === null ? null : { text, action: joined(belief, action) };
}

const holeMark = hole("").slice(0, 1);
const articles = / (?:an?|the|some)(?= )/g;
const tokensMax = 24;

/** "door" "to" "yard" is one argument where the page shows a door to the yard. */
function joined(belief: PageBelief, { template, args }: ReadAction): ReadAction {
  const tokens = template.split(" ");
  if (args.length < 2 || tokens.length > tokensMax) return { template, args };
  const argumentIn = (token = "") => (token.startsWith(holeMark) ? args[Number(token.slice(1, -1))] : undefined);
  const form: string[] = [];
  const values: string[] = [];
  const add = (value: string) => {
    const known = values.indexOf(value);
    form.push(hole(String(known >= 0 ? known : values.push(value) - 1)));
  };
  for (let at = 0; at < tokens.length; at++) {
    const [first, second] = [argumentIn(tokens[at]), argumentIn(tokens[at + 2])];
    const between = tokens[at + 1] ?? "";
    if (first === undefined) form.push(tokens[at] ?? "");
    else if (
      second !== undefined &&
      !between.startsWith(holeMark) &&
      isOneThing(belief, `${first} ${between} ${second}`)
    ) {
      add(`${first} ${between} ${second}`);
      at += 2;
    } else add(first);
  }
  return { template: form.join(" "), args: values };
}

function isOneThing(belief: PageBelief, phrase: string): boolean {
  const [one] = referentsOf(belief, { args: [phrase] });
  return one !== undefined && one !== null && one.node.lower.replace(articles, "") === phrase.toLowerCase();
}
