/** `driftline doctor`: looks at the user's Kafka, or at the data folder, and says what is wrong, what it means, and what mends it. */
import type { Config } from "../config.ts";
import { createDeframing } from "../log/confluent/deframing.ts";
import type { KafkaAccess } from "../log/kafka/access.ts";
import type { SchemaRegistry } from "../registry/client.ts";
import { groupsOf, readFile } from "../runtime/open-log.ts";
import { type FlagSpec, flagHelp, takeFlags } from "./arguments.ts";
import { configOf, withKafka } from "./data.ts";
import { checkBrokers } from "./doctor/brokers.ts";
import { type Check, checked } from "./doctor/check.ts";
import { checkFolder } from "./doctor/embedded.ts";
import { checkGroups } from "./doctor/groups.ts";
import { lookAt } from "./doctor/look.ts";
import { checkRegistry } from "./doctor/registry.ts";
import { checkRights } from "./doctor/rights.ts";
import { checkSample } from "./doctor/sample.ts";
import { checkTensors } from "./doctor/tensors.ts";
import { checkTopics } from "./doctor/topics.ts";
import type { Command, Host } from "./host.ts";
import { table } from "./table.ts";

const flags: FlagSpec = {
  json: { kind: "boolean", help: "one JSON object a line" },
  "data-dir": { kind: "string", help: "the data folder (default .driftline)", placeholder: "DIR" },
};

export const doctorCommand: Command = {
  usage: [
    "driftline doctor [--json] [--data-dir DIR]",
    "driftline doctor --log kafka --brokers HOST:PORT,… [--only NAME,…] [--json] [any option]",
    "",
    "On Kafka: brokers, topics, the schema registry, a sample of interactions (keys, schemas, retention), groups, and the rights that the sub-topologies of",
    "--only take, of the user of the configuration. Everywhere: what computes tensors (GPU, CPU, WebAssembly), and what would get something better.",
    "Writes nothing. Exit code 1 where something is bad.",
    "",
    ...flagHelp(flags),
  ],
  async run(args, host) {
    const taken = takeFlags(args, flags);
    const config = configOf(taken, host);
    const tell = async (checks: readonly Check[]) =>
      report([...checks, ...(await checkTensors(host.env))], taken.boolean("json"), host);
    if (config.log.adapter === "embedded") return tell(await checkFolder(config));
    return withKafka(config, host, async (access) => tell(await examine(config, access, host)));
  },
};

async function examine(config: Config, access: KafkaAccess, host: Host): Promise<readonly Check[]> {
  const apply = "driftline topics apply";
  const brokers = await checked("cluster", "name brokers that answer: --brokers HOST:PORT,…", () =>
    checkBrokers(access),
  );
  if (brokers.some(({ check }) => check === "cluster")) return brokers;
  const topics = await checked("topics", "driftline topics acls", () => checkTopics(config, access));
  const checks = [...brokers, ...topics];
  const registry = await registryOf(config, host);
  try {
    const answers =
      registry === null ? [] : await checked("registry", mendRegistry, () => checkRegistry(config.log, registry));
    checks.push(...answers);
    const deframe =
      registry === null || answers.some(({ result }) => result === "bad") ? null : createDeframing(registry, host.now);
    const look = lookAt(access, config.log.kafka.prefix, host.now, deframe);
    checks.push(...(await checked("sample", apply, () => checkSample(look, registry !== null))));
    checks.push(...(await checkGroups(access, look, groupsOf(config))));
    checks.push(...(await checked("rights", apply, () => checkRights(config, access, look))));
    return checks;
  } finally {
    registry?.close();
  }
}

const mendRegistry = "name a registry that answers: --registry URL";

/** Null where none is configured. */
async function registryOf({ log: { registry: options } }: Config, host: Host): Promise<SchemaRegistry | null> {
  if (options.url.length === 0) return null;
  const { createSchemaRegistry } = await import("../registry/client.ts");
  return createSchemaRegistry({ options, readFile, now: host.now, sleep: (ms) => host.sleep(ms), onLog() {} });
}

function report(checks: readonly Check[], json: boolean, { out }: Host): number {
  if (json) for (const check of checks) out(JSON.stringify(check));
  else {
    const rows = checks.map(({ check, result, means, mend }) => [check, result, means, mend]);
    for (const line of table(["check", "result", "what it means", "command that mends it"], rows)) out(line);
  }
  return checks.some(({ result }) => result === "bad") ? 1 : 0;
}
