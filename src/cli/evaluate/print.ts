/** What `driftline evaluate` says: tables for people, one JSON object for programs. */
import type { Host } from "../host.ts";
import { table } from "../table.ts";
import type { Evaluation, EvaluationOptions } from "./evaluation.ts";
import type { Result } from "./measure.ts";
import { percent, printGroups, printOpenLoop, printSure, printWarm } from "./print-more.ts";

export { printContexts } from "./print-more.ts";

export const protocols = ["frozen", "stream", "prequential"] as const;
export type Protocol = (typeof protocols)[number];

export function asJson(
  { results, trained, tested, steps, work, reasons }: Evaluation,
  options: EvaluationOptions,
  protocol: Protocol,
) {
  return {
    protocol,
    context: options.context,
    warm: options.warm ?? [0],
    train: { files: options.train, transitions: trained?.transitions ?? 0 },
    test: { files: options.test, transitions: tested.transitions, steps, limit: options.limit ?? null },
    results,
    // What remote predictors did, and why some of their predictions are none.
    work,
    reasons: Object.fromEntries([...reasons].map(([name, counts]) => [name, Object.fromEntries(counts)])),
  };
}

export function print(
  { results, trained, tested, steps: predicted, work }: Evaluation,
  protocol: Protocol,
  options: EvaluationOptions,
  steps: boolean,
  host: Host,
): void {
  const note = {
    frozen: "frozen: nothing was learnt from the tested episodes",
    stream: "stream: tested episodes taught after they were predicted",
    prequential: "prequential: each step was predicted, then learnt",
  }[protocol];
  const counted =
    protocol === "prequential"
      ? `Predicted ${tested.transitions} transitions`
      : `Learnt from ${trained?.transitions ?? 0} transitions, predicted ${tested.transitions}`;
  const limited = (options.limit ?? null) === null ? "" : ` Only the first ${predicted} steps (--limit).`;
  const [given = 0] = options.warm ?? [];
  const warm = given === 0 ? "" : ` The first ${given} observations of an episode are given (--warm).`;
  host.out(`${note}${options.context ? "" : "; no context"}. ${counted}.${limited}${warm}`);
  host.out("");
  const hasWords = results.some(({ wordF1 }) => wordF1 !== null);
  const saysJson = results.some(({ asJson, exact }) => asJson !== null && asJson !== exact.all);
  const head = [
    "environment",
    "predictor",
    "n",
    "exact",
    "95 %",
    ...(hasWords ? ["word F1"] : []),
    ...(saysJson ? ["as JSON"] : []),
    "dynamic",
    "static",
    "unseen",
    "n unseen",
    "fields",
    "changed F1",
    "aligned",
    "skill",
    "AUROC",
    "ECE",
    "at 90 %",
    "µs",
  ];
  const rowOf = (result: Result) => row(result, { hasWords, saysJson });
  for (const line of table(head, results.map(rowOf))) host.out(line);
  for (const print of [printSure, printOpenLoop, printWarm, printGroups]) print(results, host);
  printWork(work, host);
  if (!steps) return;
  host.out("");
  const rows = results.flatMap((result) =>
    result.byStep.map((one) => [
      result.environment,
      result.predictor,
      String(one.step),
      String(one.n),
      percent(one.exact),
    ]),
  );
  for (const line of table(["by step", "predictor", "step", "n", "exact"], rows)) host.out(line);
}

/** What remote predictors took: tokens, dollars, what was saved and lost. */
function printWork(work: Evaluation["work"], host: Host): void {
  if (Object.keys(work).length === 0) return;
  host.out("");
  const head = ["remote", "tokens read", "from cache", "written", "dollars", "retries", "cache hits", "steps dropped"];
  const whole = (count = 0) => String(Math.round(count));
  const rows = Object.entries(work).map(([name, did]) => [
    name,
    whole(did.tokensIn),
    whole(did.tokensCached),
    whole(did.tokensOut),
    (did.costDollars ?? 0).toFixed(4),
    whole(did.retries),
    whole(did.cacheHits),
    whole(did.stepsDropped),
  ]);
  for (const line of table(head, rows)) host.out(line);
}

function row(
  result: Result,
  { hasWords, saysJson }: { readonly hasWords: boolean; readonly saysJson: boolean },
): readonly string[] {
  const { exact, intervals, counts } = result;
  return [
    result.environment,
    result.predictor,
    String(result.n),
    percent(exact.all),
    intervals.all === null ? "-" : `${percent(intervals.all[0])}-${percent(intervals.all[1])}`,
    ...(hasWords ? [percent(result.wordF1)] : []),
    ...(saysJson ? [percent(result.asJson)] : []),
    percent(exact.dynamic),
    percent(exact.static),
    percent(exact.unseen),
    String(counts.unseen),
    percent(result.fields),
    percent(result.changedF1),
    percent(result.tokensAligned),
    fraction(result.skill),
    fraction(result.auroc),
    fraction(result.ece),
    percent(result.sure90),
    result.microseconds === null ? "-" : result.microseconds.toFixed(0),
  ];
}

function fraction(value: number | null): string {
  return value === null ? "-" : value.toFixed(3);
}
