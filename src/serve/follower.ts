/** Follows all partitions of a topic aside, without a group. */
import { CodecError } from "../codec/codecs.ts";
import type { Log, LogRecord } from "../log/port.ts";

export interface Follower {
  /** Takes what is new. */
  follow(): Promise<void>;
}

const limits = { recordsMax: 500, bytesMax: 4_194_304 };

/**
 * `begin`: from the start, or from so many records before the end. `perRound`: where more has come since the last round, only the newest so
 * many per partition are taken. A record that does not decode is passed over: its stage has made a dead letter of it.
 */
export function createFollower(
  log: Pick<Log, "read" | "range" | "partitionCount">,
  topic: string,
  begin: "start" | number,
  perRound: number,
  take: (record: LogRecord) => void,
): Follower {
  const positions = new Map<number, number>();

  async function followPartition(partition: number): Promise<void> {
    const { start, end } = await log.range(topic, partition);
    const first = begin === "start" ? start : Math.max(start, end - begin);
    let from = Math.max(positions.get(partition) ?? first, start, end - perRound);
    while (from < end) {
      const records = await log.read(topic, partition, from, limits, 0);
      for (const record of records) takeOne(record);
      const last = records.at(-1);
      if (last === undefined) break;
      from = last.offset + 1;
    }
    positions.set(partition, Math.max(from, end));
  }

  function takeOne(record: LogRecord): void {
    try {
      take(record);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
    }
  }

  return {
    async follow() {
      const partitions = await log.partitionCount(topic);
      for (let partition = 0; partition < partitions; partition++) await followPartition(partition);
    },
  };
}
