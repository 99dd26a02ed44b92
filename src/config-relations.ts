/** What no schema says of single options: how those of several parts go together. */
import type { Config } from "./config.ts";
import { kafkaProblems } from "./log/kafka/options.ts";
import { setupsOf } from "./predict-remote/setups.ts";
import { predictorFactories } from "./predictors/registry.ts";
import { registryProblems } from "./registry/options.ts";
import { runProblems } from "./run/options.ts";
import { isLoopback } from "./serve/options.ts";
import { comparisonRulesOf } from "./track/environment.ts";
import { compileComparison } from "./track/score/comparison.ts";

const inlineNames = predictorFactories.map(({ name }) => name);

/** One a line; each names the option. */
export function relationProblems(config: Config): readonly string[] {
  const { http, run, log, track, predictRemote } = config;
  const problems: string[] = [];
  if (!isLoopback(http.host) && http.token.length < 16) {
    problems.push(
      `http.host: ${http.host} is reachable from elsewhere, so http.token must be set to at least 16 characters (DRIFTLINE_HTTP_TOKEN)`,
    );
  }
  if (log.adapter === "kafka") problems.push(...kafkaProblems(log.kafka));
  problems.push(...registryProblems(log.registry, log.adapter));
  problems.push(...runProblems(run));
  problems.push(...setupsOf(predictRemote, inlineNames).problems);
  for (const name of track.predictors.filter((one) => !inlineNames.includes(one)))
    problems.push(`track.predictors: there is no inline predictor ${name}; there are ${inlineNames.join(", ")}`);
  const onlyRemote = run.only.length > 0 && run.only.every((name) => name === "predict-remote");
  if (onlyRemote && Object.keys(predictRemote.predictors).length === 0)
    problems.push("run.only: predict-remote has nothing to do where predictRemote.predictors names none");
  for (const environment of Object.keys(track.environments)) {
    try {
      compileComparison(comparisonRulesOf(track, environment) ?? {}, "state");
    } catch (error) {
      problems.push(
        `track.environments.${environment}.comparison: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  return problems;
}
