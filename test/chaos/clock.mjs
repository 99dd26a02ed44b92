/**
 * Loaded before the program (`NODE_OPTIONS=--import`): its wall clock is off by as many milliseconds as the file `CHAOS_CLOCK` says, and
 * jumps when the file changes. Monotonic clocks and timers go on undisturbed, as they do when a machine's clock is set.
 */
import { readFileSync } from "node:fs";

const path = process.env["CHAOS_CLOCK"];
if (path !== undefined) {
  const real = Date.now;
  let offsetMs = 0;
  const read = () => {
    try {
      offsetMs = Number(readFileSync(path, "utf8")) || 0;
    } catch {
      // Being written just now.
    }
  };
  read();
  setInterval(read, 200).unref();
  Date.now = () => real() + offsetMs;
}
