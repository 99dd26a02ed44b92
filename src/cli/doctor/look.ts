/** What the doctor reads of a log: names are those in Driftline. */

import type { Deframing } from "../../log/confluent/deframing.ts";
import type { KafkaAccess } from "../../log/kafka/access.ts";
import { createReader } from "../../log/kafka/reader.ts";
import type { LogRecord, Range, ReadLimits } from "../../log/port.ts";

export interface Look {
  /** Of `interactions`; infinite where they are kept for ever. */
  retentionMs(): Promise<number>;
  partitions(topic: string): Promise<number>;
  range(topic: string, partition: number): Promise<Range>;
  read(topic: string, partition: number, from: number, limits: ReadLimits): Promise<readonly LogRecord[]>;
}

/** `deframe`: null where no schema registry is configured, or none that answers. */
export function lookAt(
  { admin, brokers, far }: KafkaAccess,
  prefix: string,
  now: () => number,
  deframe: Deframing | null,
): Look {
  const reader = createReader(brokers, (topic) => topic.slice(prefix.length), now);
  return {
    async retentionMs() {
      const name = far("interactions");
      const ms = Number((await admin.topics([name])).get(name)?.found.settings.get("retention.ms") ?? -1);
      return ms < 0 ? Number.POSITIVE_INFINITY : ms;
    },
    partitions: (topic) => brokers.partitions(far(topic)),
    range: (topic, partition) => reader.range(far(topic), partition),
    async read(topic, partition, from, limits) {
      const records = await reader.read(far(topic), partition, from, limits, 0);
      return deframe === null ? records : deframe(records);
    },
  };
}
