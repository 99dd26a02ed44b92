/** The records of drift: alarms, and the baselines against which they are raised. */
import type { JsonText } from "../json/json.ts";

/** `alarms`: a detector's verdict. */
export interface Alarm {
  readonly environment: string;
  readonly predictor: string;
  readonly detector: string;
  readonly id: string;
  readonly status: "open" | "acknowledged" | "recovered";
  readonly cause: string;
  readonly since: number;
  readonly time: number;
  readonly evidence: JsonText;
}

/** `baselines`: what is usual for one reference. */
export interface Baseline {
  readonly environment: string;
  readonly predictor: string;
  readonly version: string;
  /** False: episodes are still gathered. True: frozen, alarms are raised against it. */
  readonly mature: boolean;
  /** Episode means in it, and how many it needs at most to become mature. */
  readonly episodes: number;
  readonly episodesWanted: number;
  readonly mean: number | null;
  readonly upper: number | null;
  readonly since: number;
  readonly until: number | null;
  /** ln of the e-SR statistic, and of where an alarm is raised; null while immature. */
  readonly logEvalue: number | null;
  readonly limit: number | null;
  /** Who renewed it; null where it began by itself. */
  readonly author: string | null;
  readonly note: string | null;
  readonly at: number;
}
