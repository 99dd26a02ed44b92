/** The exposition: the same as the client's own text, threads added up, exemplars in OpenMetrics alone, fast and small at fifty environments. */
import fc from "fast-check";
import { Counter, Histogram, Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { codecs } from "../../src/codec/codecs.ts";
import { createMonitor } from "../../src/monitor/monitor.ts";
import { formatFor } from "../../src/stats/exposition.ts";
import { createPrometheus } from "../../src/stats/prometheus.ts";
import { exemplarOf } from "../../src/stats/trace.ts";
import { defaultsOf } from "../support/defaults.ts";
import { outcomeOf } from "../support/outcomes.ts";
import { entryOf, scoreOf } from "../support/scores.ts";

const sorted = (text: string) =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .sort();

describe("the text", () => {
  it("says of counters and histograms what the client says itself", async () => {
    const label = fc.string({ unit: fc.constantFrom("a", '"', "\\", "\n", "ü", "{", ","), maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(label, fc.double({ min: 0, max: 20, noNaN: true })), { maxLength: 12 }),
        async (list) => {
          const registry = new Registry();
          const own = createPrometheus();
          const shape = { help: 'What "x" \\ is.', labelNames: ["a"], registers: [registry] };
          const [counter, histogram] = [
            new Counter({ ...shape, name: "x_total" }),
            new Histogram({ ...shape, name: "x_seconds", buckets: [1, 10] }),
          ];
          const ours = {
            counter: own.metrics.counter("x_total", shape.help, ["a"]),
            histogram: own.metrics.histogram("x_seconds", shape.help, ["a"], [1, 10]),
          };
          for (const [a, value] of list) {
            counter.inc({ a }, value);
            histogram.observe({ a }, value);
            ours.counter.add({ a }, value);
            ours.histogram.observe({ a }, value);
          }
          // The client writes `le` behind the other labels of a histogram, and we before them: the same series.
          const alike = (text: string) =>
            sorted(text).map((line) =>
              line.replace(/\{(le="[^"]*"),(.*)\} /, "{$2,$1} ").replace(/\{(.*),(le="[^"]*")\} /, "{$1,$2} "),
            );
          expect(alike(await own.text())).toEqual(alike(await registry.metrics()));
        },
      ),
      { numRuns: 100 },
    );
  });

  it("adds up threads; within a thread the last sample of a gauge stands", async () => {
    const [one, other] = [createPrometheus(), createPrometheus()];
    for (const { metrics } of [one, other]) {
      metrics.counter("x_total", "X.", ["a"]).add({ a: "1" }, 2);
      metrics.gauge("g", "G.", [], () => [{ labels: {}, value: 5 }]);
      metrics.gauge("g", "G.", [], () => [{ labels: {}, value: 7 }]);
    }
    const text = await one.text([await other.data()]);
    expect(text).toContain('\nx_total{a="1"} 4\n');
    expect(text).toContain("\ng 14\n");
  });

  it("writes what is no number as Prometheus reads it", async () => {
    const { metrics, text } = createPrometheus();
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    metrics.gauge("g", "G.", ["n"], () => values.map((value, n) => ({ labels: { n: String(n) }, value })));
    expect(sorted(await text()).filter((line) => line.startsWith("g"))).toEqual([
      'g{n="0"} NaN',
      'g{n="1"} +Inf',
      'g{n="2"} -Inf',
    ]);
  });
});

describe("OpenMetrics", () => {
  it("is given to who asks for it by name", () => {
    expect(formatFor("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1")).toBe(
      "openmetrics",
    );
    for (const accept of [
      "",
      "*/*",
      "text/plain",
      "application/openmetrics-text;q=0",
      "application/openmetrics-textual",
    ])
      expect(formatFor(accept), accept).toBe("text");
  });

  it("carries the newest trace of what was counted, and the text format none", async () => {
    const { metrics, text } = createPrometheus();
    const counter = metrics.counter("x_total", "X.", ["a"]);
    counter.add({ a: "1" }, 1, { trace_id: "first" });
    counter.add({ a: "1" }, 1, { trace_id: "second" });
    counter.add({ a: "1" }, 1, null);
    metrics.histogram("x_seconds", "X.", [], [1]).observe({}, 0.5, { trace_id: "slow" });
    const open = await text([], "openmetrics");
    expect(open).toMatch(/^# TYPE x counter$/m);
    expect(open).toMatch(/^x_total\{a="1"\} 3 # \{trace_id="second"\} 1 \d+(\.\d+)?$/m);
    expect(open).toMatch(/^x_seconds_bucket\{le="1"\} 1 # \{trace_id="slow"\} 0\.5 \d+(\.\d+)?$/m);
    expect(open.endsWith("\n# EOF\n")).toBe(true);
    expect(await text()).not.toContain("trace_id");
  });

  it("takes a trace as its producer gives it, within what OpenMetrics allows", () => {
    const [trace, span] = ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"];
    expect(exemplarOf(`00-${trace}-${span}-01`)).toEqual({ trace_id: trace, span_id: span });
    expect(exemplarOf("run-17")).toEqual({ trace_id: "run-17" });
    expect(exemplarOf("")).toBeNull();
    expect(exemplarOf(null)).toBeNull();
    const { metrics } = createPrometheus();
    const counter = metrics.counter("x_total", "X.", []);
    for (const long of ["x".repeat(5_000), 'ü\n"'.repeat(900), "😀".repeat(500)]) counter.add({}, 1, exemplarOf(long));
  });
});

it("takes less than 50 ms and 1 MB for 50 environments with 3 predictors, all windows and a consistency ratio each", async () => {
  const now = 1_700_000_000_000;
  const prometheus = createPrometheus();
  let clock = now;
  const task = createMonitor({
    options: defaultsOf().monitor,
    own: new Set(),
    metrics: prometheus.metrics,
    now: () => clock,
  }).task(0);
  const emit = { record() {}, blob: () => "" };
  for (let at = 0; at < 50 * 30; at++) {
    const environment = `environment-${at % 50}`;
    const entries = ["persistence", "recall", "our-simulator"].map((name) => entryOf(name, at % 3 > 0));
    const score = codecs.score.encode(scoreOf(at, now - (at % 60) * 1_000, entries, { environment }));
    task.fold(
      { topic: "scores", partition: 0, offset: at, timestamp: now, key: environment, value: score },
      emit,
      true,
    );
    const arm = at % 100 < 50 ? "real" : "transfer";
    const outcome = codecs.outcome.encode(
      outcomeOf(at, { environment, arm, task: `t${at % 7}`, worldModel: { name: "simulator", version: null } }),
    );
    task.fold(
      { topic: "outcomes", partition: 0, offset: at, timestamp: now, key: environment, value: outcome },
      emit,
      true,
    );
  }
  task.committed?.();
  const took: number[] = [];
  let text = "";
  for (let run = 0; run < 9; run++) {
    clock += 1_000;
    // Processor time: others may use the machine meanwhile.
    const from = process.cpuUsage();
    text = await prometheus.text();
    const { user, system } = process.cpuUsage(from);
    took.push((user + system) / 1_000);
  }
  const series = text.split("\n").filter((line) => line.startsWith("driftline_")).length;
  process.stdout.write(
    `scrape: ${series} series, ${(text.length / 1_000).toFixed(0)} kB, ${Math.min(...took).toFixed(1)} ms of processor time at best, ${took.sort((a, b) => a - b)[4]?.toFixed(1)} ms in the middle\n`,
  );
  expect(series).toBeGreaterThan(5_000);
  expect(text.length).toBeLessThan(1_000_000);
  expect(took[0], "at best: others may slow the processor down").toBeLessThan(50);
});
