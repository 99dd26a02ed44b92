/** An action as it is meant at a moment: a choice of a menu is its line, and what one thing's name says around a function word is one argument. */
import { hole, type ReadAction } from "../reading.ts";
import type { PageBelief } from "./belief.ts";
import { asMeant, readPhrases } from "./grammar.ts";
import { isCompound, referentsOf } from "./here.ts";
import type { PageStructure } from "./structure.ts";

export interface ReadAsked {
  readonly action: ReadAction;
  /** With the line of the menu for its number. */
  readonly text: string;
}

/** Null where the text holds the characters that mark holes. */
export function readAsked(
  { grammar, joins }: Pick<PageStructure, "grammar" | "joins">,
  belief: PageBelief,
  raw: string,
): ReadAsked | null {
  const text = asMeant(raw, belief.text);
  const action = readPhrases(grammar, text);
  return action === null ? null : { text, action: joined(joins, belief, action) };
}

const holeMark = hole("").slice(0, 1);
const articles = / (?:an?|the|some)(?= )/g;
const tokensMax = 24;

/** Words that are joined, and what stands between. */
const pairsMax = 4;

/**
 * "door" "to" "yard" is one argument where the page shows a door to the yard, and "cup" "in" "box" where a box holds a cup, of words that mean
 * that they do (`joins`): the longest that is one thing.
 */
function joined(joins: ReadonlySet<string>, belief: PageBelief, { template, args }: ReadAction): ReadAction {
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
    const first = argumentIn(tokens[at]);
    if (first === undefined) {
      form.push(tokens[at] ?? "");
      continue;
    }
    let [phrase, longest, pairs] = [first, first, 0];
    for (let pair = 1; pair <= pairsMax; pair++) {
      const [between = holeMark, next] = [tokens[at + 2 * pair - 1], argumentIn(tokens[at + 2 * pair])];
      if (next === undefined || between.startsWith(holeMark)) break;
      phrase = `${phrase} ${between} ${next}`;
      if (isOneThing(belief, phrase) || (joins.has(between) && isCompound(belief, phrase)))
        [longest, pairs] = [phrase, pair];
    }
    add(longest);
    at += 2 * pairs;
  }
  return { template: form.join(" "), args: values };
}

function isOneThing(belief: PageBelief, phrase: string): boolean {
  const [one] = referentsOf(belief, [phrase]);
  return one !== undefined && one !== null && one.node.lower.replace(articles, "") === phrase.toLowerCase();
}
