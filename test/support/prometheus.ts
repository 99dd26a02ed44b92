/** A real Prometheus that scrapes a running Driftline under the rules of deploy/prometheus, hurried: every second, and no alert waits. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { root } from "../style/sources.ts";
import { until } from "./driftline.ts";

export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}
export interface Prometheus {
  /** The answer to an instant query. */
  query(expr: string): Promise<readonly Series[]>;
  /** Names of the alerts that are pending or firing. */
  alerts(): Promise<readonly string[]>;
  get(path: string): Promise<unknown>;
  stop(): Promise<void>;
}

/** Series that the detectors of drift export. */
export const ofDetectors = [
  "driftline_alarms_open",
  "driftline_alarms_total",
  "driftline_drift_log_evalue",
  "driftline_baseline_episodes",
];

export async function startPrometheus(folder: string, target: string): Promise<Prometheus> {
  const rules = join(root, "deploy/prometheus/rules");
  mkdirSync(join(folder, "rules"), { recursive: true });
  for (const name of readdirSync(rules)) {
    const text = readFileSync(join(rules, name), "utf8");
    writeFileSync(join(folder, "rules", name), text.replaceAll(/^( +for:) .*$/gm, "$1 0s"));
  }
  const config = join(folder, "prometheus.yml");
  writeFileSync(
    config,
    `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: ["rules/*.yml"]
scrape_configs:
  - job_name: driftline
    static_configs:
      - targets: ["${new URL(target).host}"]
`,
  );
  const port = await freePort();
  const child = spawn(
    "prometheus",
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, "tsdb")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--enable-feature=exemplar-storage",
    ],
    { stdio: "ignore" },
  );
  const get = async (path: string): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  await until(
    async () => (await fetch(`http://127.0.0.1:${port}/-/ready`).catch(() => null))?.ok ?? false,
    30_000,
    "Prometheus is ready",
  );
  return {
    async query(expr) {
      const body = (await get(`/api/v1/query?query=${encodeURIComponent(expr)}`)) as {
        data: { result: { metric: Record<string, string>; value: [number, string] }[] };
      };
      return body.data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
    },
    async alerts() {
      const body = (await get("/api/v1/alerts")) as { data: { alerts: { labels: { alertname: string } }[] } };
      return [...new Set(body.data.alerts.map(({ labels }) => labels.alertname))].sort();
    },
    get,
    stop: () => ended(child),
  };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.on("close", () => resolve());
    child.kill("SIGTERM");
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
