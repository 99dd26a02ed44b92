/** Work that is in no hurry (learning) leaves the processors to work that somebody waits for. */
import { setPriority } from "node:os";

/** A third of the share of others, where all want to compute: less, and on a busy machine it would come to no end. */
const niceness = 5;

/** A process; its threads, which come later, inherit that. */
export function yieldProcess(pid: number): void {
  lower(() => setPriority(pid, niceness));
}

/** The calling thread alone. Elsewhere than on Linux a priority is a whole process's: there nothing is changed. */
export function yieldThread(): void {
  if (process.platform === "linux") lower(() => setPriority(niceness));
}

function lower(act: () => void): void {
  try {
    act();
  } catch {
    // Where that is not allowed, or it is gone already, it competes as any other.
  }
}
