/** A toy world of calls that are answered in text: tools with documentation, refusals in three forms. */
import type { Transition } from "../../../src/codec/records.ts";
import { canonicalText } from "../../../src/json/canonical.ts";
import type { Json } from "../../../src/json/json.ts";
import { identifierOf } from "../../../src/predictors/text-edits/calls/request.ts";
import { transitionOf } from "../../support/transitions.ts";

const nouns = [
  "Weather",
  "Song Lyrics",
  "Maps (beta)",
  "E-Mail",
  "Stocks",
  "Movies",
  "Trains",
  "Hotels",
  "Jokes",
  "Chess",
];
export const empty = { failure: "", answer: "" };

/** Three ways to answer: a name that is not documented, names that lack, and an echo of an argument. */
export function call(at: number): Transition {
  const tool = `${nouns[at % nouns.length]} ${at}`;
  const required = at % 3 === 1 ? ["city", `day_${at}`] : ["city"];
  const value = `place number ${at}`;
  const args: Record<string, Json> = at % 3 === 0 ? { city: value, [`odd_${at}`]: 1 } : { city: value };
  const id = identifierOf(tool);
  const next =
    at % 3 === 0
      ? { failure: `calling ${id}() failed: no argument 'odd_${at}' in ${tool}`, answer: "" }
      : at % 3 === 1
        ? { failure: `calling ${id}() failed: 1 lacks: 'day_${at}'`, answer: "" }
        : { failure: "", answer: `{'city': '${value}', 'found': False}` };
  const docs = { api: { tool, about: "x".repeat(500), needs: required.map((name) => ({ name, type: "STRING" })) } };
  const action = { name: `${tool}/find`, arguments: args };
  return transitionOf(empty, action, next, { episode: `e${at}`, context: canonicalText(docs) });
}
