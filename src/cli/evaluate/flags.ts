/** The flags of `driftline evaluate`, checked. */
import { existsSync } from "node:fs";
import { predictorFactories } from "../../predictors/registry.ts";
import { remoteFactories } from "../../predictors/remote-registry.ts";
import { type FlagSpec, type Taken, UsageError } from "../arguments.ts";
import type { RemoteFlags } from "../remote-flags.ts";
import type { EvaluationOptions } from "./evaluation.ts";
import { type Grouping, groupings } from "./groups.ts";
import type { RunLength } from "./open-loop.ts";
import { type Protocol, protocols } from "./print.ts";

export const flags: FlagSpec = {
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
    help: "lengths of open-loop runs, all: whole episodes (default 2,4,8; none switches them off)",
    placeholder: "K,K,all",
  },
  warm: {
    kind: "string",
    help: "the first K real observations of tested episodes are given and not scored; several numbers make a curve (default 0)",
    placeholder: "K,K",
  },
  contexts: {
    kind: "boolean",
    help: "exact match with context, without, and after the given observations, side by side",
  },
  by: { kind: "string", help: `exact match apart by ${groupings.join(", ")}`, placeholder: "NAME,NAME" },
  sure: {
    kind: "string",
    help: "how many steps are answered so that P % of the answers are right, and the confidenceMin for it",
    placeholder: "P,P",
  },
  steps: { kind: "boolean", help: "print accuracy by step index too" },
  json: { kind: "boolean", help: 'one JSON object: {"results":[…]} with ratios 0 to 1' },
};

export function protocolOf(taken: Taken): Protocol {
  const stream = taken.boolean("stream");
  const given = taken.string("protocol") ?? (stream ? "stream" : "frozen");
  const protocol = protocols.find((one) => one === given);
  if (stream && given !== "stream") throw new UsageError(`--stream is --protocol stream, not ${given}: leave one out`);
  if (protocol === undefined) throw new UsageError(`--protocol is one of ${protocols.join(", ")}`);
  return protocol;
}

export function optionsOf(taken: Taken, protocol: Protocol, remote: RemoteFlags["predictors"]): EvaluationOptions {
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
  const withoutContext = taken.boolean("no-context");
  if (withoutContext && taken.boolean("contexts"))
    throw new UsageError("--contexts evaluates with and without context: leave --no-context out");
  return {
    train,
    test,
    predictors,
    remote,
    limit,
    context: !withoutContext,
    learnFromTest: protocol !== "frozen",
    openLoopLengths: lengthsOf(taken.string("open-loop") ?? "2,4,8"),
    warm: warmOf(taken.string("warm") ?? "0"),
    by: groupingsOf(taken.string("by")),
    sure: sharesOf(taken.string("sure")),
  };
}

/** Our own, and those whose predictions were recorded in the files. */
export function known(others: readonly string[]): string {
  const kinds = remoteFactories.map((one) => one.kind);
  return [...predictorFactories.map((one) => one.name), ...others, ...kinds].join(", ");
}

/** Longer runs than this are asked for by mistake. */
const stepsMax = 1_000;

function lengthsOf(text: string): readonly RunLength[] {
  if (text === "none") return [];
  return unique(text.split(",")).map((word) => {
    if (word === "all") return word;
    const length = Number(word);
    if (word.trim() === "" || !Number.isInteger(length) || length < 1 || length > stepsMax)
      throw new UsageError(`--open-loop takes whole numbers from 1 to ${stepsMax}, all or none: --open-loop 2,4,8,all`);
    return length;
  });
}

function warmOf(text: string): readonly number[] {
  const numbers = unique(text.split(",")).map((word) => {
    const given = Number(word);
    if (word.trim() === "" || !Number.isInteger(given) || given < 0 || given > stepsMax)
      throw new UsageError(`--warm takes whole numbers from 0 to ${stepsMax}: --warm 0,1,2,4,8,16`);
    return given;
  });
  return numbers.sort((a, b) => a - b);
}

function groupingsOf(text: string | null): readonly Grouping[] {
  if (text === null) return [];
  return unique(text.split(",")).map((word) => {
    const found = groupings.find((one) => one === word);
    if (found === undefined) throw new UsageError(`--by takes ${groupings.join(", ")}: --by agent,action`);
    return found;
  });
}

function sharesOf(text: string | null): readonly number[] {
  if (text === null) return [];
  return unique(text.split(",")).map((word) => {
    const percent = Number(word);
    if (word.trim() === "" || !(percent > 0 && percent <= 100))
      throw new UsageError("--sure takes percentages above 0 and up to 100: --sure 99.5,99,95");
    return percent / 100;
  });
}

function unique<T>(all: readonly T[]): readonly T[] {
  return [...new Set(all)];
}
