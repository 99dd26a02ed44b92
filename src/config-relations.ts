/** What no schema says of single options: how those of several parts go together. */
import type { Config } from "./config.ts";
import { compileOverrides } from "./json/shape/overrides.ts";
import { kafkaProblems } from "./log/kafka/options.ts";
import { setupsOf } from "./predict-remote/setups.ts";
import { predictorFactories } from "./predictors/registry.ts";
import { registryProblems } from "./registry/options.ts";
import { runProblems } from "./run/options.ts";
import { isLoopback } from "./serve/options.ts";
import { comparisonRulesOf, environmentOf } from "./track/environment.ts";
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
  for (const environment of Object.keys(track.environments)) problems.push(...environmentProblems(track, environment));
  return problems;
}

/** Each part by itself, so that the one is named that is wrong; and both where only together they are too many. */
function environmentProblems(track: Config["track"], environment: string): readonly string[] {
  const { comparison = {}, shape = {} } = environmentOf(track, environment) ?? {};
  const at = `track.environments.${environment}`;
  const parts = [
    ...problemOf(`${at}.comparison`, () => compileComparison(comparison, "state")),
    ...problemOf(`${at}.shape`, () => compileOverrides(shape)),
  ];
  if (parts.length > 0) return parts;
  return problemOf(`${at}.comparison and ${at}.shape.keyed`, () =>
    compileComparison(comparisonRulesOf(track, environment) ?? {}, "state"),
  );
}

function problemOf(where: string, compile: () => unknown): readonly string[] {
  try {
    compile();
    return [];
  } catch (error) {
    return [`${where}: ${error instanceof Error ? error.message : String(error)}`];
  }
}
