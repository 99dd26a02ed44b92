/** Reading aside: from a named offset of any partition, without a group. Also finds where partitions start and end. */
import type { LogRecord, Range, ReadLimits } from "../port.ts";
import type { Brokers } from "./brokers.ts";
import { answerError, codes } from "./errors.ts";
import { fetchOneOf, listedOffset, offsetOf } from "./fetch.ts";

export interface Reader {
  range(topic: string, partition: number): Promise<Range>;
  /** As the port's `read`. `gone`: what to throw for an offset that is not held, instead of going on at the start. */
  read(
    topic: string,
    partition: number,
    from: number,
    limits: ReadLimits,
    waitMs: number,
    gone?: (held: Range) => Error,
  ): Promise<readonly LogRecord[]>;
}

/** A broker may hold a request for so long; whoever waits longer asks again. */
const waitMsMax = 5_000;

/** Topics are asked for by their names on the cluster; `near` gives the records their names in Driftline. */
export function createReader(brokers: Brokers, near: (topic: string) => string, now: () => number): Reader {
  async function end(topic: string, partition: number, which: keyof Range): Promise<number> {
    return listedOffset(await brokers.askLeader(topic, partition, offsetOf(topic, partition, which)));
  }

  async function range(topic: string, partition: number): Promise<Range> {
    const [start, stable] = await Promise.all([end(topic, partition, "start"), end(topic, partition, "end")]);
    return { start, end: Math.max(start, stable) };
  }

  return {
    range,
    async read(topic, partition, from, limits, waitMs, gone) {
      const until = now() + waitMs;
      for (let at = from; ; ) {
        const place = { topic, partition, from: at, bytesMax: limits.bytesMax };
        const wait = Math.max(0, Math.min(until - now(), waitMsMax));
        const fetched = await brokers.askLeader(topic, partition, fetchOneOf(place, wait, near));
        if (fetched.code === codes.offsetOutOfRange) {
          const held = await range(topic, partition);
          if (gone !== undefined) throw gone(held);
          if (at > held.end) return [];
          at = held.start;
          continue;
        }
        if (fetched.code !== codes.none) throw answerError(fetched.code, topic);
        if (fetched.problem !== null) throw fetched.problem;
        if (fetched.records.length > 0) return within(fetched.records, limits);
        const moved = fetched.next > at;
        at = fetched.next;
        // Control records and what was aborted take offsets, and say nothing.
        if (moved && at < fetched.stableEnd) continue;
        if (now() >= until) return [];
      }
    },
  };
}

/** As many as the limits allow, but one at least. */
export function within(records: readonly LogRecord[], { recordsMax, bytesMax }: ReadLimits): readonly LogRecord[] {
  let bytes = 0;
  for (let at = 0; at < records.length; at++) {
    bytes += records[at]?.value?.length ?? 0;
    if (at > 0 && (at >= recordsMax || bytes > bytesMax)) return records.slice(0, at);
  }
  return records;
}
