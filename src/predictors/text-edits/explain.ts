/** A prediction explained: the template in words, where each piece of it comes from, the conditions that chose it, the steps behind it. */

import type { Evidence } from "../lifted/confidence.ts";
import { emptyForest, trace } from "../lifted/forest.ts";
import { conditionWords } from "../lifted/leaves.ts";
import type { Explanation, Situation } from "../predictor.ts";
import { pinnedWords } from "../rule-orders.ts";
import { shownLabel } from "./pages/choice/engine.ts";
import { type Deps, think } from "./predict.ts";
import { shownTemplate } from "./reading.ts";
import { sourceWords } from "./source-words.ts";
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
  const told = thought.told && { segments: thought.told.segments(), belief: thought.told.believed() };
  thought.write();
  const chosen = deps.rules.choiceOf(choice);
  const label = chosen?.templates.indexOf(run.template) ?? -1;
  const { asked } = trace(chosen?.forest ?? emptyForest, [deps.writer.set], label);
  const lists = run.filled.map((filled, at) => `list ${at + 1} is ${filledWords(filled)}`);
  return {
    edits: [
      {
        path: "",
        expression: `"${shownTemplate(shownLabel(run.template))}"${lists.length === 0 ? "" : `; ${lists.join("; ")}`}`,
        rule: run.isPinned ? [pinnedWords] : conditionWords(asked, words),
        support: run.support,
        confidence: run.share,
      },
    ],
    confidence: confidenceOf(run.evidence),
    novel: false,
    ...told,
  };
}

function filledWords({ source, values, precision }: Filled): string {
  const shown = values.length === 0 ? "empty" : values.join(", ");
  return `${shown} (${sourceWords(source)}; right in ${(100 * precision).toFixed(1)} %)`;
}
