/** `driftline topics acls`: the access list entries that each sub-topology takes, as kafka-acls.sh lines or as data. Asks no broker. */
import { type Taken, UsageError } from "../arguments.ts";
import { configOf } from "../data.ts";
import type { Host } from "../host.ts";
import { aclLines, type Role, rightsOf, roles } from "./rights.ts";

/** `--only` names roles; without it all are printed, each for a user of its own. */
export function acls(taken: Taken, host: Host): number {
  const wanted = taken.string("only")?.split(",") ?? [...roles];
  const user = taken.string("user");
  const unknown = wanted.filter((name) => !isRole(name));
  if (unknown.length > 0) throw new UsageError(`there is no role ${unknown.join(", ")}, only ${roles.join(", ")}`);
  const { kafka } = configOf(taken, host).log;
  const options = { prefix: kafka.prefix, exactlyOnce: kafka.guarantee === "exactly-once" };
  for (const role of wanted.filter(isRole)) {
    const principal = `User:${user ?? `driftline-${role}`}`;
    const rights = rightsOf(role, options);
    if (taken.boolean("json")) for (const right of rights) host.out(JSON.stringify({ role, principal, ...right }));
    else for (const line of [`# ${role}`, ...aclLines(rights, principal)]) host.out(line);
  }
  if (!taken.boolean("json") && !options.exactlyOnce)
    host.out("# exactly-once takes transactional ids too: add --log-kafka-guarantee exactly-once");
  return 0;
}

function isRole(name: string): name is Role {
  return roles.some((role) => role === name);
}
