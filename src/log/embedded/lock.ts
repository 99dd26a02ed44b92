/**
 * One writer per folder: an exclusive transaction on a file of its own, which the operating system ends with the process, however it ends.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { LogLocked } from "../port.ts";

export interface Lock {
  release(): void;
}

/** Throws `LogLocked`. */
export function takeLock(dir: string): Lock {
  const connection = new Database(join(dir, "lock.db"), { timeout: 200 });
  const pidFile = join(dir, "pid");
  try {
    connection.exec("PRAGMA journal_mode=DELETE");
    connection.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    connection.close();
    if (!/locked|busy/i.test(error instanceof Error ? error.message : "")) throw error;
    throw new LogLocked(
      `another process${ownerOf(pidFile)} writes the log in ${dir}. Stop it first, or choose another folder with --data-dir; reading is possible meanwhile`,
    );
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  return {
    release() {
      connection.exec("ROLLBACK");
      connection.close();
    },
  };
}

function ownerOf(pidFile: string): string {
  try {
    return ` (pid ${readFileSync(pidFile, "utf8").trim()})`;
  } catch {
    return "";
  }
}
