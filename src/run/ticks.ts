/**
 * Ticks: how the passage of time reaches a pure fold. The owner of a partition that is silent while something waits for a deadline
 * appends a `tick` to it; its append time moves stream time on. No oftener than deadlines need, and at most one per `tickMs`.
 */

import { blankInteraction } from "../codec/blank-interaction.ts";
import { codecs } from "../codec/codecs.ts";
import type { Log } from "../log/port.ts";
import { havePassed } from "./passed.ts";

export interface Ticker {
  /** Call when the partition was silent: appends a tick if the deadline has passed. */
  silent(deadline: number | null): Promise<void>;
}

export function createTicker(log: Pick<Log, "append">, partition: number, tickMs: number, now: () => number): Ticker {
  let tickedAt = Number.NEGATIVE_INFINITY;
  return {
    async silent(deadline) {
      const at = now();
      if (deadline === null || at <= deadline || !havePassed(tickMs, tickedAt, at)) return;
      tickedAt = at;
      await log.append([
        { topic: "interactions", key: null, partition, value: codecs.interaction.encode(blankInteraction) },
      ]);
    },
  };
}
