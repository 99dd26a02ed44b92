/** M1–M3: rolling values equal a naive recomputation, survive restarts, and are absent where nothing is known. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codecs } from "../../src/codec/codecs.ts";
import type { Quality, Score, ScoreEntry, WindowName } from "../../src/codec/records.ts";
import type { LogRecord } from "../../src/log/port.ts";
import { createCeiling } from "../../src/monitor/ceiling.ts";
import { createEnvironment } from "../../src/monitor/environment.ts";
import { createMonitor } from "../../src/monitor/monitor.ts";
import { summarise } from "../../src/monitor/summary.ts";
import type { StageTask } from "../../src/run/stage.ts";
import { createPrometheus } from "../../src/stats/prometheus.ts";
import { wilson } from "../../src/stats/wilson.ts";
import { defaultsOf } from "../support/defaults.ts";
import { entryOf, scoreOf } from "../support/scores.ts";

const options = defaultsOf().monitor;
const startMs = 1_700_000_000_000;
const lengths: Readonly<Record<Exclude<WindowName, "all">, number>> = {
  "1m": 60_000,
  "5m": 300_000,
  "1h": 3_600_000,
  "24h": 86_400_000,
};

interface Arrival {
  readonly score: Score;
  readonly streamTime: number;
}

const result = fc.constantFrom<boolean | null>(true, true, false, null);
/** Scores that arrive as time goes on, some of them long after they happened. */
const arrivals: fc.Arbitrary<readonly Arrival[]> = fc
  .array(
    fc.record({
      gap: fc.oneof(fc.nat(3_000), fc.nat(400_000), fc.nat(20_000_000)),
      lateness: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(200_000), fc.nat(100_000_000)),
      quality: fc.constantFrom<Quality>("ok", "ok", "ok", "gap", "no-state"),
      base: result,
      other: result,
      reason: fc.constantFrom("untrained", "no-support", "I do not know!", null),
      first: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((list) => {
    let streamTime = startMs;
    return list.map(({ gap, lateness, quality, base, other, reason, first }, at) => {
      streamTime += gap;
      const entries = quality === "ok" ? [entryOf("persistence", base), silent(entryOf("recall", other), reason)] : [];
      return { streamTime, score: scoreOf(at, streamTime - lateness, entries, { quality, first }) };
    });
  });

function silent(entry: ScoreEntry, reason: string | null): ScoreEntry {
  return entry.status === "abstained" ? { ...entry, reason } : entry;
}

/** Straight from the definition: the scores whose bucket lies in (now - w, now], counted one by one. */
function naive(all: readonly Arrival[], window: Exclude<WindowName, "all">, now: number) {
  const bucketMs = lengths[window] / 60;
  const index = (time: number) => Math.floor(time / bucketMs);
  const inside = all.filter(({ score }) => index(score.time) > index(now) - 60 && index(score.time) <= index(now));
  const of = (predictor: string) => {
    const entries = inside
      .flatMap(({ score }) => score.entries.map((entry) => ({ score, entry })))
      .filter(({ entry }) => entry.predictor === predictor);
    return {
      tries: entries.length,
      match: entries.filter(({ entry }) => entry.exact === true).length,
      dynamicTries: entries.filter(({ score }) => score.dynamic).length,
      dynamicMatch: entries.filter(({ score, entry }) => score.dynamic && entry.exact === true).length,
      abstained: entries.filter(({ entry }) => entry.status === "abstained").length,
      fieldsEqual: entries.reduce((sum, { entry }) => sum + (entry.fieldsEqual ?? 0), 0),
    };
  };
  const counted = inside.filter(({ score }) => score.first);
  const quality = new Map<string, number>();
  for (const { score } of counted) quality.set(score.quality, (quality.get(score.quality) ?? 0) + 1);
  const reasons: Record<string, number> = {};
  for (const { entries } of inside.map(({ score }) => score))
    for (const { predictor, status, reason } of entries) {
      if (predictor !== "recall" || status !== "abstained") continue;
      const name = reason === "untrained" || reason === "no-support" ? reason : "other";
      reasons[name] = (reasons[name] ?? 0) + 1;
    }
  return { transitions: counted.length, quality, reasons, persistence: of("persistence"), recall: of("recall") };
}

describe("rolling windows (M1, M2)", () => {
  it("equal the naive recomputation at any time, in every window, also after a restart in between", () => {
    fc.assert(
      fc.property(arrivals, fc.nat(100_000_000), fc.nat(), (all, later, cut) => {
        let environment = createEnvironment("world", options);
        all.forEach(({ score, streamTime }, at) => {
          if (at === cut % all.length) {
            const again = createEnvironment("world", options);
            again.restore(JSON.parse(JSON.stringify(environment.snapshot())));
            environment = again;
          }
          environment.score(score, streamTime);
        });
        const end = all.at(-1)?.streamTime ?? startMs;
        for (const now of [end, end + (later % 90_000), end + later]) {
          for (const window of environment.windows) {
            if (window.name === "all") continue;
            const rollup = environment.rollup(window, now);
            const wanted = naive(all, window.name, now);
            expect(rollup.transitions).toBe(wanted.transitions);
            expect(new Map(rollup.quality.map((one) => [one.quality, one.transitions]))).toEqual(wanted.quality);
            for (const one of rollup.predictors) {
              expect(one.tally).toMatchObject(wanted[one.predictor === "recall" ? "recall" : "persistence"]);
              expect(one.tries.reduce((sum, tries) => sum + tries, 0)).toBe(one.tally.tries);
              if (one.predictor !== "recall") continue;
              expect(Object.fromEntries(one.abstentions.map(({ reason, steps }) => [reason, steps]))).toEqual(
                wanted.reasons,
              );
            }
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it("count everything in the window all, whatever its age", () => {
    fc.assert(
      fc.property(arrivals, (all) => {
        const environment = createEnvironment("world", options);
        for (const { score, streamTime } of all) environment.score(score, streamTime);
        const window = environment.windows.find(({ name }) => name === "all");
        if (window === undefined) throw new Error("no window");
        const rollup = environment.rollup(window, all.at(-1)?.streamTime ?? startMs);
        expect(rollup.transitions).toBe(all.filter(({ score }) => score.first).length);
        const tries = all.filter(({ score }) => score.entries.length > 0).length;
        const persistence = rollup.predictors.find((one) => one.predictor === "persistence");
        expect(persistence?.tally.tries ?? 0).toBe(tries);
        expect((persistence?.stepTries ?? []).reduce((sum, one) => sum + one, 0)).toBe(tries);
        const recall = rollup.predictors.find((one) => one.predictor === "recall");
        const silent = (recall?.abstentions ?? []).map(({ steps }) => steps);
        expect(silent.reduce((sum, steps) => sum + steps, 0)).toBe(recall?.tally.abstained ?? 0);
        expect(silent).toEqual([...silent].sort((a, b) => b - a));
      }),
      { numRuns: 200 },
    );
  });

  it("would notice a bucket too many (the naive recomputation can differ)", () => {
    const all = [{ streamTime: startMs, score: scoreOf(0, startMs, [entryOf("persistence", true)]) }];
    expect(naive(all, "1m", startMs + 59_000).transitions).toBe(1);
    expect(naive(all, "1m", startMs + 61_000).transitions).toBe(0);
  });
});

describe("the ceiling", () => {
  it("is the share of the most frequent truths over situations seen twice, as recomputed from all that was added", () => {
    const pair = fc.tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom("x", "y", "z"));
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 60 }), (all) => {
        const ceiling = createCeiling(1_000);
        for (const [situation, truth] of all) ceiling.add(situation, truth);
        let [best, samples] = [0, 0];
        for (const situation of new Set(all.map(([one]) => one))) {
          const truths = all.filter(([one]) => one === situation).map(([, truth]) => truth);
          if (truths.length < 2) continue;
          samples += truths.length;
          best += Math.max(...[...new Set(truths)].map((truth) => truths.filter((one) => one === truth).length));
        }
        expect(ceiling.value()).toEqual(samples === 0 ? null : { ratio: best / samples, samples });
        const again = createCeiling(1_000);
        again.restore(JSON.parse(JSON.stringify(ceiling.snapshot())));
        expect(again.value()).toEqual(ceiling.value());
      }),
    );
  });

  it("forgets the oldest situations beyond its bound", () => {
    const ceiling = createCeiling(2);
    for (const situation of ["a", "a", "b", "b", "c", "c"]) ceiling.add(situation, "x");
    expect(ceiling.value()).toEqual({ ratio: 1, samples: 4 });
  });
});

it("reasons to abstain are bounded: beyond the bound they are other", () => {
  const environment = createEnvironment("world", options);
  for (let at = 0; at < 60; at++) {
    const word = `reason-${String.fromCharCode(97 + (at % 26))}${String.fromCharCode(97 + Math.floor(at / 26))}`;
    environment.score(scoreOf(at, startMs, [silent(entryOf("theirs", null), word)]), startMs);
  }
  for (const window of environment.windows) {
    const [theirs] = environment.rollup(window, startMs).predictors;
    expect(theirs?.abstentions).toHaveLength(21);
    expect(theirs?.abstentions[0]).toEqual({ reason: "other", steps: 40 });
  }
});

describe("the summary", () => {
  it("is the formulas of the tally", () => {
    const environment = createEnvironment("world", options);
    // recall right where persistence is wrong twice, wrong where it is right once, and abstains once.
    const pairs: readonly [boolean | null, boolean | null][] = [
      [false, true],
      [false, true],
      [true, false],
      [false, null],
    ];
    for (const [at, [base, other]] of pairs.entries())
      environment.score(
        scoreOf(at, startMs, [entryOf("persistence", base), entryOf("recall", other)], { dynamic: true }),
        startMs,
      );
    const window = environment.windows[0];
    const tally = window === undefined ? undefined : environment.rollup(window, startMs).predictors[1]?.tally;
    if (tally === undefined) throw new Error("no tally");
    const summary = summarise(tally, true);
    expect(summary).toMatchObject({
      samples: 4,
      accuracy: 0.5,
      dynamicSamples: 4,
      staticSamples: 0,
      staticAccuracy: null,
    });
    expect(summary.interval).toEqual(wilson(2, 4));
    expect(summary.skill).toBeCloseTo((0.5 - 0.25) / (1 - 0.25), 12);
    expect(summary.brier).toBeCloseTo(0.25, 12);
    expect(summarise(tally, false).alwaysValid).toBeNull();
  });
});

function record(topic: string, offset: number, timestamp: number, value: Uint8Array): LogRecord {
  return { topic, partition: 0, offset, timestamp, key: "world", value };
}

describe("the gauges (M3)", () => {
  function started() {
    const clock = { now: startMs };
    const prometheus = createPrometheus();
    const stage = createMonitor({
      options,
      metrics: prometheus.metrics,
      own: new Set(["persistence", "recall"]),
      now: () => clock.now,
    });
    return { clock, prometheus, stage, task: stage.task(0) };
  }
  const noEmit = { record() {}, blob: () => "" };
  const feed = (task: StageTask, count: number) => {
    for (let at = 0; at < count; at++) {
      const score = scoreOf(at, startMs, [entryOf("persistence", at % 4 === 0), entryOf("recall", true)]);
      task.fold(record("scores", at, startMs, codecs.score.encode(score)), noEmit, true);
    }
    task.committed?.();
  };
  const value = (text: string, series: string) =>
    text
      .split("\n")
      .find((line) => line.startsWith(`${series} `))
      ?.split(" ")[1] ?? null;
  const labels = (window: string) => `{environment="world",predictor="persistence",window="${window}"}`;

  it("export no ratio and a count of zero for a window that has become empty, without anything being written", async () => {
    const { clock, prometheus, task } = started();
    feed(task, 8);
    const accuracy = `driftline_next_state_accuracy_ratio${labels("1m")}`;
    const samples = `driftline_next_state_accuracy_ratio_samples${labels("1m")}`;
    const now = await prometheus.text();
    expect([value(now, accuracy), value(now, samples)]).toEqual(["0.25", "8"]);
    clock.now += 120_000;
    const later = await prometheus.text();
    expect([value(later, accuracy), value(later, samples)]).toEqual([null, "0"]);
    expect(value(later, `driftline_next_state_accuracy_ratio${labels("all")}`)).toBe("0.25");
  });

  it("are told again as rollups at once when the clock was set back, not when it is where it was", () => {
    const { task } = started();
    const told = (nowMs: number) => {
      const topics: string[] = [];
      task.poll?.(nowMs, { record: (topic) => void topics.push(topic), blob: () => "" }, () => null);
      return topics.filter((topic) => topic === "rollups").length;
    };
    feed(task, 8);
    const windows = told(startMs + 600_000);
    expect(windows).toBeGreaterThan(0);
    const score = scoreOf(8, startMs, [entryOf("persistence", true)]);
    task.fold(record("scores", 8, startMs, codecs.score.encode(score)), noEmit, true);
    expect(told(startMs + 600_500)).toBe(0);
    expect(told(startMs)).toBe(windows);
  });

  it("drop what was seen before, and scores of simulated episodes", async () => {
    const { prometheus, task } = started();
    feed(task, 8);
    feed(task, 8);
    task.fold(
      record(
        "scores",
        99,
        startMs,
        codecs.score.encode(scoreOf(99, startMs, [entryOf("persistence", false)], { arm: "world_model" })),
      ),
      noEmit,
      true,
    );
    task.committed?.();
    expect(value(await prometheus.text(), `driftline_next_state_accuracy_ratio_samples${labels("1m")}`)).toBe("8");
  });

  it("time a step by its first record: an entry that follows when its deadline is over is no delay", async () => {
    const { clock, prometheus, task } = started();
    feed(task, 3);
    clock.now += 30_000;
    const late = scoreOf(99, startMs, [entryOf("theirs", null, { status: "missing" })], { first: false });
    task.fold(record("scores", 99, clock.now, codecs.score.encode(late)), noEmit, true);
    task.committed?.();
    const text = await prometheus.text();
    expect(value(text, "driftline_event_to_metric_seconds_count")).toBe("3");
    expect(value(text, 'driftline_event_to_metric_seconds_bucket{le="1"}')).toBe("3");
  });

  it("go when their task is closed", async () => {
    const { prometheus, task } = started();
    feed(task, 3);
    task.close?.();
    expect(await prometheus.text()).not.toContain('environment="world"');
  });

  it("turn undecodable bytes into a dead letter with the original", () => {
    const { task } = started();
    const letters: Uint8Array[] = [];
    const emit = {
      record: (topic: string, _key: string | null, bytes: Uint8Array | null) =>
        void (topic === "dead-letters" && bytes !== null && letters.push(bytes)),
      blob: () => "",
    };
    task.fold(record("scores", 0, startMs, Buffer.from("garbage")), emit, true);
    expect(letters.map((bytes) => codecs.deadLetter.decode(bytes))).toMatchObject([
      { stage: "monitor", reason: "undecodable", value: new Uint8Array(Buffer.from("garbage")) },
    ]);
  });
});
