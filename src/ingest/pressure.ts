/** Back-pressure: ingest alone pushes back, when the stages lag or too much is being taken at once (DESIGN 5). */

import type { Log } from "../log/port.ts";
import { havePassed } from "../run/passed.ts";
import type { IngestOptions } from "./options.ts";

export interface Pressure {
  /** Null: go on. Else why not, and when to try again. */
  refuse(bytes: number): Promise<{ readonly message: string; readonly retryAfterSeconds: number } | null>;
  enter(bytes: number): void;
  leave(bytes: number): void;
  inFlight(): number;
}

/** The lag is asked for at most this often. */
const lagAgeMs = 250;

export function createPressure(log: Pick<Log, "lag">, options: IngestOptions, now: () => number): Pressure {
  let inFlight = 0;
  let lag = { at: Number.NEGATIVE_INFINITY, records: 0 };

  async function lagging(): Promise<number> {
    if (!havePassed(lagAgeMs, lag.at, now())) return lag.records;
    lag = { at: now(), records: lag.records };
    const groups = await log.lag();
    lag.records = Math.max(0, ...groups.map((group) => group.records));
    return lag.records;
  }

  return {
    async refuse(bytes) {
      if (inFlight > 0 && inFlight + bytes > options.inFlightBytesMax) {
        return {
          message: `${options.inFlightBytesMax} bytes are being taken already: send fewer requests at once and repeat this one (ingest.inFlightBytesMax)`,
          retryAfterSeconds: 1,
        };
      }
      const records = await lagging();
      if (records <= options.lagMax) return null;
      return {
        message: `the stages are ${records} records behind, the limit is ${options.lagMax}: repeat the request after the given time, or raise ingest.lagMax`,
        retryAfterSeconds: 5,
      };
    },
    enter(bytes) {
      inFlight += bytes;
    },
    leave(bytes) {
      inFlight -= bytes;
    },
    inFlight: () => inFlight,
  };
}
