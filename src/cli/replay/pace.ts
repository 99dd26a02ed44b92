/** The pace of a replay: by the events' own times where they have them, else so many events a second. */
import type { Host } from "../host.ts";

export interface Pace {
  /** Waits until the event is due. True where it waited, so that what came before should have been sent. */
  wait(line: Buffer, beforeWaiting: () => Promise<void>): Promise<boolean>;
}

/** Shorter waits than this are not worth a timer. */
const waitMinMs = 20;

/** `speed` null: as fast as possible. */
export function createPace(speed: number | null, host: Pick<Host, "seconds" | "sleep" | "stop">): Pace {
  const start = host.seconds();
  let firstTime: number | null = null;
  let events = 0;
  return {
    async wait(line, beforeWaiting) {
      if (speed === null) return false;
      const time = timeOf(line);
      firstTime ??= time;
      const due = time !== null && firstTime !== null ? (time - firstTime) / 1000 / speed : events / speed;
      events += 1;
      const waitMs = (start + due - host.seconds()) * 1000;
      if (waitMs < waitMinMs) return false;
      await beforeWaiting();
      await host.sleep(waitMs, host.stop);
      return true;
    },
  };
}

function timeOf(line: Buffer): number | null {
  try {
    const event: { readonly time?: unknown } = JSON.parse(line.toString("utf8"));
    if (typeof event.time === "number") return event.time;
    const parsed = typeof event.time === "string" ? Date.parse(event.time) : Number.NaN;
    return Number.isNaN(parsed) ? null : parsed;
  } catch {
    return null;
  }
}
