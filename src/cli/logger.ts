/** The process's own log: JSON lines on standard error (pino), synchronous so that the last line before an exit is not lost. */
import pino, { type Logger } from "pino";

export function createLogger(level: string): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
}
