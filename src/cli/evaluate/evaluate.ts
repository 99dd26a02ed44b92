/** `driftline evaluate`: how well predictors do on recorded episodes, by the code of the live job. */
import { existsSync } from "node:fs";
import { predictorFactories } from "../../predictors/registry.ts";
import { type FlagSpec, flagHelp, type Taken, takeFlags, UsageError } from "../arguments.ts";
import { configOf } from "../data.ts";
import type { Command, Host } from "../host.ts";
import { createProgress } from "../progress.ts";
import { table } from "../table.ts";
import { type Evaluation, type EvaluationOptions, evaluate } from "./evaluation.ts";
import type { Result } from "./measure.ts";

const flags: FlagSpec = {
  train: { kind: "list", help: "files to learn from (jsonl, also gzip)", placeholder: "FILE" },
  test: { kind: "list", help: "files to predict", placeholder: "FILE" },
  predictor: {
    kind: "list",
    help: `only these (default all: ${predictorFactories.map((one) => one.name).join(", ")}, and those recorded in the files)`,
    placeholder: "NAME",
  },
  protocol: {
    kind: "string",
    help: "frozen (default) · stream: tested episodes teach after they were predicted · prequential: one pass over --test from nothing",
    placeholder: "NAME",
  },
  stream: { kind: "boolean", help: "the same as --protocol stream" },
  "no-context": { kind: "boolean", help: "predictors do not see the context" },
  "open-loop": {
    kind: "string",
    help: "lengths of open-loop runs (default 2,4,8; none switches them off)",
    placeholder: "K,K",
  },
  steps: { kind: "boolean", help: "print accuracy by step index too" },
  json: { kind: "boolean", help: 'one JSON object: {"results":[…]} with ratios 0 to 1' },
};

const protocols = ["frozen", "stream", "prequential"] as const;
type Protocol = (typeof protocols)[number];

export const evaluateCommand: Command = {
  name: "evaluate",
  summary: "score predictors on recorded episodes",
  usage: [
    "driftline evaluate --train A… --test B… [--predictor P] [--no-context] [--stream] [--json]",
    "driftline evaluate --protocol prequential --test FILE…",
    "",
    ...flagHelp(flags),
    "",
    "Frozen: nothing is learnt or remembered from tested episodes. `unseen` counts steps whose (action, next state) does not occur in what was",
    "learnt from: copying cannot explain those. Intervals are 95 % Wilson. AUROC: how often a right prediction had more confidence than a wrong",
    "one. ECE: how far, on average, confidence was from the share that is right (15 bins of equal width). At 90 %: how many were right of the",
    "nine tenths that it was surest of.",
  ],
  async run(args, host) {
    const taken = takeFlags(args, flags);
    const protocol = protocolOf(taken);
    const options = optionsOf(taken, protocol);
    const progress = {
      training: createProgress(host, "training", "events"),
      testing: createProgress(host, "testing", "events"),
    };
    const evaluation = await evaluate(options, {
      factories: predictorFactories,
      track: configOf(takeFlags(taken.rest, {}), host).track,
      seconds: host.seconds,
      stopped: () => host.stop.aborted,
      progress: (what, done, total, events) => progress[what].at(done, total, events),
    });
    progress.training.end();
    progress.testing.end();
    if (host.stop.aborted) {
      host.err("driftline evaluate: stopped before the end; nothing is shown");
      return 1;
    }
    warn(evaluation, host);
    const unknown = options.predictors.filter((name) => !evaluation.results.some((one) => one.predictor === name));
    if (unknown.length > 0)
      throw new UsageError(`no predictor ${unknown.join(", ")} here; there are ${known(evaluation)}`);
    if (taken.boolean("json")) host.out(JSON.stringify(asJson(evaluation, options, protocol)));
    else print(evaluation, protocol, options, taken.boolean("steps"), host);
    return 0;
  },
};

function protocolOf(taken: Taken): Protocol {
  const given = taken.string("protocol") ?? (taken.boolean("stream") ? "stream" : "frozen");
  const protocol = protocols.find((one) => one === given);
  if (protocol === undefined) throw new UsageError(`--protocol is one of ${protocols.join(", ")}`);
  return protocol;
}

function optionsOf(taken: Taken, protocol: Protocol): EvaluationOptions {
  const train = taken.list("train");
  const test = [...taken.list("test"), ...taken.positionals];
  const predictors = taken.list("predictor");
  if (test.length === 0) throw new UsageError("name what to predict: --test FILE…");
  for (const file of [...train, ...test]) if (!existsSync(file)) throw new UsageError(`there is no file ${file}`);
  if (protocol === "prequential" && train.length > 0)
    throw new UsageError("prequential learns from what it tests: leave --train out");
  return {
    train,
    test,
    predictors,
    context: !taken.boolean("no-context"),
    learnFromTest: protocol !== "frozen",
    openLoopLengths: lengthsOf(taken.string("open-loop") ?? "2,4,8"),
  };
}

/** Our own, and those whose predictions were recorded in the files. */
function known({ others }: Evaluation): string {
  return [...predictorFactories.map((one) => one.name), ...others].join(", ");
}

function lengthsOf(text: string): readonly number[] {
  if (text === "none") return [];
  const lengths = text.split(",").map(Number);
  if (lengths.some((length) => !Number.isInteger(length) || length < 1 || length > 1_000)) {
    throw new UsageError("--open-loop takes whole numbers: --open-loop 2,4,8");
  }
  return lengths;
}

function warn({ trained, tested }: Evaluation, host: Host): void {
  for (const [what, summary] of [
    ["training", trained],
    ["testing", tested],
  ] as const) {
    if (summary === null) continue;
    if (summary.unfit > 0)
      host.err(
        `driftline evaluate: ${summary.unfit} of ${summary.transitions} ${what} steps are not fit to be used (gaps, unknown states)`,
      );
    for (const [reason, count] of summary.dead)
      host.err(`driftline evaluate: ${count} ${what} events could not be used: ${reason}`);
  }
}

function asJson({ results, trained, tested }: Evaluation, options: EvaluationOptions, protocol: Protocol) {
  return {
    protocol,
    context: options.context,
    train: { files: options.train, transitions: trained?.transitions ?? 0 },
    test: { files: options.test, transitions: tested.transitions },
    results,
  };
}

function print(
  { results, trained, tested }: Evaluation,
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
  host.out(`${note}${options.context ? "" : "; no context"}. ${counted}.`);
  host.out("");
  const head = [
    "environment",
    "predictor",
    "n",
    "exact",
    "95 %",
    "dynamic",
    "static",
    "unseen",
    "n unseen",
    "fields",
    "changed F1",
    "tokens F1",
    "aligned",
    "skill",
    "AUROC",
    "ECE",
    "at 90 %",
    "µs",
  ];
  for (const line of table(head, results.map(row))) host.out(line);
  if (results.some((result) => result.openLoop.length > 0)) {
    host.out("");
    const lengths = [...new Set(results.flatMap((result) => result.openLoop.map((one) => one.length)))].sort(
      (a, b) => a - b,
    );
    const rows = results.map((result) => [
      result.environment,
      result.predictor,
      ...lengths.map((length) => openLoopCell(result, length)),
    ]);
    for (const line of table(["open loop", "predictor", ...lengths.map((length) => `${length} steps`)], rows))
      host.out(line);
  }
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

function row(result: Result): readonly string[] {
  const { exact, intervals, counts } = result;
  return [
    result.environment,
    result.predictor,
    String(result.n),
    percent(exact.all),
    intervals.all === null ? "-" : `${percent(intervals.all[0])}-${percent(intervals.all[1])}`,
    percent(exact.dynamic),
    percent(exact.static),
    percent(exact.unseen),
    String(counts.unseen),
    percent(result.fields),
    percent(result.changedF1),
    percent(result.tokens),
    percent(result.tokensAligned),
    fraction(result.skill),
    fraction(result.auroc),
    fraction(result.ece),
    percent(result.sure90),
    result.microseconds === null ? "-" : result.microseconds.toFixed(0),
  ];
}

function openLoopCell(result: Result, length: number): string {
  const found = result.openLoop.find((one) => one.length === length);
  return found === undefined ? "-" : `${percent(found.exact)} (${found.n})`;
}

function fraction(value: number | null): string {
  return value === null ? "-" : value.toFixed(3);
}

function percent(ratio: number | null): string {
  return ratio === null ? "-" : (100 * ratio).toFixed(1);
}
