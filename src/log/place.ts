/** Where a record goes: its own partition where it names one, else its key's. */
import { partitionOf } from "./murmur2.ts";
import type { OutRecord } from "./port.ts";

/** Throws for a record without key and partition, and for a partition that is not there. */
export function place(record: OutRecord, partitions: number): number {
  if (record.partition === null) {
    if (record.key === null) throw new Error(`a record for ${record.topic} has neither key nor partition`);
    return partitionOf(record.key, partitions);
  }
  if (!Number.isInteger(record.partition) || record.partition < 0 || record.partition >= partitions) {
    throw new RangeError(`${record.topic} has the partitions 0 to ${partitions - 1}; there is no ${record.partition}`);
  }
  return record.partition;
}
