/** `driftline evaluate`: how well predictors do on recorded episodes, by the code of the live job. */
import { bestOfName } from "../../codec/reference-name.ts";
import { predictorFactories } from "../../predictors/registry.ts";
import { remoteFactories } from "../../predictors/remote-registry.ts";
import { flagHelp, takeFlags, UsageError } from "../arguments.ts";
import { configOf } from "../data.ts";
import type { Command, Host } from "../host.ts";
import { createProgress } from "../progress.ts";
import { remoteHelp, takeRemoteFlags } from "../remote-flags.ts";
import { type Evaluation, type EvaluationDeps, type EvaluationOptions, evaluate } from "./evaluation.ts";
import { flags, known, optionsOf, protocolOf } from "./flags.ts";
import { asJson, print, printContexts } from "./print.ts";
import { recordedNames } from "./recorded-names.ts";

export const evaluateCommand: Command = {
  usage: [
    "driftline evaluate --train A… --test B… [--predictor P] [--no-context] [--stream] [--json]",
    "driftline evaluate --protocol prequential --test FILE…",
    "driftline evaluate --train A… --test B… --warm 0,1,2,4 --open-loop 1,2,5,10,all [--contexts] [--by agent,action,answer]",
    "driftline evaluate --test B… --predictor llama --model FILE [--OPTION VALUE…] [--predictor NAME=openai --model M --url URL] --limit N",
    "",
    ...flagHelp(flags),
    "",
    "Frozen: nothing is learnt or remembered from tested episodes. `unseen` counts steps whose (action, next state) does not occur in what was",
    "learnt from: copying cannot explain those. Intervals are 95 % Wilson. AUROC: how often a right prediction had more confidence than a wrong",
    "one. ECE: how far, on average, confidence was from the share that is right (15 bins of equal width). At 90 %: how many were right of the",
    "nine tenths that it was surest of. Word F1: over words between white space; nothing answered counts 0. As JSON, where it says something",
    "else: equal when texts that hold JSON (or what Python prints) are read as what they hold.",
    "",
    "Open loop: fed with its own predictions and the real actions. `right`: the last step of a run; `held`: all its steps; an abstention ends a",
    "run. Warm: the first K real observations of an episode are given. `next`: each later step from what was really seen before it; `rest`: the",
    "rest of the episode from the predictor's own predictions. `common`: the steps after the largest K, the same for every K.",
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
    await refuseUnknown(options);
    const progress = {
      training: createProgress(host, "training", "events"),
      testing: createProgress(host, "testing", "events"),
    };
    const deps: EvaluationDeps = {
      factories: predictorFactories,
      remote: { factories: remoteFactories, host },
      track: configOf(takeFlags(taken.rest, {}), host).track,
      seconds: host.seconds,
      stopped: () => host.stop.aborted,
      progress: (what, done, total, events) => progress[what].at(done, total, events),
    };
    const evaluation = await evaluate(options, deps);
    const without = taken.boolean("contexts") ? await evaluate(withoutContext(options), deps) : null;
    progress.training.end();
    progress.testing.end();
    if (host.stop.aborted) {
      host.err("driftline evaluate: stopped before the end; nothing is shown");
      return 1;
    }
    warn(evaluation, host);
    if (evaluation.tested.transitions === 0) {
      host.err(`driftline evaluate: there is no step to predict in ${options.test.join(", ")}`);
      return 1;
    }
    const unknown = options.predictors.filter((name) => !evaluation.results.some((one) => one.predictor === name));
    if (unknown.length > 0)
      throw new UsageError(`no predictor ${unknown.join(", ")} here; there are ${known(evaluation.others)}`);
    if (taken.boolean("json")) {
      host.out(JSON.stringify({ ...asJson(evaluation, options, protocol), withoutContext: without?.results }));
      return 0;
    }
    print(evaluation, protocol, options, taken.boolean("steps"), host);
    if (without !== null) printContexts(evaluation.results, without.results, host);
    return 0;
  },
};

/** Before anything is learnt. Standard input can be read only once: there the run says it. */
async function refuseUnknown({ predictors, remote = {}, test }: EvaluationOptions): Promise<void> {
  const ours = [...predictorFactories.map((one) => one.name), bestOfName, ...Object.keys(remote)];
  const others = predictors.filter((name) => !ours.includes(name));
  if (others.length === 0 || test.includes("-")) return;
  const recorded = await recordedNames(test);
  const unknown = others.filter((name) => !recorded.has(name));
  if (unknown.length > 0)
    throw new UsageError(`no predictor ${unknown.join(", ")} here; there are ${known([...recorded])}`);
}

/** Only whether a step is right is asked of it. */
function withoutContext(options: EvaluationOptions): EvaluationOptions {
  const [given = 0] = options.warm ?? [];
  return { ...options, context: false, openLoopLengths: [], warm: [given], by: [] };
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
