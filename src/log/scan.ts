/** Reads a whole topic aside: all that is held when it is called, partition by partition, in pieces. */
import type { Log, LogRecord } from "./port.ts";

const limits = { recordsMax: 1_000, bytesMax: 8_388_608 };

/** `partition`: only this one. */
export async function* scan(
  log: Pick<Log, "read" | "range" | "partitionCount">,
  topic: string,
  partition: number | null = null,
): AsyncGenerator<readonly LogRecord[]> {
  const count = await log.partitionCount(topic);
  for (let at = partition ?? 0; at < (partition === null ? count : partition + 1); at++) {
    const { start, end } = await log.range(topic, at);
    for (let from = start; from < end; ) {
      const records = await log.read(topic, at, from, limits, 0);
      const last = records.at(-1);
      if (last === undefined) break;
      yield records;
      from = last.offset + 1;
    }
  }
}
