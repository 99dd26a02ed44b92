/** Gathers scores of one (environment, predictor) over files. */

import type { ScoreEntry } from "../../codec/records.ts";
import { type Summary, summarise } from "../../monitor/summary.ts";
import { addCounts, type Counts, countsOf, emptyCounts, tallyOf } from "../../monitor/tally.ts";
import { areaUnderRoc, calibrationError, type Judged, rightAtCoverage } from "../../stats/confidence-quality.ts";

export const stepsShownMax = 30;

export interface Measured {
  add(
    entry: ScoreEntry,
    about: {
      readonly dynamic: boolean;
      readonly unseen: boolean;
      readonly step: number;
      readonly baselineExact: boolean | null;
    },
  ): void;
  /** The model fed with its own predictions: right after `length` steps? */
  addOpenLoop(length: number, exact: boolean): void;
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
  readonly fields: number | null;
  readonly changedF1: number | null;
  readonly tokens: number | null;
  readonly tokensAligned: number | null;
  readonly brier: number | null;
  /** Of the confidences given: area under the ROC curve, expected calibration error; null without any. */
  readonly auroc: number | null;
  readonly ece: number | null;
  /** Right of the nine tenths that are surest. */
  readonly sure90: number | null;
  readonly skill: number | null;
  readonly byStep: readonly { readonly step: number; readonly n: number; readonly exact: number }[];
  readonly openLoop: readonly { readonly length: number; readonly n: number; readonly exact: number }[];
  readonly microseconds: number | null;
}

export function createMeasured(): Measured {
  const all = emptyCounts();
  const dynamic = emptyCounts();
  const unseen = emptyCounts();
  const byStep: { n: number; match: number }[] = [];
  const openLoop = new Map<number, { n: number; match: number }>();
  const aligned = { sum: 0, n: 0 };
  const time = { seconds: 0, n: 0 };
  const judged: Judged[] = [];

  return {
    add(entry, about) {
      const counts = countsOf(entry, about.dynamic, about.baselineExact);
      addCounts(all, counts);
      if (about.dynamic) addCounts(dynamic, counts);
      if (about.unseen) addCounts(unseen, counts);
      const place = Math.min(about.step, stepsShownMax);
      for (let at = byStep.length; at <= place; at++) byStep.push({ n: 0, match: 0 });
      const index = byStep[place];
      if (index !== undefined) {
        index.n += 1;
        index.match += Number(entry.exact === true);
      }
      if (entry.tokenAligned !== null) {
        aligned.sum += entry.tokenAligned;
        aligned.n += 1;
      }
      if (entry.confidence !== null) judged.push({ confidence: entry.confidence, right: entry.exact === true });
      if (entry.seconds !== null) {
        time.seconds += entry.seconds;
        time.n += 1;
      }
    },
    addOpenLoop(length, exact) {
      const known = openLoop.get(length) ?? { n: 0, match: 0 };
      known.n += 1;
      known.match += Number(exact);
      openLoop.set(length, known);
    },
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
        fields: whole.fields,
        changedF1: whole.changedF1,
        tokens: whole.tokenF1,
        tokensAligned: aligned.n === 0 ? null : aligned.sum / aligned.n,
        brier: whole.brier,
        auroc: areaUnderRoc(judged),
        ece: calibrationError(judged),
        sure90: rightAtCoverage(judged, whole.samples, 0.9),
        skill: whole.skill,
        byStep: byStep.flatMap(({ n, match }, step) => (n === 0 ? [] : [{ step, n, exact: match / n }])),
        openLoop: [...openLoop]
          .map(([length, { n, match }]) => ({ length, n, exact: match / n }))
          .sort((a, b) => a.length - b.length),
        microseconds: time.n === 0 ? null : (time.seconds / time.n) * 1e6,
      };
    },
  };
}

function summaryOf(counts: Counts): Summary {
  return summarise(tallyOf(counts), false);
}

function pair({ interval }: Summary): readonly [number, number] | null {
  return interval === null ? null : [interval.lower, interval.upper];
}
