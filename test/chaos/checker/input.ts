/** The input topic: where each event of the workload lies, how often, and the control records between them. */
import { distantName } from "../distant.ts";
import type { Item } from "../world.ts";
import { decode } from "./decode.ts";
import type { Dump } from "./dump.ts";
import type { Findings } from "./findings.ts";
import { stepKey } from "./transitions.ts";

export interface Place {
  readonly partition: number;
  readonly offset: number;
}
export interface Announcement extends Place {
  readonly environment: string;
  readonly predictor: string;
  readonly version: string;
}
export interface Input {
  /** Of each event by its number, in the order of the log. */
  readonly places: ReadonlyMap<number, readonly Place[]>;
  /** Numbers by `PARTITION/OFFSET`. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly announcements: readonly Announcement[];
  /** Answers of our own remote predictors by episode and step. */
  readonly answers: ReadonlyMap<string, number>;
  readonly ticks: number;
  /** Records by `PARTITION/OFFSET` that are no event of the workload. */
  readonly controls: number;
}

interface Interaction {
  readonly type: string;
  readonly episode: string;
  readonly step: number | null;
  readonly predictor: string | null;
  readonly meta: string | null;
  readonly announcement: { readonly environment: string; readonly predictor: string; readonly version: string } | null;
}

/** Finds events that the log lacks, which is the writer's or the ingest's fault, and those of an episode that lie in another order. */
export function readInput(dump: Dump, items: readonly Item[], findings: Findings): Input {
  const places = new Map<number, Place[]>();
  const numbers = new Map<string, number>();
  const announcements: Announcement[] = [];
  const answers = new Map<string, number>();
  let ticks = 0;
  let controls = 0;
  for (const { partition, offset, value } of dump.topics.get("interactions") ?? []) {
    const text = value?.toString("latin1") ?? "";
    let n = numberOf(text);
    if (value !== null && text.startsWith("\u00c3\u0001")) {
      const event = decode<Interaction>("interaction", value);
      n = event.meta === null ? null : numberOf(event.meta);
      if (event.type === "tick") ticks += 1;
      if (event.type === "prediction" && event.predictor === distantName && event.step !== null) {
        const key = stepKey({ episode: event.episode, step: event.step });
        answers.set(key, (answers.get(key) ?? 0) + 1);
      }
      if (event.announcement !== null) announcements.push({ partition, offset, ...event.announcement });
    }
    if (n === null) {
      controls += 1;
      continue;
    }
    places.set(n, [...(places.get(n) ?? []), { partition, offset }]);
    numbers.set(`${partition}/${offset}`, n);
  }
  const last = new Map<string, number>();
  for (const { n, episode } of items) {
    const [first] = places.get(n) ?? [];
    if (first === undefined) {
      findings.lost("interactions", `event ${n} of ${episode} was acknowledged and is not in the log`);
      continue;
    }
    if (first.offset < (last.get(episode) ?? -1))
      findings.misordered("interactions", `event ${n} of ${episode} lies before the one before it`);
    last.set(episode, first.offset);
  }
  return { places, numbers, announcements, answers, ticks, controls };
}

/** The number of an event: in its `meta`, or in the text of what is no event. */
function numberOf(text: string): number | null {
  const found = /"n":(\d+)\}/.exec(text)?.[1] ?? /this is no event \((\d+)\)/.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}
