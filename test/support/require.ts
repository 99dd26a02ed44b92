/** Tools that tests drive but npm does not bring. Where one is missing the tests are skipped loudly; with DRIFTLINE_REQUIRE=all that is a failure. */
import { spawnSync } from "node:child_process";

export function requireTool(tool: string): boolean {
  const found = spawnSync("sh", ["-c", `command -v ${JSON.stringify(tool)}`]).status === 0;
  return required(found, `the tool ${tool} is not installed`);
}

export function required(found: boolean, why: string): boolean {
  if (found) return true;
  if (process.env["DRIFTLINE_REQUIRE"] === "all")
    throw new Error(`${why}, and DRIFTLINE_REQUIRE=all makes that a failure`);
  process.stderr.write(`\n*** SKIPPED: ${why} ***\n\n`);
  return false;
}
