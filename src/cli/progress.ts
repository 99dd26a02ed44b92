/** Progress of long work on standard error: redrawn on a terminal, a line now and then elsewhere. Rate and time left come from what was done. */
import type { Host } from "./host.ts";

export interface Progress {
  /** `done` and `total` in any unit, `count` in the unit named. Unknown total: 0. */
  at(done: number, total: number, count: number): void;
  end(): void;
}

const terminalSeconds = 0.1;
const linesSeconds = 5;

export function createProgress(host: Host, what: string, unit: string): Progress {
  const start = host.seconds();
  let shownAt = start;
  let shown = false;
  return {
    at(done, total, count) {
      const now = host.seconds();
      if (now - shownAt < (host.errIsTerminal ? terminalSeconds : linesSeconds)) return;
      shownAt = now;
      shown = true;
      const elapsed = now - start;
      const share = total > 0 ? Math.min(1, done / total) : 0;
      const left = share > 0.01 ? `, about ${duration((elapsed * (1 - share)) / share)} left` : "";
      const percent = total > 0 ? ` ${(100 * share).toFixed(0)} %` : "";
      const text = `${what}${percent}: ${count} ${unit}, ${Math.round(count / Math.max(elapsed, 0.001))}/s${left}`;
      if (host.errIsTerminal) host.status(text);
      else host.err(text);
    },
    end() {
      if (shown && host.errIsTerminal) host.status("");
    },
  };
}

export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3_600).toFixed(1)} h`;
}
