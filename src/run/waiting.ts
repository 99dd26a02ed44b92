/** How many records wait for a stream task, as the log has it, whatever the task or its input say. */
import type { Log, Offsets } from "../log/port.ts";

/** `position`: next offset per input; null where the task is still catching up, which is itself something to do. */
export async function waitingRecords(
  log: Pick<Log, "range" | "read">,
  partition: number,
  position: Offsets | null,
): Promise<number> {
  if (position === null) return 1;
  let waiting = 0;
  for (const [topic, next] of Object.entries(position)) {
    const { end } = await log.range(topic, partition);
    if (end <= next) continue;
    // Offsets may hold nothing but the marks of transactions: only a record that can be read is one that waits.
    const [first] = await log.read(topic, partition, next, { recordsMax: 1, bytesMax: 1 }, 0);
    if (first !== undefined) waiting += end - first.offset;
  }
  return waiting;
}
