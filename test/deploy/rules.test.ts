/** Prometheus rules, their unit tests, the runbook and the metrics of the code belong together: nothing on one side alone. */
import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { configHelp } from "../../src/config.ts";
import { root, sourceFiles } from "../style/sources.ts";
import { temporaryFolder } from "../support/driftline.ts";
import { requireTool } from "../support/require.ts";

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}
interface UnitTest {
  readonly alert_rule_test?: readonly { readonly alertname: string; readonly exp_alerts: readonly unknown[] }[];
  readonly promql_expr_test?: readonly { readonly expr: string }[];
}

const folder = join(root, "deploy/prometheus");
const filesOf = (name: string) => readdirSync(join(folder, name)).map((file) => join(folder, name, file));
const rules = filesOf("rules").flatMap((file) =>
  (parse(readFileSync(file, "utf8")) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules),
);
const tests = filesOf("tests").flatMap((file) => (parse(readFileSync(file, "utf8")) as { tests: UnitTest[] }).tests);
const alerts = rules.flatMap((rule) => (rule.alert === undefined ? [] : [{ ...rule, alert: rule.alert }]));
const records = rules.flatMap(({ record }) => (record === undefined ? [] : [record]));
const runbook = readFileSync(join(root, "deploy/RUNBOOK.md"), "utf8");
const sections = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((text) => [text.split("\n")[0] ?? "", text]),
);

/** Every metric that the code exports, with the series of histograms. */
const exported = new Set(
  sourceFiles("src")
    .flatMap(({ text }) => [...text.matchAll(/"(driftline_[a-z_]+)"/g)].map(([, name]) => name ?? ""))
    .flatMap((name) => (name.endsWith("_seconds") ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name])),
);
/** Metric names of an expression that nobody makes. */
function unknownIn(expr: string): readonly string[] {
  const names = [...expr.matchAll(/[a-z_:]*driftline_[a-z0-9_:]+/g)].map(([name]) => name);
  return names.filter((name) => !exported.has(name) && !records.includes(name));
}

describe("the rules", () => {
  it("use metrics that the code exports, or that another rule records", () => {
    expect(alerts.length).toBeGreaterThanOrEqual(15);
    expect(rules.flatMap(({ expr }) => unknownIn(expr))).toEqual([]);
    expect(unknownIn("rate(driftline_predictionz_total[5m])"), "a misspelt one is noticed").toHaveLength(1);
  });

  it("have a section of the runbook each, with meaning, first look and safe action, and no section is left over", () => {
    const named = [...sections.keys()].filter((name) => name.startsWith("Driftline"));
    expect(named.sort()).toEqual(alerts.map(({ alert }) => alert).sort());
    for (const { alert, annotations } of alerts) {
      const text = sections.get(alert) ?? "";
      for (const part of ["**Meaning.**", "**First look.**", "**Safe action.**"]) expect(text, alert).toContain(part);
      expect(annotations?.["runbook"]).toBe(`RUNBOOK.md#${alert.toLowerCase()}`);
    }
  });

  it("let the runbook name only metrics and options that exist", () => {
    const names = [...runbook.matchAll(/`(driftline_[a-z_]+)`/g)].map(([, name]) => name ?? "");
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !exported.has(name))).toEqual([]);
    const options = new Set(configHelp().map(([path]) => path));
    const written = [...runbook.matchAll(/`((?:track|monitor|ingest|log|learn|http|run)\.[A-Za-z]+)`/g)].map(
      ([, path]) => path ?? "",
    );
    expect(written.length).toBeGreaterThan(4);
    expect(written.filter((path) => !options.has(path))).toEqual([]);
  });

  it("are each shown to fire and to stay quiet, or to compute, by a unit test", () => {
    const cases = tests.flatMap((test) => test.alert_rule_test ?? []);
    for (const { alert } of alerts) {
      const its = cases.filter(({ alertname }) => alertname === alert);
      expect(
        its.some(({ exp_alerts }) => exp_alerts.length > 0),
        `${alert} fires`,
      ).toBe(true);
      expect(
        its.some(({ exp_alerts }) => exp_alerts.length === 0),
        `${alert} stays quiet`,
      ).toBe(true);
    }
    const computed = tests.flatMap((test) => test.promql_expr_test ?? []).map(({ expr }) => expr);
    for (const record of records.filter((name) => name.includes(":")))
      expect(
        computed.some((expr) => expr.includes(record)),
        record,
      ).toBe(true);
  });

  it.runIf(requireTool("promtool"))("pass promtool's checks and unit tests, which can fail", () => {
    const promtool = (...args: readonly string[]) => {
      const { status, stdout, stderr } = spawnSync("promtool", args, { encoding: "utf8" });
      return { status, said: stdout + stderr };
    };
    const checked = promtool("check", "rules", ...filesOf("rules"));
    expect(checked.status, checked.said).toBe(0);
    const tested = promtool("test", "rules", ...filesOf("tests"));
    expect(tested.status, tested.said).toBe(0);

    const temporary = temporaryFolder();
    cpSync(folder, temporary.path, { recursive: true });
    const alertsFile = join(temporary.path, "rules/alerts.yml");
    writeFileSync(
      alertsFile,
      readFileSync(alertsFile, "utf8").replace("driftline_lag_records) > 10000", "driftline_lag_records) > 60000"),
    );
    const broken = promtool("test", "rules", join(temporary.path, "tests/process.test.yml"));
    expect(broken.status, "a changed threshold is noticed").not.toBe(0);
    // The configuration as it is deployed, but for the file of the token.
    const config = join(temporary.path, "prometheus.yml");
    writeFileSync(join(temporary.path, "token"), "a-token-of-sixteen");
    writeFileSync(
      config,
      readFileSync(config, "utf8").replace("/run/secrets/driftline-token", join(temporary.path, "token")),
    );
    const configured = promtool("check", "config", config);
    expect(configured.status, configured.said).toBe(0);
    temporary.cleanup();
  });
});
