/** The data folder: its log is whole, its disk has room, its topics are those of this version. */
import { existsSync, statfsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../config.ts";
import { openToRead } from "../../log/embedded/database.ts";
import { logFile } from "../../log/embedded/embedded-log.ts";
import { readTopics } from "../../log/embedded/tables.ts";
import { topicSpecs } from "../../topology.ts";
import { bad, type Check, checked, ok, warn } from "./check.ts";

const gibibyte = 1_073_741_824;
/** Below it the next minutes may fill the disk. */
const freeBytesMin = 134_217_728;

export async function checkFolder({ dataDir, log }: Config): Promise<readonly Check[]> {
  const file = logFile(join(dataDir, "log"));
  if (!existsSync(file)) return [bad("data folder", `there is no log in ${dataDir}`, "npm start")];
  return checked("log", "restore a copy of the data folder, or delete it to begin anew", async () => {
    const connection = openToRead(file);
    try {
      return [checkWhole(connection), checkRoom(dataDir), checkTopics(connection, log.partitions)];
    } finally {
      connection.close();
    }
  });
}

function checkWhole(connection: ReturnType<typeof openToRead>): Check {
  const said = connection
    .prepare("PRAGMA quick_check")
    .all()
    .flatMap((row) => Object.values(row as object).map(String));
  if (said.join("") === "ok") return ok("log", "the file is whole");
  return bad(
    "log",
    `the file is damaged: ${said.slice(0, 3).join("; ")}`,
    "restore a copy of the data folder, or delete it to begin anew",
  );
}

function checkRoom(dataDir: string): Check {
  const { bavail, bsize } = statfsSync(dataDir);
  const free = bavail * bsize;
  const means = `${(free / gibibyte).toFixed(1)} GiB free`;
  if (free < freeBytesMin) return bad("disk", means, "make room, or lower log.retentionBytes");
  return free < gibibyte ? warn("disk", means, "make room, or lower log.retentionBytes") : ok("disk", means);
}

function checkTopics(connection: ReturnType<typeof openToRead>, partitions: number): Check {
  const there = new Map(readTopics(connection).map(({ spec }) => [spec.name, spec.partitions]));
  const wrong = topicSpecs(partitions, null).flatMap((spec) => {
    const count = there.get(spec.name);
    return count === spec.partitions ? [] : [`${spec.name} ${count ?? "missing"}, should be ${spec.partitions}`];
  });
  if (wrong.length === 0) return ok("topics", `all ${there.size} are there, with their partitions`);
  const isMissing = wrong.every((one) => one.includes("missing"));
  return isMissing
    ? warn("topics", wrong.join("; "), "driftline run makes what is missing")
    : bad("topics", wrong.join("; "), "set log.partitions to what the folder was made with");
}
