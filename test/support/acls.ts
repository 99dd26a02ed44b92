/** Access lists on the tests' own broker, given and taken by a super user. */
import kafkajs, { type Admin } from "kafkajs";
import type { Operation, Right } from "../../src/cli/topics/rights.ts";
import { until } from "./driftline.ts";

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

const operations: Readonly<Record<Operation, number>> = {
  Read: AclOperationTypes.READ,
  Write: AclOperationTypes.WRITE,
  Create: AclOperationTypes.CREATE,
  Alter: AclOperationTypes.ALTER,
  Describe: AclOperationTypes.DESCRIBE,
  DescribeConfigs: AclOperationTypes.DESCRIBE_CONFIGS,
  AlterConfigs: AclOperationTypes.ALTER_CONFIGS,
};
const resources: Readonly<Record<Right["resource"], number>> = {
  topic: AclResourceTypes.TOPIC,
  group: AclResourceTypes.GROUP,
  "transactional-id": AclResourceTypes.TRANSACTIONAL_ID,
};
const patterns = { literal: ResourcePatternTypes.LITERAL, prefixed: ResourcePatternTypes.PREFIXED };

function entriesOf(principal: string, rights: readonly Right[]) {
  return rights.flatMap(({ resource, name, pattern, operations: allowed }) =>
    allowed.map((operation) => ({
      resourceType: resources[resource],
      resourceName: name,
      resourcePatternType: patterns[pattern],
      principal,
      host: "*",
      operation: operations[operation],
      permissionType: AclPermissionTypes.ALLOW,
    })),
  );
}

/** `user`: its name, without `User:`. */
export async function grant(admin: Admin, user: string, rights: readonly Right[]): Promise<void> {
  const entries = entriesOf(`User:${user}`, rights);
  await admin.createAcls({ acl: entries });
  await knows(admin, `User:${user}`, (held) => entries.every((entry) => held.has(keyOf(entry))));
}

export async function revoke(admin: Admin, user: string, rights: readonly Right[]): Promise<void> {
  const entries = entriesOf(`User:${user}`, rights);
  await admin.deleteAcls({ filters: entries });
  await knows(admin, `User:${user}`, (held) => !entries.some((entry) => held.has(keyOf(entry))));
}

type Entry = Pick<
  ReturnType<typeof entriesOf>[number],
  "resourceType" | "resourceName" | "resourcePatternType" | "operation"
>;

function keyOf({ resourceType, resourceName, resourcePatternType, operation }: Entry): string {
  return `${resourceType} ${resourceName} ${resourcePatternType} ${operation}`;
}

/** The controller has an entry a moment before the broker goes by it. */
async function knows(admin: Admin, principal: string, holds: (held: ReadonlySet<string>) => boolean): Promise<void> {
  const held = async () => {
    const { resources: found } = await admin.describeAcls({
      resourceType: AclResourceTypes.ANY,
      resourcePatternType: ResourcePatternTypes.ANY,
      principal,
      operation: AclOperationTypes.ANY,
      permissionType: AclPermissionTypes.ANY,
    });
    return new Set(
      found.flatMap(({ acls, ...resource }) =>
        acls.map(({ operation }) =>
          keyOf({
            resourceType: resource.resourceType,
            resourceName: resource.resourceName,
            resourcePatternType: resource.resourcePatternType,
            operation,
          }),
        ),
      ),
    );
  };
  await until(async () => holds(await held()), 30_000, `the broker knows the entries of ${principal}`);
}
