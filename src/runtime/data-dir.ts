/** The data folder of a process that writes it: made where it is not there yet. */
import { accessSync, constants, mkdirSync } from "node:fs";

/** Throws with what is the matter and what to do. */
export function makeDataDir(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    accessSync(dir, constants.W_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`the data folder ${dir} cannot be written (${why}): name another one with --data-dir`);
  }
}
