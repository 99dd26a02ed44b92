/** Which of the access list entries that the named sub-topologies take this user lacks. Asked of the brokers without writing anything. */
import type { Config } from "../../config.ts";
import type { KafkaAccess } from "../../log/kafka/access.ts";
import { isRefused } from "../../log/kafka/errors.ts";
import { errorOf } from "../../log/kafka/own-requests.ts";
import { refusedWrites } from "../../log/kafka/refused-writes.ts";
import { subTopologiesOf } from "../../run/options.ts";
import { aclLines, type Operation, type Right, rightsOf } from "../topics/rights.ts";
import { bad, type Check, ok } from "./check.ts";
import type { Look } from "./look.ts";

export async function checkRights(config: Config, access: KafkaAccess, look: Look): Promise<readonly Check[]> {
  const { prefix, guarantee, username } = config.log.kafka;
  const names = subTopologiesOf(config.run);
  const exactlyOnce = guarantee === "exactly-once";
  const wanted = merged(names.flatMap((name) => rightsOf(name, { prefix, exactlyOnce })));
  const principal = `User:${username === "" ? "ANONYMOUS" : username}`;
  const lacking: Check[] = [];
  for (const right of wanted) {
    const operations: Operation[] = [];
    for (const operation of right.operations)
      if (!(await may(access, look, right, operation, prefix))) operations.push(operation);
    if (operations.length === 0) continue;
    const [mend = ""] = aclLines([{ ...right, operations }], principal);
    const what = `${right.resource} ${right.name}${right.pattern === "prefixed" ? "*" : ""}`;
    lacking.push(bad(`rights: ${what}`, `${principal} may not ${operations.join(", ")}`, mend));
  }
  if (lacking.length > 0) return lacking;
  return [
    ok(
      "rights",
      `${principal} may do all that ${names.join(", ")} take${guarantee === "exactly-once" ? ", exactly once" : ""}`,
    ),
  ];
}

/** Each resource once, with all that any of the roles does with it. */
function merged(rights: readonly Right[]): readonly Right[] {
  const all = new Map<string, Right>();
  for (const right of rights) {
    const key = `${right.resource} ${right.name}`;
    const operations = new Set([...(all.get(key)?.operations ?? []), ...right.operations]);
    all.set(key, { ...right, operations: [...operations] });
  }
  return [...all.values()];
}

async function may(
  access: KafkaAccess,
  look: Look,
  right: Right,
  operation: Operation,
  prefix: string,
): Promise<boolean> {
  try {
    await probe(access, look, right, operation, prefix);
    return true;
  } catch (error) {
    if (isRefused(error)) return false;
    throw error;
  }
}

/** A member and a transaction that nobody has: an authorizer answers before the coordinator finds that out. */
const nobody = "driftline-doctor";
const limits = { recordsMax: 1, bytesMax: 1 };

async function probe(
  { admin, brokers }: KafkaAccess,
  look: Look,
  { resource, name }: Right,
  operation: Operation,
  prefix: string,
): Promise<void> {
  switch (resource) {
    case "group":
      await brokers.findCoordinator("group", name);
      if (operation === "Read")
        await asked(brokers, "Heartbeat", { groupId: name, groupGenerationId: 0, memberId: nobody });
      return;
    case "transactional-id": {
      const transaction = { producerId: "0", producerEpoch: 0, transactionResult: false };
      return asked(brokers, "EndTxn", { transactionalId: `${name}${nobody}`, ...transaction });
    }
    case "topic": {
      if (operation === "Write") {
        if ((await refusedWrites(brokers, [name])).length > 0) throw errorOf(refusedTopic);
        return;
      }
      if (operation === "Read") {
        const topic = name.slice(prefix.length);
        await look.read(topic, 0, (await look.range(topic, 0)).start, limits);
        return;
      }
      await admin.topics([name]);
    }
  }
}

const refusedTopic = 29;

/** Throws what the code stands for, where that is a refusal. */
async function asked(brokers: KafkaAccess["brokers"], api: "Heartbeat" | "EndTxn", parameters: object): Promise<void> {
  const { errorCode } = await brokers.askController<{ errorCode: number }>({ api, parameters, codes: true });
  const error = errorOf(errorCode);
  if (error !== null && isRefused(error)) throw error;
}
