/** The deployment's files hold together: what they copy and mount exists, ports and paths agree, and nothing runs with more rights than it needs. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { root, sourceFiles } from "../style/sources.ts";
import { stagesOf } from "../support/dockerfile.ts";

const read = (path: string) => readFileSync(join(root, path), "utf8");
const stages = stagesOf(read("deploy/Dockerfile"));
const ofLast = (name: string) =>
  stages
    .at(-1)
    ?.instructions.filter((one) => one.name === name)
    .map(({ text }) => text) ?? [];

describe("the Dockerfile", () => {
  it("copies what exists, and what .dockerignore lets through", () => {
    const allowed = read(".dockerignore")
      .split("\n")
      .flatMap((line) => (line.startsWith("!") ? [line.slice(1)] : []));
    const copied = stages
      .flatMap(({ instructions }) =>
        instructions.filter(({ name, text }) => name === "COPY" && !text.startsWith("--from")),
      )
      .flatMap(({ text }) => text.split(" ").slice(0, -1));
    expect(copied.length).toBeGreaterThan(8);
    for (const path of copied) {
      expect(existsSync(join(root, path)), path).toBe(true);
      expect(
        allowed.some((one) => path === one || path.startsWith(`${one}/`)),
        path,
      ).toBe(true);
    }
  });

  it("brings what the program reads beside itself", () => {
    const targets = ofLast("COPY").map((text) => (text.split(" ").at(-1) ?? "").replace(/^\.\/$/, "package.json"));
    const readBeside = sourceFiles("src")
      .flatMap(({ text }) => [...text.matchAll(/new URL\([`"]([a-z/.-]+)[^`"]*[`"], root\)/g)])
      .map(([, path = ""]) => path)
      // What is built on the machine itself.
      .filter((path) => !path.startsWith(".cache"));
    expect(readBeside).toEqual(expect.arrayContaining(["package.json", "schemas/", "topics/", "dist/main.js"]));
    for (const path of readBeside)
      expect(
        targets.some((target) => path.startsWith(target)),
        path,
      ).toBe(true);
  });

  it("runs as a user without rights, with a health check and a data folder of its own", () => {
    expect(stages.length).toBeGreaterThanOrEqual(3);
    expect(stages.every(({ from }) => /:\d/.test(from))).toBe(true);
    expect(ofLast("USER")).toEqual(["1000:1000"]);
    expect(ofLast("HEALTHCHECK")[0]).toContain("/healthz");
    expect(ofLast("VOLUME")).toEqual(['["/var/lib/driftline"]']);
    expect(ofLast("ENV")[0]).toContain("DRIFTLINE_DATA_DIR=/var/lib/driftline");
    expect(JSON.stringify(stages)).not.toContain("TOKEN");
  });
});

interface Service {
  readonly volumes: readonly string[];
  readonly ports: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop: readonly string[];
}

describe("compose.yaml", () => {
  const { services, volumes } = parse(read("deploy/compose.yaml")) as {
    services: Readonly<Record<string, Service>>;
    volumes: object;
  };

  it("mounts what exists, publishes on loopback alone, and drops rights", () => {
    expect(Object.keys(services)).toEqual(["driftline", "prometheus", "grafana"]);
    for (const [name, service] of Object.entries(services)) {
      for (const volume of service.volumes) {
        const [source = ""] = volume.split(":");
        if (source.startsWith(".")) expect(existsSync(join(root, "deploy", source)), volume).toBe(true);
        else expect(Object.keys(volumes), volume).toContain(source);
      }
      for (const port of service.ports) expect(port, name).toMatch(/^127\.0\.0\.1:/);
      expect(service.cap_drop, name).toEqual(["ALL"]);
    }
    expect(services["driftline"]?.read_only).toBe(true);
  });

  it("agrees with Prometheus and Grafana about names, ports and paths", () => {
    const prometheus = parse(read("deploy/prometheus/prometheus.yml")) as {
      scrape_configs: readonly { job_name: string; static_configs: readonly { targets: readonly string[] }[] }[];
    };
    expect(prometheus.scrape_configs[0]).toMatchObject({
      job_name: "driftline",
      static_configs: [{ targets: ["driftline:7420"] }],
    });
    const grafana = services["grafana"]?.volumes ?? [];
    expect(grafana).toContain("./grafana/dashboards:/var/lib/grafana/dashboards:ro");
    expect(read("deploy/grafana/provisioning/datasources/prometheus.yml")).toContain("http://prometheus:9090");
  });
});

describe("the Kubernetes manifests", () => {
  const folder = join(root, "deploy/kubernetes");
  const { resources } = parse(readFileSync(join(folder, "kustomization.yaml"), "utf8")) as {
    resources: readonly string[];
  };
  const manifests = resources.flatMap((file) =>
    parseAllDocuments(readFileSync(join(folder, file), "utf8")).map(
      (document) => document.toJS() as Record<string, unknown>,
    ),
  );

  it("are all of the folder, of their three kinds", () => {
    expect(readdirSync(folder).sort()).toEqual([...resources, "kustomization.yaml"].sort());
    expect(manifests.map(({ kind }) => kind).sort()).toEqual(["NetworkPolicy", "Service", "StatefulSet"]);
  });

  it("run one writer without rights, with probes of routes that exist", () => {
    const set = manifests.find(({ kind }) => kind === "StatefulSet");
    expect(set).toMatchObject({
      spec: {
        replicas: 1,
        template: {
          spec: {
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true },
            containers: [
              {
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ["ALL"] },
                },
                startupProbe: { httpGet: { path: "/healthz", port: "http" } },
                livenessProbe: { httpGet: { path: "/healthz", port: "http" } },
                readinessProbe: { httpGet: { path: "/readyz", port: "http" } },
                volumeMounts: [{ mountPath: "/var/lib/driftline" }, { mountPath: "/tmp" }],
              },
            ],
          },
        },
      },
    });
  });
});
