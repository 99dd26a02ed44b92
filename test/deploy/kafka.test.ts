/** Deployments on Kafka: every sub-topology is run by somebody, with options that exist, without rights, and scaled by the group and topic of the topology. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { loadConfig } from "../../src/config.ts";
import { groupOf } from "../../src/run/supervisor.ts";
import { subTopologies, subTopologyNames } from "../../src/topology.ts";
import { root } from "../style/sources.ts";

const read = (path: string) => readFileSync(join(root, "deploy", path), "utf8");
const token = "a-token-of-sixteen";
/** Remote predictors are run where there are any. */
const alwaysRun = subTopologyNames.filter((name) => name !== "predict-remote").sort();
const configOf = (env: Readonly<Record<string, string>>) =>
  loadConfig({ flags: [], env: { ...env, DRIFTLINE_TOKEN: token }, readFile: () => null });

describe("compose.kafka.yaml", () => {
  interface Service {
    readonly environment?: Readonly<Record<string, string>>;
    readonly volumes?: readonly string[];
    readonly ports?: readonly string[];
    readonly cap_drop?: readonly string[];
  }
  const { services } = parse(read("compose.kafka.yaml"), { merge: true }) as {
    services: Readonly<Record<string, Service>>;
  };

  it("runs every sub-topology once, on its own Kafka, with options that exist", () => {
    const ours = Object.entries(services).filter(([name]) => !["kafka", "prometheus"].includes(name));
    const configs = ours.map(([, { environment = {} }]) => configOf(environment));
    expect(configs.flatMap(({ run }) => run.only).sort()).toEqual(alwaysRun);
    for (const { log } of configs) expect(log).toMatchObject({ adapter: "kafka", kafka: { brokers: ["kafka:9092"] } });
    for (const [name, { cap_drop }] of ours) if (name !== "driftline") expect(cap_drop, name).toEqual(["ALL"]);
    expect(Object.values(services).flatMap(({ ports = [] }) => ports)).toEqual([]);
  });

  it("has Prometheus find every process", () => {
    const [scrape] = (parse(read("prometheus/prometheus.kafka.yml")) as { scrape_configs: readonly unknown[] })
      .scrape_configs;
    const names = Object.keys(services).filter((name) => !["kafka", "prometheus"].includes(name));
    expect(scrape).toMatchObject({ job_name: "driftline", dns_sd_configs: [{ names, port: 7420 }] });
    for (const volume of services["prometheus"]?.volumes ?? [])
      expect(existsSync(join(root, "deploy", volume.split(":")[0] ?? "")), volume).toBe(true);
  });
});

describe("the Kubernetes manifests on Kafka", () => {
  const folder = join(root, "deploy/kubernetes-kafka");
  const { resources } = parse(read("kubernetes-kafka/kustomization.yaml")) as { resources: readonly string[] };
  // biome-ignore lint/suspicious/noExplicitAny: what comes is asserted field by field below.
  type Manifest = any;
  const manifests: readonly Manifest[] = resources.flatMap((file) =>
    parseAllDocuments(read(`kubernetes-kafka/${file}`)).map((document) => document.toJS()),
  );
  const ofKind = (kind: string) => manifests.filter((one) => one.kind === kind);
  const [config] = ofKind("ConfigMap");

  it("are all of the folder: a Deployment for each sub-topology, without rights, with probes of routes that exist", () => {
    expect(readdirSync(folder).sort()).toEqual([...resources, "kustomization.yaml"].sort());
    const only = ofKind("Deployment").map(({ spec }) => {
      const [container] = spec.template.spec.containers;
      expect(spec.template.spec).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true },
      });
      expect(container).toMatchObject({
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        startupProbe: { httpGet: { path: "/healthz" } },
        livenessProbe: { httpGet: { path: "/healthz" } },
        readinessProbe: { httpGet: { path: "/readyz" } },
      });
      const { value } = container.env.find(({ name }: { name: string }) => name === "DRIFTLINE_ONLY");
      expect(configOf({ ...config.data, DRIFTLINE_ONLY: value }).log.adapter).toBe("kafka");
      expect(spec.selector.matchLabels).toEqual(spec.template.metadata.labels);
      return value;
    });
    expect(only.sort()).toEqual(alwaysRun);
  });

  it("run predict-remote on a GPU where it is wanted, with predictors that all processes know", () => {
    const own = "kubernetes-kafka-predict-remote";
    const kustomization = parse(read(`${own}/kustomization.yaml`));
    expect(kustomization).toMatchObject({
      resources: ["../kubernetes-kafka", "predict-remote.yaml"],
      patches: [{ path: "config.yaml" }],
    });
    const patch = parse(read(`${own}/config.yaml`));
    expect(patch.metadata.name).toBe(config.metadata.name);
    const { spec } = parse(read(`${own}/predict-remote.yaml`));
    const [container] = spec.template.spec.containers;
    expect(container.resources.limits["nvidia.com/gpu"]).toBe(1);
    const { value } = container.env.find(({ name }: { name: string }) => name === "DRIFTLINE_ONLY");
    const loaded = configOf({ ...config.data, ...patch.data, DRIFTLINE_ONLY: value });
    expect(loaded.run.only).toEqual(["predict-remote"]);
    const [{ model = "" } = {}] = Object.values(loaded.predictRemote.predictors) as { model?: string }[];
    const mounts: { mountPath: string }[] = container.volumeMounts;
    expect(mounts.some(({ mountPath }) => model.startsWith(`${mountPath}/`))).toBe(true);
  });

  it("send requests to those that serve, and scale track by its own lag within its partitions", () => {
    expect(ofKind("Service")[0].spec.selector).toEqual({ "app.kubernetes.io/component": "serve" });
    const [{ spec }] = ofKind("ScaledObject");
    const track = subTopologies.find(({ name }) => name === "track");
    expect(spec.scaleTargetRef.name).toBe("driftline-track");
    expect(spec.triggers[0].metadata).toMatchObject({ consumerGroup: groupOf("track"), topic: track?.reads[0] });
    expect(spec.maxReplicaCount).toBeLessThanOrEqual(configOf(config.data).log.partitions);
  });
});
