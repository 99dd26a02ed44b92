/** Alarms and baselines for page and API, from their topics, bounded. */
import { codecs } from "../codec/codecs.ts";
import type { Baseline } from "../codec/records.ts";
import type { LogRecord } from "../log/port.ts";
import type { AlarmView } from "./views.ts";

export interface DriftViews {
  takeAlarm(record: LogRecord): void;
  takeBaseline(record: LogRecord): void;
  /** Open ones first, then the newest. `environment` null: of all. */
  alarms(environment: string | null, max: number): readonly AlarmView[];
  baselines(environment: string | null): readonly Baseline[];
}

const alarmsMax = 1_000;
const baselinesMax = 1_000;

export function createDriftViews(): DriftViews {
  const alarms = new Map<string, AlarmView>();
  const baselines = new Map<string, Baseline>();

  return {
    takeAlarm({ value }) {
      if (value === null) return;
      const { evidence, ...alarm } = codecs.alarm.decode(value);
      const openedAt = alarms.get(alarm.id)?.openedAt ?? alarm.time;
      alarms.delete(alarm.id);
      alarms.set(alarm.id, { ...alarm, openedAt, evidence: JSON.parse(evidence) });
      for (const oldest of alarms.keys()) {
        if (alarms.size <= alarmsMax) break;
        alarms.delete(oldest);
      }
    },
    takeBaseline({ key, value }) {
      if (key === null) return;
      if (value === null) baselines.delete(key);
      else if (baselines.has(key) || baselines.size < baselinesMax) baselines.set(key, codecs.baseline.decode(value));
    },
    alarms: (environment, max) =>
      [...alarms.values()]
        .filter((alarm) => environment === null || alarm.environment === environment)
        .reverse()
        .sort((a, b) => Number(a.status === "recovered") - Number(b.status === "recovered"))
        .slice(0, max),
    baselines: (environment) =>
      [...baselines.values()].filter((one) => environment === null || one.environment === environment),
  };
}
