/** A prediction explained: the template in words, where each of its lists comes from, the conditions that chose it, the steps behind it. */

import type { Evidence } from "../lifted/confidence.ts";
import { trace } from "../lifted/forest.ts";
import type { Explanation, Situation } from "../predictor.ts";
import { type Deps, think } from "./predict.ts";
import { shownTemplate } from "./reading.ts";
import { type Owner, partsOfLast, type Source } from "./structure.ts";
import type { Filled } from "./values.ts";

export function explainWith(
  deps: Deps,
  words: ReadonlyMap<number, string>,
  situation: Situation,
  confidenceOf: (evidence: Evidence) => number,
): Explanation | null {
  const thought = think(deps, situation);
  if (typeof thought === "string") return null;
  const { run, choice } = thought;
  thought.write();
  const forest = deps.rules.choiceOf(choice)?.forest;
  const asked = forest === undefined ? [] : trace(forest, [deps.writer.set]);
  const conditions = asked.map(({ token, present }) => {
    const text = words.get(token) ?? `feature ${token}`;
    return present ? text : `not: ${text}`;
  });
  const lists = run.filled.map((filled, at) => `list ${at + 1} is ${filledWords(filled)}`);
  return {
    edits: [
      {
        path: "",
        expression: `"${shownTemplate(run.template)}"${lists.length === 0 ? "" : `; ${lists.join("; ")}`}`,
        rule: conditions,
        support: run.support,
        confidence: run.share,
      },
    ],
    confidence: confidenceOf(run.evidence),
    novel: false,
  };
}

function filledWords({ source, values, precision }: Filled): string {
  const shown = values.length === 0 ? "empty" : values.join(", ");
  return `${shown} (${sourceWords(source)}; right in ${(100 * precision).toFixed(1)} %)`;
}

export function sourceWords(source: Source): string {
  switch (source.from) {
    case "constant":
      return "what was shown here most";
    case "owner":
      return ownerWords(source.owner);
    case "relation":
      return `${source.relation}${ofOwner(source.owner)}, as believed`;
    case "place":
      return `${source.relation}${ofOwner(source.owner)}, as last seen at this place in another episode`;
    case "fellow":
      return `the last ${source.relation} in which ${ownerWords(source.owner)} stands`;
    case "habit":
      return `${source.relation}${ofOwner(source.owner)}, as nearly every episode shows it`;
  }
}

function ofOwner(owner: Owner): string {
  return owner === null ? "" : ` of ${ownerWords(owner)}`;
}

function ownerWords(owner: Owner): string {
  if (owner === null) return "nobody";
  if (owner.of === "argument") return `<${owner.at}>`;
  const [at, template] = partsOfLast(owner.key);
  return `<${at}> of the last ${shownTemplate(template)}`;
}
