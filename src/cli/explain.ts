/** `driftline explain EPISODE STEP`: what each predictor said about a step, and why, also while the job runs. */
import { meaningOf } from "../codec/abstention-reasons.ts";
import { createExplainer } from "../predictors/explain-step.ts";
import type { ExplainedEdit, Explanation } from "../predictors/predictor.ts";
import { predictorFactories } from "../predictors/registry.ts";
import { doubtedWords, noRule, onlyWithheld, roleWords, withheldWords } from "../predictors/rule-kinds.ts";
import { segmentSources, type TextSegment } from "../predictors/text-segments.ts";
import { openBlobs } from "../runtime/open-blobs.ts";
import { explainView } from "../serve/explain.ts";
import type { ExplainView } from "../serve/views.ts";
import { type FlagSpec, flagHelp, takeFlags, UsageError } from "./arguments.ts";
import { configOf, withLogToRead } from "./data.ts";
import type { Command, Host } from "./host.ts";
import { table } from "./table.ts";

const flags: FlagSpec = {
  predictor: { kind: "string", help: "only this predictor", placeholder: "NAME" },
  environment: { kind: "string", help: "the episode's environment: makes the search shorter", placeholder: "NAME" },
  json: { kind: "boolean", help: "one JSON object" },
  "data-dir": { kind: "string", help: "the data folder (default .driftline)", placeholder: "DIR" },
};
const valueCharsMax = 400;

export const explainCommand: Command = {
  usage: [
    "driftline explain EPISODE STEP [--predictor NAME] [--environment NAME] [--json] [--data-dir DIR]",
    "",
    ...flagHelp(flags),
    "",
    "The page shows the episode and step of each wrong prediction. In rules of lifted-edits:",
    roleWords,
  ],
  async run(args, host) {
    const taken = takeFlags(args, flags);
    const [episode, number, ...more] = taken.positionals;
    const step = Number(number);
    if (episode === undefined || number === undefined || more.length > 0)
      throw new UsageError("name the episode and the step: driftline explain EPISODE STEP");
    if (!Number.isSafeInteger(step) || step < 0) throw new UsageError(`a step is a whole number from 0, not ${number}`);
    return withLogToRead(taken, host, async (log) => {
      const blobs = await openBlobs(configOf(taken, host), log, host.now);
      const explainer = createExplainer({ log, blobs, factories: predictorFactories });
      const found = await explainer.explain({ episode, step, environment: taken.string("environment") });
      if (found === null) {
        host.err(`driftline explain: the log holds no step ${step} of episode ${episode}`);
        return 1;
      }
      const wanted = taken.string("predictor");
      const view = explainView(found);
      const shown = {
        ...view,
        predictions: view.predictions.filter((one) => wanted === null || one.predictor === wanted),
      };
      if (wanted !== null && shown.predictions.length === 0) {
        const names = [...new Set(view.predictions.map((one) => one.predictor))].join(", ");
        host.err(`driftline explain: ${wanted} predicted nothing there; there are ${names || "none"}`);
        return 1;
      }
      if (taken.boolean("json")) host.out(JSON.stringify(shown));
      else print(shown, host);
      return 0;
    });
  },
};

function print(view: ExplainView, host: Host): void {
  host.out(`${view.environment}, episode ${view.episode}, step ${view.step}`);
  host.out(`action  ${short(view.action)}`);
  host.out(`truth   ${short(view.truth)}`);
  for (const { predictor, version, status, exact, explanation, why } of view.predictions) {
    host.out("");
    const verdict = status !== "answered" ? status : exact === true ? "right" : "wrong";
    host.out(`${predictor} (${version.slice(0, 12)}): ${verdict}`);
    if (explanation === null) {
      host.out(`  no explanation: ${why ?? "none given"}`);
      if (status === "abstained" && why !== null) host.out(`  ${meaningOf(why)}`);
      continue;
    }
    const sure = explanation.confidence === null ? "" : `, confidence ${(100 * explanation.confidence).toFixed(1)} %`;
    host.out(`  ${explanation.novel ? "an action of this form was not seen before" : "seen before"}${sure}`);
    const { edits, withheld = [], doubted = [] } = explanation;
    if (edits.length === 0) host.out(`  nothing changes: ${withheld.length === 0 ? noRule : onlyWithheld}`);
    for (const line of edits.flatMap(editLines)) host.out(line);
    for (const line of [...moreLines(withheldWords, withheld), ...moreLines(doubtedWords, doubted)]) host.out(line);
    for (const line of sourceLines(explanation)) host.out(`  ${line}`);
    for (const line of beliefLines(explanation)) host.out(`  ${line}`);
  }
}

function moreLines(words: string, edits: readonly ExplainedEdit[]): readonly string[] {
  return edits.length === 0 ? [] : [`  ${words}:`, ...edits.flatMap(editLines)];
}

function editLines({ path, expression, value, rule, support, confidence }: ExplainedEdit): readonly string[] {
  return [
    `  ${path === "" ? "the state" : path}: ${short(expression)}${value === undefined ? "" : ` → ${short(value)}`}`,
    ...rule.map((condition) => `      because ${short(condition)}`),
    `      support ${support}, share of votes ${(100 * confidence).toFixed(0)} %`,
  ];
}

/** The predicted text piece by piece, each with its source. */
function sourceLines({ segments = [] }: Explanation): readonly string[] {
  if (segments.length === 0) return [];
  return [
    "where each piece of the text comes from:",
    ...table(["source", "which", "text"], segments.map(row)).map(inset),
  ];
}

function row({ source, detail = "", text }: TextSegment): readonly string[] {
  return [segmentSources[source], short(detail), short(JSON.stringify(text))];
}

function beliefLines({ belief }: Explanation): readonly string[] {
  if (belief === undefined || belief.rows.length + belief.left === 0) return [];
  const rows = belief.rows.map(({ thing, relation, known }) => [thing, relation, short(JSON.stringify(known))]);
  const more = belief.left > 0 ? [`and ${belief.left} rows more`] : [];
  return [
    "what was believed before the step:",
    ...[...table(["thing", "relation", "known"], rows), ...more].map(inset),
  ];
}

function inset(line: string): string {
  return `  ${line}`;
}

function short(text: string): string {
  return text.length <= valueCharsMax ? text : `${text.slice(0, valueCharsMax)}…`;
}
