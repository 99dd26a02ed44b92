/**
 * What the page shows, gathered by reading topics aside: the newest rollups, model versions, wrong predictions and dead letters. Bounded;
 * when scores come faster than they can be looked at, it looks at the newest.
 */
import { isUtf8 } from "node:buffer";
import { meaningOf } from "../codec/abstention-reasons.ts";
import { codecs } from "../codec/codecs.ts";
import { type DeadLetterReason, deadLetterReasons } from "../codec/dead-letter-reasons.ts";
import type { Rollup, Score } from "../codec/records.ts";
import { liveName } from "../codec/reference-name.ts";
import type { Log, LogRecord } from "../log/port.ts";
import { coverageOf, summarise } from "../monitor/summary.ts";
import { createChoices } from "./choices.ts";
import { consistencyView } from "./consistency-view.ts";
import { createDriftViews } from "./drift-views.ts";
import { createFollower, type Follower } from "./follower.ts";
import { createModelViews } from "./model-views.ts";
import type {
  AlarmView,
  BaselineView,
  DeadLetterView,
  EnvironmentView,
  ExampleView,
  LiveView,
  ModelsView,
  WindowView,
} from "./views.ts";

const examplesPerEnvironment = 50;
const environmentsMax = 1_000;
const deadLettersMax = 200;
const valueShownMax = 500;
/** Records of `scores` looked at per partition and round. */
const scoresPerRound = 200;
const deadLettersAtStart = 20_000;
const alarmsAtStart = 5_000;
/** Of one environment in the live view. */
const alarmsShownMax = 10;

export interface Board {
  /** Reads what is new; call it about twice a second. */
  refresh(): Promise<void>;
  environments(now: number): readonly EnvironmentView[];
  examples(environment: string | null, predictor: string | null, max: number): readonly ExampleView[];
  models(): readonly ModelsView[];
  alarms(environment: string | null, max: number): readonly AlarmView[];
  baselines(environment: string | null): readonly BaselineView[];
  deadLetterCounts(): LiveView["deadLetters"];
  deadLetters(reason: string | null, max: number): readonly DeadLetterView[];
}

export function createBoard(log: Pick<Log, "read" | "range" | "partitionCount">): Board {
  const rollups = new Map<string, Map<string, Rollup>>();
  const models = createModelViews();
  const drift = createDriftViews();
  const choices = createChoices();
  const examples = new Map<string, ExampleView[]>();
  const letters: DeadLetterView[] = [];
  const counts = new Map<string, number>();
  const followers: readonly Follower[] = [
    createFollower(log, "rollups", "start", Number.POSITIVE_INFINITY, (record) => takeRollup(record)),
    createFollower(log, "models", "start", Number.POSITIVE_INFINITY, models.take),
    createFollower(log, "alarms", alarmsAtStart, Number.POSITIVE_INFINITY, drift.takeAlarm),
    createFollower(log, "baselines", "start", Number.POSITIVE_INFINITY, drift.takeBaseline),
    createFollower(log, "scores", scoresPerRound, scoresPerRound, (record) => takeScore(record)),
    createFollower(log, "dead-letters", deadLettersAtStart, Number.POSITIVE_INFINITY, (record) => takeLetter(record)),
  ];

  function takeRollup({ value }: LogRecord): void {
    if (value === null) return;
    const rollup = codecs.rollup.decode(value);
    const windows = rollups.get(rollup.environment) ?? new Map<string, Rollup>();
    if (!rollups.has(rollup.environment) && rollups.size >= environmentsMax) return;
    rollups.set(rollup.environment, windows);
    windows.set(rollup.window, rollup);
  }

  function takeScore({ value }: LogRecord): void {
    if (value === null) return;
    const score = codecs.score.decode(value);
    choices.take(score);
    if (score.example === null) return;
    const list = examples.get(score.environment) ?? [];
    if (!examples.has(score.environment) && examples.size >= environmentsMax) return;
    examples.set(score.environment, list);
    list.unshift(...examplesOf(score, score.example));
    list.length = Math.min(list.length, examplesPerEnvironment);
  }

  function takeLetter({ partition, offset, value }: LogRecord): void {
    if (value === null) return;
    const letter = codecs.deadLetter.decode(value);
    counts.set(letter.reason, (counts.get(letter.reason) ?? 0) + 1);
    const { time, stage, reason, message, environment, episode } = letter;
    letters.unshift({
      partition,
      offset,
      time,
      stage,
      reason,
      message,
      environment,
      episode,
      value: shown(letter.value),
    });
    letters.length = Math.min(letters.length, deadLettersMax);
  }

  return {
    async refresh() {
      for (const follower of followers) await follower.follow();
    },
    environments: (now) =>
      [...rollups]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([environment, windows]) =>
          environmentView(environment, [...windows.values()], now, {
            references: models.references(environment),
            alarms: drift.alarms(environment, alarmsShownMax),
            baselines: drift.baselines(environment),
            choices: choices.of(environment),
          }),
        ),
    examples(environment, predictor, max) {
      const lists = environment === null ? [...examples.values()] : [examples.get(environment) ?? []];
      return lists
        .flat()
        .filter((example) => predictor === null || example.predictor === predictor)
        .sort((a, b) => b.time - a.time)
        .slice(0, max);
    },
    models: models.models,
    alarms: drift.alarms,
    baselines: drift.baselines,
    deadLetterCounts: () =>
      [...counts].sort((a, b) => b[1] - a[1]).map(([reason, count]) => ({ reason, count, mend: mendOf(reason) })),
    deadLetters: (reason, max) => letters.filter((letter) => reason === null || letter.reason === reason).slice(0, max),
  };
}

const windowOrder = ["1m", "5m", "1h", "24h", "all"];

function environmentView(
  environment: string,
  rollups: readonly Rollup[],
  now: number,
  more: Pick<EnvironmentView, "references" | "alarms" | "baselines" | "choices">,
): EnvironmentView {
  const sorted = [...rollups].sort((a, b) => windowOrder.indexOf(a.window) - windowOrder.indexOf(b.window));
  const newest = [...rollups].sort((a, b) => b.at - a.at)[0];
  const all = rollups.find((rollup) => rollup.window === "all");
  return {
    environment,
    kind: newest?.kind ?? "state",
    baseline: newest?.baseline ?? "persistence",
    ceiling: all?.ceiling ?? null,
    ceilingSamples: all?.ceilingSamples ?? 0,
    ...more,
    windows: sorted.filter((rollup) => !isStale(rollup, now)).map(windowView),
    consistency: consistencyView(all?.consistency ?? []),
    arms: all?.arms ?? [],
  };
}

/** A rolling window whose writer is gone says nothing about now. */
function isStale(rollup: Rollup, now: number): boolean {
  return rollup.window !== "all" && now - rollup.at > 60 * rollup.bucketMs;
}

function windowView(rollup: Rollup): WindowView {
  const { window, bucketMs, end, transitions, episodes, quality } = rollup;
  return {
    window,
    bucketMs,
    end,
    transitions,
    episodes,
    coverage: coverageOf(quality),
    quality,
    predictors: besideEachOther(rollup.predictors).map(
      ({ predictor, version, tally, tries, matches, stepTries, stepMatches, abstentions }) => {
        return {
          predictor,
          version,
          summary: summarise(tally, window === "all"),
          tries,
          matches,
          stepTries,
          stepMatches,
          abstentions: abstentions.map((one) => ({ ...one, means: meaningOf(one.reason) })),
        };
      },
    ),
  };
}

/** Each reference follows the live version of its predictor. */
function besideEachOther(predictors: Rollup["predictors"]): Rollup["predictors"] {
  const placeOf = (name: string) => predictors.findIndex(({ predictor }) => predictor === name);
  const place = (name: string) => {
    const live = placeOf(liveName(name));
    return live < 0 ? placeOf(name) : live;
  };
  return [...predictors].sort((a, b) => place(a.predictor) - place(b.predictor));
}

function examplesOf(score: Score, example: NonNullable<Score["example"]>): readonly ExampleView[] {
  const { environment, kind, episode, step, appendedAt: time } = score;
  return score.entries.flatMap(({ predictor, version, prediction, confidence }) =>
    prediction === null
      ? []
      : [{ environment, kind, predictor, version, episode, step, time, ...example, prediction, confidence }],
  );
}

function mendOf(reason: string): string {
  return isReason(reason) ? deadLetterReasons[reason] : "";
}

function isReason(reason: string): reason is DeadLetterReason {
  return Object.hasOwn(deadLetterReasons, reason);
}

function shown(value: Uint8Array): string {
  const bytes = Buffer.from(value);
  return isUtf8(bytes)
    ? bytes.toString("utf8").slice(0, valueShownMax)
    : bytes.subarray(0, valueShownMax).toString("base64");
}
