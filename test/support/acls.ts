/** Access lists on the tests' own broker, given and taken by a super user. */
import kafkajs, { type Admin } from "kafkajs";
import type { Operation, Right } from "../../src/cli/topics/rights.ts";

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
  await admin.createAcls({ acl: entriesOf(`User:${user}`, rights) });
}

export async function revoke(admin: Admin, user: string, rights: readonly Right[]): Promise<void> {
  await admin.deleteAcls({ filters: entriesOf(`User:${user}`, rights) });
}
