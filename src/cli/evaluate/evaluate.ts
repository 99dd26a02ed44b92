/** `driftline evaluate`: how well predictors do on recorded episodes, by the code of the live job. */
import { existsSync } from "node:fs";
import { predictorFactories } from "../../predictors/registry.ts";
import { remoteFactories } from "../../predictors/remote-registry.ts";
import { type FlagSpec, flagHelp, type Taken, takeFlags, UsageError } from "../arguments.ts";
import { configOf } from "../data.ts";
import type { Command, Host } from "../host.ts";
import { createProgress } from "../progress.ts";
import { type RemoteFlags, remoteHelp, takeRemoteFlags } from "../remote-flags.ts";
import { type Evaluation, type EvaluationOptions, evaluate } from "./evaluation.ts";
import { asJson, type Protocol, print, protocols } from "./print.ts";

const flags: FlagSpec = {
  train: { kind: "list", help: "files to learn from (jsonl, also gzip)", placeholder: "FILE" },
  test: { kind: "list", help: "files to predict", placeholder: "FILE" },
  predictor: {
    kind: "list",
    help: `only these (default all: ${predictorFactories.map((one) => one.name).join(", ")}, and those recorded in the files); [NAME=]KIND with its options after it: ${remoteFactories.map((one) => one.kind).join(", ")}`,
    placeholder: "NAME",
  },
  limit: { kind: "number", help: "predict the first N tested steps only", placeholder: "N" },
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

export const evaluateCommand: Command = {
  usage: [
    "driftline evaluate --train A… --test B… [--predictor P] [--no-context] [--stream] [--json]",
    "driftline evaluate --protocol prequential --test FILE…",
    "driftline evaluate --test B… --predictor llama --model FILE [--OPTION VALUE…] [--predictor NAME=openai --model M --url URL] --limit N",
    "",
    ...flagHelp(flags),
    "",
    "Frozen: nothing is learnt or remembered from tested episodes. `unseen` counts steps whose (action, next state) does not occur in what was",
    "learnt from: copying cannot explain those. Intervals are 95 % Wilson. AUROC: how often a right prediction had more confidence than a wrong",
    "one. ECE: how far, on average, confidence was from the share that is right (15 bins of equal width). At 90 %: how many were right of the",
    "nine tenths that it was surest of.",
    "",
    "Language models and services run in batches as they do in the live job, with as many earlier steps as they look at, and only where they are",
    "named; µs is then their share of a batch. Frozen, they gather no examples from what is tested.",
    ...remoteHelp(remoteFactories),
  ],
  async run(args, host) {
    const remote = takeRemoteFlags(args, remoteFactories, Object.keys(flags));
    const taken = takeFlags(remote.rest, flags);
    const protocol = protocolOf(taken);
    const options = optionsOf(taken, protocol, remote.predictors);
    const progress = {
      training: createProgress(host, "training", "events"),
      testing: createProgress(host, "testing", "events"),
    };
    const evaluation = await evaluate(options, {
      factories: predictorFactories,
      remote: { factories: remoteFactories, host },
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

function optionsOf(taken: Taken, protocol: Protocol, remote: RemoteFlags["predictors"]): EvaluationOptions {
  const train = taken.list("train");
  const test = [...taken.list("test"), ...taken.positionals];
  const predictors = taken.list("predictor");
  if (test.length === 0) throw new UsageError("name what to predict: --test FILE…");
  for (const file of [...train, ...test]) if (!existsSync(file)) throw new UsageError(`there is no file ${file}`);
  if (protocol === "prequential" && train.length > 0)
    throw new UsageError("prequential learns from what it tests: leave --train out");
  const limit = taken.number("limit");
  if (limit !== null && (!Number.isSafeInteger(limit) || limit < 1))
    throw new UsageError("--limit takes a whole number of steps: --limit 200");
  return {
    train,
    test,
    predictors,
    remote,
    limit,
    context: !taken.boolean("no-context"),
    learnFromTest: protocol !== "frozen",
    openLoopLengths: lengthsOf(taken.string("open-loop") ?? "2,4,8"),
  };
}

/** Our own, and those whose predictions were recorded in the files. */
function known({ others }: Evaluation): string {
  const kinds = remoteFactories.map((one) => one.kind);
  return [...predictorFactories.map((one) => one.name), ...others, ...kinds].join(", ");
}

function lengthsOf(text: string): readonly number[] {
  if (text === "none") return [];
  const lengths = text.split(",").map(Number);
  if (lengths.some((length) => !Number.isInteger(length) || length < 1 || length > 1_000)) {
    throw new UsageError("--open-loop takes whole numbers: --open-loop 2,4,8");
  }
  return lengths;
}

function warn({ trained, tested, reasons }: Evaluation, host: Host): void {
  for (const [name, counts] of reasons)
    for (const [reason, count] of counts) host.err(`driftline evaluate: ${name}: ${count} × ${reason}`);
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
