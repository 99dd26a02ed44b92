/** Gathers scores of one (environment, predictor) over files. */

import type { ScoreEntry } from "../../codec/records.ts";
import { type Summary, summarise } from "../../monitor/summary.ts";
import { addCounts, type Counts, countsOf, emptyCounts, tallyOf } from "../../monitor/tally.ts";
import {
  areaUnderRoc,
  calibrationError,
  type Judged,
  rightAtCoverage,
  type SureEnough,
  sureEnough,
} from "../../stats/confidence-quality.ts";
import { createGroups, type Grouping, type GroupResult, type Mean, meanOf } from "./groups.ts";
import type { RunLength } from "./open-loop.ts";
import { createRuns, type RunsResult } from "./runs.ts";
import { createWarmCurve, type WarmResult } from "./warm.ts";

const stepsShownMax = 30;

/** What is known of a step beside its entries. */
export interface About {
  readonly dynamic: boolean;
  readonly unseen: boolean;
  readonly step: number;
  readonly baselineExact: boolean | null;
  readonly groups: Readonly<Partial<Record<Grouping, string>>>;
  /** Counted in the warm curve alone: the step was given. */
  readonly given: boolean;
}

/** An answer in text, beside its score: nothing answered counts 0 and is not the same. Null of structured states. */
export interface AnswerMeasures {
  readonly wordF1: number | null;
  readonly asJson: boolean | null;
}

export interface Measured {
  add(entry: ScoreEntry, about: About, answer: AnswerMeasures): void;
  /** The model fed with its own predictions: which steps were right? */
  addOpenLoop(length: RunLength, rights: readonly boolean[]): void;
  addWarmRest(given: number, step: number, exact: boolean): void;
  result(environment: string, predictor: string): Result;
}

export interface Result {
  readonly environment: string;
  readonly predictor: string;
  readonly n: number;
  readonly abstained: number;
  readonly failed: number;
  /** Ratios 0 to 1; null where there is nothing to count. */
  readonly exact: {
    readonly all: number | null;
    readonly dynamic: number | null;
    readonly static: number | null;
    readonly unseen: number | null;
  };
  readonly counts: { readonly dynamic: number; readonly static: number; readonly unseen: number };
  /** 95 % Wilson. */
  readonly intervals: {
    readonly all: readonly [number, number] | null;
    readonly dynamic: readonly [number, number] | null;
    readonly unseen: readonly [number, number] | null;
  };
  /** Mean word F1, nothing answered counting 0; null for structured states. */
  readonly wordF1: number | null;
  /** Share that says the same where texts that hold JSON are read as JSON; null for structured states. */
  readonly asJson: number | null;
  readonly fields: number | null;
  readonly changedF1: number | null;
  /** Word F1 of what was answered. */
  readonly tokens: number | null;
  readonly tokensAligned: number | null;
  readonly brier: number | null;
  /** Of the confidences given: area under the ROC curve, expected calibration error; null without any. */
  readonly auroc: number | null;
  readonly ece: number | null;
  /** Right of the nine tenths that are surest. */
  readonly sure90: number | null;
  /** By how often answers are to be right, 0 to 1; null where no answers are right so often. */
  readonly sure: readonly { readonly wanted: number; readonly found: SureEnough | null }[];
  readonly skill: number | null;
  readonly byStep: readonly { readonly step: number; readonly n: number; readonly exact: number }[];
  readonly openLoop: readonly RunsResult[];
  /** By the number of given observations; empty where one number was asked for. */
  readonly warm: readonly WarmResult[];
  readonly by: readonly GroupResult[];
  readonly microseconds: number | null;
}

export function createMeasured(givens: readonly number[] = [], wanted: readonly number[] = []): Measured {
  const all = emptyCounts();
  const dynamic = emptyCounts();
  const unseen = emptyCounts();
  const byStep: { n: number; match: number }[] = [];
  const runs = createRuns();
  const warm = createWarmCurve(givens);
  const groups = createGroups();
  const wordF1: Mean = { sum: 0, n: 0 };
  const sameJson: Mean = { sum: 0, n: 0 };
  const aligned = { sum: 0, n: 0 };
  const time = { seconds: 0, n: 0 };
  const judged: Judged[] = [];

  return {
    add(entry, about, answer) {
      const exact = entry.exact === true;
      warm.next(about.step, exact);
      if (about.given) return;
      groups.add(about.groups, { exact, abstained: entry.status === "abstained", wordF1: answer.wordF1 });
      addTo(wordF1, answer.wordF1);
      addTo(sameJson, answer.asJson === null ? null : Number(answer.asJson));
      const counts = countsOf(entry, about.dynamic, about.baselineExact);
      addCounts(all, counts);
      if (about.dynamic) addCounts(dynamic, counts);
      if (about.unseen) addCounts(unseen, counts);
      const place = Math.min(about.step, stepsShownMax);
      for (let at = byStep.length; at <= place; at++) byStep.push({ n: 0, match: 0 });
      const index = byStep[place];
      if (index !== undefined) {
        index.n += 1;
        index.match += Number(exact);
      }
      if (entry.tokenAligned !== null) {
        aligned.sum += entry.tokenAligned;
        aligned.n += 1;
      }
      if (entry.confidence !== null) judged.push({ confidence: entry.confidence, right: exact });
      if (entry.seconds !== null) {
        time.seconds += entry.seconds;
        time.n += 1;
      }
    },
    addOpenLoop: (length, rights) => runs.add(length, rights),
    addWarmRest: (given, step, exact) => warm.rest(given, step, exact),
    result(environment, predictor) {
      const [whole, changed, fresh] = [summaryOf(all), summaryOf(dynamic), summaryOf(unseen)];
      const { abstained, failed } = tallyOf(all);
      return {
        environment,
        predictor,
        n: whole.samples,
        abstained,
        failed,
        exact: {
          all: whole.accuracy,
          dynamic: whole.dynamicAccuracy,
          static: whole.staticAccuracy,
          unseen: fresh.accuracy,
        },
        counts: { dynamic: whole.dynamicSamples, static: whole.staticSamples, unseen: fresh.samples },
        intervals: { all: pair(whole), dynamic: pair(changed), unseen: pair(fresh) },
        wordF1: meanOf(wordF1),
        asJson: meanOf(sameJson),
        fields: whole.fields,
        changedF1: whole.changedF1,
        tokens: whole.tokenF1,
        tokensAligned: aligned.n === 0 ? null : aligned.sum / aligned.n,
        brier: whole.brier,
        auroc: areaUnderRoc(judged),
        ece: calibrationError(judged),
        sure90: rightAtCoverage(judged, whole.samples, 0.9),
        sure: wanted.map((one) => ({ wanted: one, found: sureEnough(judged, one) })),
        skill: whole.skill,
        byStep: byStep.flatMap(({ n, match }, step) => (n === 0 ? [] : [{ step, n, exact: match / n }])),
        openLoop: runs.result(),
        warm: warm.result(),
        by: groups.result(),
        microseconds: time.n === 0 ? null : (time.seconds / time.n) * 1e6,
      };
    },
  };
}

function summaryOf(counts: Counts): Summary {
  return summarise(tallyOf(counts), false);
}

function addTo(mean: Mean, value: number | null): void {
  if (value === null) return;
  mean.sum += value;
  mean.n += 1;
}

function pair({ interval }: Summary): readonly [number, number] | null {
  return interval === null ? null : [interval.lower, interval.upper];
}
