/** Alarms and baselines as they stand in the log: the newest word on each. Read aside. */
import { CodecError, codecs } from "../codec/codecs.ts";
import type { Alarm, Baseline } from "../codec/records.ts";
import { partitionOf } from "../log/murmur2.ts";
import { scan } from "../log/scan.ts";
import { newestByKey, type Readable } from "../run/manifests.ts";

/** Oldest first by their last word. `environment` null: of all. */
export async function readAlarms(log: Readable, environment: string | null): Promise<readonly Alarm[]> {
  const newest = new Map<string, Alarm>();
  const partition = environment === null ? null : partitionOf(environment, await log.partitionCount("alarms"));
  for await (const records of scan(log, "alarms", partition)) {
    for (const { value } of records) {
      const alarm = decoded(() => codecs.alarm.decode(value ?? new Uint8Array()));
      if (alarm === null || (environment !== null && alarm.environment !== environment)) continue;
      newest.delete(alarm.id);
      newest.set(alarm.id, alarm);
    }
  }
  return [...newest.values()];
}

export async function readBaselines(log: Readable, environment: string | null): Promise<readonly Baseline[]> {
  const records = await newestByKey(log, "baselines");
  return [...records.values()].flatMap(({ value }) => {
    const baseline = decoded(() => codecs.baseline.decode(value ?? new Uint8Array()));
    return baseline !== null && (environment === null || baseline.environment === environment) ? [baseline] : [];
  });
}

/** What no version of ours wrote says nothing here. */
function decoded<T>(decode: () => T): T | null {
  try {
    return decode();
  } catch (error) {
    if (error instanceof CodecError) return null;
    throw error;
  }
}
