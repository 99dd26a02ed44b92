/**
 * TLS, logins and access lists on a broker with an authorizer: every sub-topology works with exactly the entries that
 * `driftline topics acls` prints for it, in both guarantees; with one of them taken away it is refused by name. No password is ever told.
 *
 * How the guards were seen to be needed: with kafkajs's own search for coordinators, which takes a refusal for one that is away, "names what it
 * misses …" waited without end for the group; without OPERATION_NOT_ATTEMPTED in `produce.ts` its exactly-once case did so for a topic. Without `commitRefusal` in
 * `transactions.ts`, "names what is taken away …" tried the commit for two minutes.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Admin } from "kafkajs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Right, rightsOf } from "../../../src/cli/topics/rights.ts";
import { openKafkaLog } from "../../../src/log/kafka/kafka-log.ts";
import type { Log, TaskInput } from "../../../src/log/port.ts";
import { stageNameOf } from "../../../src/predict-remote/predict-remote.ts";
import { groupOf } from "../../../src/run/supervisor.ts";
import { type SubTopologyName, subTopologies, subTopologyNames, topicSpecs, topicsOf } from "../../../src/topology.ts";
import { grant, revoke } from "../../support/acls.ts";
import { defaultsOf } from "../../support/defaults.ts";
import { driftline, type Running, startRun, temporaryFolder, until } from "../../support/driftline.ts";
import { type KafkaCluster, kafkaClient, type SecureListeners, startKafka } from "../../support/kafka.ts";
import { canStartKafka } from "../../support/kafka-jars.ts";

const stages = subTopologies.filter(({ by }) => by !== "nothing");
const specs = topicSpecs(2, null);
const limits = { recordsMax: 100, bytesMax: 1_000_000 };
type Guarantee = "at-least-once" | "exactly-once";
async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {});
}

describe.runIf(canStartKafka())("a broker that lets nobody do what no access list allows", () => {
  const folder = temporaryFolder();
  const said: string[] = [];
  let cluster: KafkaCluster;
  let secure: SecureListeners;
  let admin: Admin;
  const path = (name: string) => join(folder.path, name);

  beforeAll(async () => {
    cluster = await startKafka({ secure: true });
    if (cluster.secure === null) throw new Error("it has no secure listeners");
    secure = cluster.secure;
    admin = kafkaClient(cluster.brokers).admin();
    await admin.connect();
    writeFileSync(path("ca.pem"), secure.ca);
    for (const { name, password } of Object.values(secure.users)) writeFileSync(path(name), `${password}\n`);
  });
  afterAll(async () => {
    await admin?.disconnect();
    await cluster?.stop();
    folder.cleanup();
  });

  const security = (user: keyof SecureListeners["users"], sasl: "plain" | "scram-sha-512") => ({
    brokers: [...secure.brokers],
    tls: true,
    caFile: path("ca.pem"),
    sasl,
    username: secure.users[user].name,
    passwordFile: path(secure.users[user].name),
  });
  const words = (user: keyof SecureListeners["users"], sasl: "plain" | "scram-sha-512") => {
    const { brokers, caFile, username, passwordFile } = security(user, sasl);
    return [
      ...["--log", "kafka", "--brokers", brokers.join(","), "--log-kafka-tls", "--log-kafka-ca-file", caFile],
      ...["--log-kafka-sasl", sasl, "--log-kafka-username", username, "--log-kafka-password-file", passwordFile],
    ];
  };

  function open(name: SubTopologyName, guarantee: Guarantee, prefix: string): Promise<Log> {
    return openKafkaLog({
      options: {
        ...defaultsOf().log.kafka,
        ...security(name, guarantee === "exactly-once" ? "scram-sha-512" : "plain"),
        guarantee,
        prefix,
        sessionMs: 3_000,
      },
      readFile: (file) => (file.endsWith(".pem") ? secure.ca : `${name}-secret\n`),
      onLog: (level, message, fields) => void said.push(`${level} ${message} ${JSON.stringify(fields)}`),
      groups: [],
      config: () => ({}),
      now: Date.now,
      sleep,
    });
  }

  /** What a stage does: looks at its topics, joins, reads, commits with outputs to all that it writes, reads aside. */
  async function works(
    name: SubTopologyName,
    guarantee: Guarantee,
    prefix: string,
    beforeCommit: () => Promise<void> = async () => {},
  ): Promise<void> {
    const stage = subTopologies.find((one) => one.name === name);
    const needed: readonly string[] = topicsOf([name]);
    const log = await open(name, guarantee, prefix);
    try {
      await log.ensureTopics(specs.filter((spec) => needed.includes(spec.name)));
      for (const topic of [...(stage?.aside ?? []), ...(stage?.by === "nothing" ? stage.reads : [])])
        await log.read(topic, 0, 0, limits, 0);
      const outputs = (stage?.writes ?? []).map((topic) => ({
        topic,
        key: "k",
        partition: 0,
        value: Buffer.from("{}"),
      }));
      if (stage?.by === "nothing") {
        await log.append(outputs);
        return;
      }
      const inputs = new Map<number, TaskInput>();
      let failed: Error | null = null;
      const member = name === "predict-remote" ? stageNameOf("slow") : name;
      await log.join(groupOf(member), stage?.reads ?? [], {
        assigned: (input) => void inputs.set(input.partition, input),
        async revoked() {},
        failed(error) {
          failed = error;
        },
      });
      const input = await until(async () => inputs.get(0) ?? null, 10_000, `${name} has partition 0`);
      await input.committed();
      const offsets: Record<string, number> = {};
      for (const topic of stage?.reads ?? []) offsets[topic] = (await input.range(topic)).start;
      await input.read(offsets, limits, 200);
      await beforeCommit();
      await input.commit({ offsets, note: "n", outputs });
      expect((await input.committed())?.note).toBe("n");
      expect(failed).toBeNull();
    } finally {
      await log.close();
    }
  }

  it("has topics that a user with rights made", { timeout: 120_000 }, async () => {
    const operator = secure.users.bob.name;
    for (const prefix of ["", "alo-", "eos-"]) {
      await grant(admin, operator, rightsOf("operator", { prefix, exactlyOnce: false }));
      const args = ["topics", "apply", ...words("bob", "plain"), "--log-partitions", "2", "--log-kafka-prefix", prefix];
      const made = await until(
        async () => {
          const one = await driftline(args);
          return one.code === 0 ? one : null;
        },
        30_000,
        "the topics are made",
      );
      said.push(made.out, made.err);
      expect(made.out).toMatch(/made .*interactions: 2 partitions, 1 copy|are as they should be/);
    }
  });

  for (const guarantee of ["at-least-once", "exactly-once"] as const) {
    const options = {
      prefix: guarantee === "exactly-once" ? "eos-" : "alo-",
      exactlyOnce: guarantee === "exactly-once",
    };

    it(`lets every sub-topology work with its own entries alone, ${guarantee}`, { timeout: 120_000 }, async () => {
      for (const name of subTopologyNames) await grant(admin, `driftline-${name}`, rightsOf(name, options));
      for (const name of subTopologyNames) await works(name, guarantee, options.prefix);
    });

    const without = (name: SubTopologyName, pick: Partial<Right>): readonly Right[] =>
      rightsOf(name, options)
        .filter((right) => right.resource === pick.resource && right.name === pick.name)
        .map((right) => ({ ...right, operations: pick.operations ?? right.operations }));

    it(`names what is taken away between reading and committing, ${guarantee}`, { timeout: 60_000 }, async () => {
      const { prefix } = options;
      const cases: readonly (readonly [Partial<Right>, RegExp])[] = [
        [{ resource: "topic", name: `${prefix}interactions`, operations: ["Read"] }, /read topic \S*interactions/],
        [{ resource: "group", name: `${prefix}driftline-track` }, /group \S*driftline-track/],
        [
          { resource: "transactional-id", name: `${prefix}driftline-track-` },
          /use transactional id \S*driftline-track-0/,
        ],
      ];
      for (const [pick, message] of options.exactlyOnce ? cases : cases.slice(0, 2)) {
        const taken = without("track", pick);
        expect(taken, JSON.stringify(pick)).toHaveLength(1);
        const refused = await works("track", guarantee, prefix, () => revoke(admin, "driftline-track", taken)).then(
          () => "it was not refused",
          (error: unknown) => String(error),
        );
        await grant(admin, "driftline-track", taken);
        expect(refused).toMatch(/^Refused: the brokers do not let this user/);
        expect(refused).toMatch(message);
      }
    });

    it(`names what it misses when one entry is taken away, ${guarantee}`, { timeout: 120_000 }, async () => {
      const { prefix } = options;
      const cases: readonly (readonly [SubTopologyName, Partial<Right>, RegExp])[] = [
        [
          "track",
          { resource: "topic", name: `${prefix}interactions`, operations: ["Read"] },
          /read topic \S*interactions/,
        ],
        [
          "track",
          { resource: "topic", name: `${prefix}scores`, operations: ["Write"] },
          /(write|describe) topic \S*scores/,
        ],
        ["learn", { resource: "topic", name: `${prefix}snapshots`, operations: ["Write"] }, /write topic \S*snapshots/],
        ["learn", { resource: "topic", name: `${prefix}models`, operations: ["Read"] }, /read topic \S*models/],
        ["monitor", { resource: "group", name: `${prefix}driftline-monitor` }, /use group \S*driftline-monitor/],
        [
          "serve",
          { resource: "topic", name: `${prefix}rollups`, operations: ["DescribeConfigs"] },
          /settings of topic \S*rollups/,
        ],
        [
          "serve",
          { resource: "topic", name: `${prefix}dead-letters`, operations: ["Write"] },
          /write topic \S*dead-letters/,
        ],
      ];
      const more: typeof cases = options.exactlyOnce
        ? [
            [
              "track",
              { resource: "transactional-id", name: `${prefix}driftline-track-` },
              /use transactional id \S*driftline-track-0/,
            ],
          ]
        : [];
      for (const [name, pick, message] of [...cases, ...more]) {
        const taken = without(name, pick);
        expect(taken, JSON.stringify(pick)).toHaveLength(1);
        await revoke(admin, `driftline-${name}`, taken);
        const refused = await until(
          () =>
            works(name, guarantee, prefix).then(
              () => null,
              (error: unknown) => String(error),
            ),
          10_000,
          `${name} is refused without ${JSON.stringify(pick)}`,
        );
        await grant(admin, `driftline-${name}`, taken);
        said.push(refused);
        expect(refused).toMatch(/^Refused: the brokers do not let this user/);
        expect(refused).toMatch(message);
        expect(refused).toContain("driftline topics acls");
      }
    });
  }

  it("has a doctor that names the entries that are missing, with the lines that mend them", {
    timeout: 60_000,
  }, async () => {
    const options = { prefix: "eos-", exactlyOnce: true };
    const args = ["--log-partitions", "2", "--log-kafka-prefix", "eos-", "--log-kafka-guarantee", "exactly-once"];
    const doctor = async () => {
      const said = await driftline(["doctor", "--json", ...words("track", "plain"), "--only", "track", ...args]);
      return said.out
        .split("\n")
        .filter((line) => line !== "")
        .map((line): Record<string, string> => JSON.parse(line));
    };
    await grant(admin, "driftline-track", rightsOf("track", options));
    expect((await doctor()).filter(({ result }) => result === "bad")).toEqual([]);
    const taken = rightsOf("track", options)
      .filter(({ name }) => ["eos-blobs", "eos-outcomes", "eos-driftline-track", "eos-driftline-track-"].includes(name))
      .map((right) => ({ ...right, operations: right.operations.filter((one) => one !== "DescribeConfigs") }));
    expect(taken).toHaveLength(4);
    await revoke(admin, "driftline-track", taken);
    const mends = await until(
      async () => {
        const found = (await doctor()).filter(({ check }) => check?.startsWith("rights: "));
        return found.length === taken.length ? found.map(({ mend }) => mend) : null;
      },
      30_000,
      "all four are named",
    );
    const head = "kafka-acls.sh --bootstrap-server HOST:PORT --command-config admin.properties --add";
    const allow = `${head} --allow-principal User:driftline-track`;
    expect(mends.sort()).toEqual(
      [
        `${allow} --operation Read --group eos-driftline-track`,
        `${allow} --operation Read --operation Write --topic eos-blobs`,
        `${allow} --operation Write --resource-pattern-type prefixed --transactional-id eos-driftline-track-`,
        `${allow} --operation Write --topic eos-outcomes`,
      ].sort(),
    );
    await grant(admin, "driftline-track", taken);
  });

  it("runs the whole job, each sub-topology as a user of its own", { timeout: 120_000 }, async () => {
    const options = { prefix: "", exactlyOnce: true };
    for (const name of subTopologyNames) await grant(admin, `driftline-${name}`, rightsOf(name, options));
    const running: Running[] = [];
    try {
      // Nobody listens there: each answer is a failure, which is written all the same.
      const far = { far: { kind: "openai", model: "none", url: "http://127.0.0.1:9/v1", retriesMax: 0 } };
      const start = (name: SubTopologyName) =>
        startRun(path(`data-${name}`), [
          ...words(name, "scram-sha-512"),
          ...["--predict-remote-predictors", JSON.stringify(far)],
          ...["--only", name, "--log-partitions", "2", "--log-kafka-guarantee", "exactly-once", "--log-level", "debug"],
        ]);
      running.push(...(await Promise.all(subTopologyNames.map(start))));
      const { address } = running[subTopologyNames.indexOf("serve")] ?? { address: "" };
      const lines = [
        { type: "reset", episode: "e", environment: "shop", state: { count: 0 } },
        { type: "step", episode: "e", step: 0, action: "add", state: { count: 1 } },
        { type: "end", episode: "e", success: true },
      ];
      const headers = { "content-type": "application/json" };
      const sent = await fetch(`${address}/v1/interactions`, { method: "POST", headers, body: JSON.stringify(lines) });
      expect(sent.status).toBe(202);
      // The rollup of monitor is what the page's API shows of the environment.
      await until(
        async () => (await (await fetch(`${address}/api/status`)).text()).includes('"environment":"shop"'),
        60_000,
        "the environment is on the page",
      );
      await until(
        async () => (await (await fetch(`${address}/api/status`)).text()).includes('"predictor":"far"'),
        60_000,
        "the remote predictor's answer is on the page",
      );
      const output = running.map((one) => one.output()).join("");
      expect(output).not.toMatch(/AUTHORIZATION|do not let this user|not authorized/i);
      said.push(output);
    } finally {
      await Promise.all(running.map((one) => one.stop()));
    }
  });

  it("says that a password is wrong, and never tells one", async () => {
    writeFileSync(path("driftline-track"), "not-the-secret\n");
    const wrong = await driftline(["topics", "count", ...words("track", "scram-sha-512"), "--log-level", "debug"]);
    expect(wrong.code).toBe(1);
    expect(wrong.err).toMatch(/authenticat/i);
    const shown = await driftline([
      "config",
      "--json",
      ...words("track", "plain"),
      "--log-kafka-password",
      "inline-secret",
    ]);
    said.push(wrong.out, wrong.err, shown.out, shown.err);
    expect(said.join("\n").length).toBeGreaterThan(1_000);
    expect(said.join("\n")).not.toMatch(/-secret/);
  });
});

it("has an entry for each stage in the test", () => {
  expect(stages.map(({ name }) => name)).toEqual(["track", "predict-remote", "learn", "monitor"]);
});
