/** The dashboards hold together: stable identities, no panel over another, no query without the chosen datasource or of an unknown metric. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { root, sourceFiles } from "../style/sources.ts";
import { dashboards, queries } from "../support/dashboards.ts";
import { ofDetectors } from "../support/prometheus.ts";

describe("the dashboards", () => {
  it("are the three boards, with stable identities", () => {
    expect(dashboards.map(({ file, uid }) => `${file} ${uid}`).sort()).toEqual([
      "environment.json driftline-environment",
      "overview.json driftline-overview",
      "pipeline.json driftline-pipeline",
    ]);
  });

  it.each(dashboards)("$file has panels that say what they are and do not overlap", ({ panels }) => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = new Set<string>();
    for (const { title, type, description, gridPos } of panels) {
      expect(title.length).toBeGreaterThan(2);
      if (type !== "row") expect(description?.length ?? 0, title).toBeGreaterThan(5);
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(cells.has(`${x} ${y}`), title).toBe(false);
          cells.add(`${x} ${y}`);
        }
    }
  });

  it("ask the chosen datasource alone, for metrics that the code or a recording rule makes, with variables that exist", () => {
    for (const { panels } of dashboards)
      for (const { targets } of panels)
        for (const one of targets ?? []) expect(one.datasource.uid).toMatch(/^\$\{datasource\}$/);
    const made = new Set(ofDetectors);
    for (const { text } of sourceFiles("src"))
      for (const [, name = ""] of text.matchAll(/"(driftline_[a-z_]+)"/g)) made.add(name).add(`${name}_bucket`);
    const recording = readFileSync(join(root, "deploy/prometheus/rules/recording.yml"), "utf8");
    for (const [, name = ""] of recording.matchAll(/record: (\S+)/g)) made.add(name);
    expect(queries.length).toBeGreaterThan(40);
    for (const { where, expr } of queries)
      for (const [name] of expr.matchAll(/[a-z_:]*driftline_[a-z0-9_:]+/g)) expect(made, where).toContain(name);
    for (const { file, templating, panels } of dashboards) {
      const known = templating.list.map(({ name }) => name);
      const used = [...JSON.stringify(panels).matchAll(/\$\{?([a-z]+)/g)].map(([, name]) => name);
      expect(
        used.filter((name) => !known.includes(name ?? "")),
        file,
      ).toEqual([]);
    }
  });

  it("are provisioned from the folder that they are mounted in, with a datasource", () => {
    const read = (path: string) => parse(readFileSync(join(root, "deploy/grafana/provisioning", path), "utf8"));
    expect(read("dashboards/driftline.yml")).toMatchObject({
      apiVersion: 1,
      providers: [{ type: "file", options: { path: "/var/lib/grafana/dashboards" } }],
    });
    expect(read("datasources/prometheus.yml")).toMatchObject({
      apiVersion: 1,
      datasources: [{ type: "prometheus", isDefault: true }],
    });
  });
});
