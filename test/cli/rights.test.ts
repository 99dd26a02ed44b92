/** The access lists that the topics' README shows are those that the command prints. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { aclLines, rightsOf, roles, summaryOf } from "../../src/cli/topics/rights.ts";
import { root } from "../style/sources.ts";

describe("access lists", () => {
  it("stand in topics/README.md, all of them and no other", () => {
    const rows = roles.flatMap((role) =>
      summaryOf(rightsOf(role, { prefix: "", exactlyOnce: true })).map(
        ([operations, what]) => `| \`${role}\` | ${operations} | ${what} |`,
      ),
    );
    const readme = readFileSync(join(root, "topics/README.md"), "utf8");
    const table = readme.slice(readme.indexOf("| user | may | on |")).split("\n\n")[0] ?? "";
    expect(table.split("\n").slice(2)).toEqual(rows);
  });

  it("have the prefix before every name, and transactional ids only where they are used", () => {
    for (const role of roles) {
      const rights = rightsOf(role, { prefix: "x-", exactlyOnce: false });
      expect(rights.filter(({ name }) => !name.startsWith("x-"))).toEqual([]);
      expect(rights.filter(({ resource }) => resource === "transactional-id")).toEqual([]);
    }
  });

  it("are printed with what takes the same operations on one line", () => {
    const lines = aclLines(rightsOf("track", { prefix: "", exactlyOnce: true }), "User:alice");
    const head =
      "kafka-acls.sh --bootstrap-server HOST:PORT --command-config admin.properties --add --allow-principal User:alice";
    expect(lines).toHaveLength(4);
    expect(lines).toContain(`${head} --operation Read --group driftline-track`);
    expect(lines).toContain(
      `${head} --operation Write --resource-pattern-type prefixed --transactional-id driftline-track-`,
    );
  });
});
