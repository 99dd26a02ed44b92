/** An action as it is meant at a moment: a choice of a menu is its line, and what one thing's name says around a function word is one argument. */
import { hole, type ReadAction } from "../reading.ts";
import type { PageBelief } from "./belief.ts";
import { asMeant, readPhrases } from "./grammar.ts";
import { referentsOf } from "./naming/here.ts";
import type { PageStructure } from "./structure.ts";

export interface ReadAsked {
  readonly action: ReadAction;
  /** With the line of the menu for its number. */
  readonly text: string;
}

/** Null where the text holds the characters that mark holes. */
export function readAsked(
  { grammar }: Pick<PageStructure, "grammar">,
  belief: PageBelief,
  raw: string,
): ReadAsked | null {
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
  const [one] = referentsOf(belief, [phrase]);
  return one !== undefined && one !== null && one.node.lower.replace(articles, "") === phrase.toLowerCase();
}
