/** Other people's predictions, recorded: 119 tool calls with what a 7B model said between action and observation. 43 of them are exact. */
import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { driftline, temporaryFolder } from "../support/driftline.ts";

const file = new URL("../../../shared/data/stabletoolbench-dev.jsonl.gz", import.meta.url).pathname;
const there = existsSync(file);
if (!there)
  process.stderr.write("\n*** SKIPPED: the recorded calls of StableToolBench are not beside this checkout ***\n\n");

it.runIf(there)("the recorded predictions match exactly in 43 of 119 calls", async () => {
  const folder = temporaryFolder();
  const { out, err } = await driftline(["replay", file, "--json", "--data-dir", folder.path]);
  const summary = JSON.parse(out || `"${err}"`);
  expect(summary).toMatchObject({ refused: 0, deadLetters: 0, processed: true });
  const theirs = summary.accuracy.find(
    (one: { predictor: string }) => !["persistence", "recall", "lifted-edits", "text-edits"].includes(one.predictor),
  );
  expect(theirs).toMatchObject({ samples: 119 });
  expect(Math.round(theirs.accuracy * theirs.samples)).toBe(43);
  folder.cleanup();
});
