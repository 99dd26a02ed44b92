/** Recorded events without `intermediatePatch`: `node test/bench/without-ticks.mjs IN.jsonl.gz OUT.jsonl.gz`. What the world does by itself is then learnt as the action's doing. */
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";

const [from, to] = process.argv.slice(2);
const lines = gunzipSync(readFileSync(from)).toString("utf8").trimEnd().split("\n");
const stripped = lines.map((line) => {
  const { intermediatePatch: _, ...event } = JSON.parse(line);
  return JSON.stringify(event);
});
writeFileSync(to, gzipSync(`${stripped.join("\n")}\n`));
