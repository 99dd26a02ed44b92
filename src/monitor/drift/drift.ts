/**
 * Drift of the references of one partition: from scores and outcomes to episode means, baselines, alarms. Pure.
 *
 * Watched are references: pinned versions (`NAME@reference`) and other people's predictors, which do not learn here. Not watched are live learners,
 * which learn a drift away, and the builtin baselines, whose error is how often the world changes: it moves with what agents do.
 *
 * An episode is over when its outcome and all of its scores have come, in whichever order: the two topics are read side by side.
 */
import type { Alarm, Command, Outcome, Score } from "../../codec/records.ts";
import { isReferenceName } from "../../codec/reference-name.ts";
import type { DriftOptions } from "./options.ts";
import { addStep, openPassage, type Passage } from "./passage.ts";
import {
  newPosition,
  type PlainPosition,
  plainPosition,
  positionFrom,
  type SchemaPosition,
  type SchemaView,
} from "./schema.ts";
import type { Renewal, SeriesView } from "./series.ts";
import { createWatch, type PlainWatch, type Watch } from "./watch.ts";

export type Lost = "series" | "episodes" | "silent";

export interface DriftDeps {
  readonly options: DriftOptions;
  /** Names of the predictors that run here: live learners and builtin baselines. */
  readonly own: ReadonlySet<string>;
  readonly raise: (alarm: Alarm) => void;
  /** Something was let go because of a bound. */
  readonly lost: (why: Lost) => void;
}

export interface Drift {
  score(score: Score, streamTime: number): void;
  outcome(outcome: Outcome, streamTime: number): void;
  /** False where there is no such alarm or baseline. Other commands are none of its business. */
  command(command: Command, streamTime: number): boolean;
  forget(environment: string): void;
  series(): Iterable<SeriesView>;
  schemas(): Iterable<SchemaView & { readonly environment: string }>;
  /** A line for what runs, and one for each environment. */
  snapshot(): Iterable<PlainOpen | PlainWatch>;
  restore(parts: readonly (PlainOpen | PlainWatch)[]): void;
}

interface Open {
  readonly environment: string;
  /** Scored steps that have come, and how many there are by the outcome. */
  seen: number;
  wanted: number | null;
  touchedAt: number;
  odd: boolean;
  readonly position: SchemaPosition;
  readonly passages: Map<string, Passage>;
}
export interface PlainOpen {
  readonly open: readonly (readonly [string, PlainEpisode])[];
}
type PlainEpisode = Omit<Open, "position" | "passages"> & {
  readonly position: PlainPosition;
  readonly passages: readonly (readonly [string, Passage])[];
};

export function createDrift({ options, own, raise, lost }: DriftDeps): Drift {
  const watches = new Map<string, Watch>();
  /** Longest silent first. */
  const open = new Map<string, Open>();
  let seriesCount = 0;
  const deps = { options, raise, hasRoom };

  function hasRoom(): boolean {
    if (seriesCount >= options.seriesMax) return false;
    seriesCount += 1;
    return true;
  }

  function isWatched(predictor: string): boolean {
    return isReferenceName(predictor) || !own.has(predictor);
  }

  function watchOf(environment: string): Watch {
    const known = watches.get(environment);
    if (known !== undefined) return known;
    const fresh = createWatch(environment, deps);
    watches.set(environment, fresh);
    return fresh;
  }

  function openOf(episode: string, environment: string, streamTime: number): Open {
    const known = open.get(episode);
    if (known !== undefined && known.environment === environment) {
      known.touchedAt = streamTime;
      open.delete(episode);
      open.set(episode, known);
      return known;
    }
    const fresh = {
      environment,
      seen: 0,
      wanted: null,
      touchedAt: streamTime,
      odd: false,
      position: newPosition(),
      passages: new Map<string, Passage>(),
    };
    open.delete(episode);
    open.set(episode, fresh);
    letGo(streamTime);
    return fresh;
  }

  function letGo(streamTime: number): void {
    for (const [episode, { touchedAt }] of open) {
      const silent = streamTime - touchedAt > options.silentMs;
      if (!silent && open.size <= options.openEpisodesMax) return;
      open.delete(episode);
      lost(silent ? "silent" : "episodes");
    }
  }

  function score(record: Score, streamTime: number): void {
    const concerns = record.shape !== null || record.entries.some(({ predictor }) => isWatched(predictor));
    if (!concerns && !open.has(record.episode)) return;
    const watch = watchOf(record.environment);
    const episode = openOf(record.episode, record.environment, streamTime);
    if (record.first && record.truth !== "") {
      episode.seen += 1;
      episode.odd = watch.schema.step(episode.position, record);
    }
    for (const entry of record.entries) {
      if (entry.status === "missing" || !isWatched(entry.predictor)) continue;
      const series = watch.seriesOf(entry.predictor);
      if (series === null) {
        lost("series");
        continue;
      }
      const { predictor, version } = entry;
      const passage =
        episode.passages.get(predictor) ?? openPassage(record.episode, record.time, watch.agentOf(record), version);
      addStep(passage, watch.stepOf(record, entry, episode.odd));
      episode.passages.set(predictor, passage);
      if (passage.steps < options.passageSteps) continue;
      episode.passages.delete(predictor);
      series.take(passage, streamTime);
    }
    closeIfOver(record.episode, episode, streamTime);
  }

  function closeIfOver(id: string, episode: Open, streamTime: number): void {
    if (episode.wanted === null || episode.seen < episode.wanted) return;
    open.delete(id);
    const watch = watchOf(episode.environment);
    watch.schema.ended();
    for (const [predictor, passage] of episode.passages) watch.seriesOf(predictor)?.take(passage, streamTime);
  }

  function renew({ environment, predictor, author, note }: Command, streamTime: number): boolean {
    const watch = watches.get(environment);
    const series = predictor === null ? undefined : watch?.series.get(predictor);
    if (watch === undefined || series === undefined) return false;
    series.rebaseline({ author, note }, streamTime);
    watch.schema.accept();
    return true;
  }

  function acknowledge({ environment, target, author, note }: Command, streamTime: number): boolean {
    const by: Renewal = { author, note };
    return [...(watches.get(environment)?.series.values() ?? [])].some((one) =>
      one.acknowledge(target, by, streamTime),
    );
  }

  return {
    score,
    outcome(record, streamTime) {
      // An episode of which nothing was watched has nothing to end.
      if (!open.has(record.episode) && (record.scored === 0 || !watches.has(record.environment))) return;
      const episode = openOf(record.episode, record.environment, streamTime);
      episode.wanted = record.scored;
      closeIfOver(record.episode, episode, streamTime);
    },
    command(command, streamTime) {
      if (command.command === "rebaseline") return renew(command, streamTime);
      return command.command === "acknowledge" ? acknowledge(command, streamTime) : true;
    },
    forget(environment) {
      seriesCount -= watches.get(environment)?.series.size ?? 0;
      watches.delete(environment);
      for (const [episode, its] of open) if (its.environment === environment) open.delete(episode);
    },
    *series() {
      for (const { series } of watches.values()) for (const one of series.values()) yield one.view();
    },
    *schemas() {
      for (const { environment, schema } of watches.values()) yield { environment, ...schema.view() };
    },
    *snapshot() {
      const rows = [...open].map(([id, episode]) => {
        const { position, passages, ...rest } = episode;
        return [id, { ...rest, position: plainPosition(position), passages: [...passages] }] as const;
      });
      yield { open: rows };
      for (const watch of watches.values()) yield watch.snapshot();
    },
    restore(parts) {
      watches.clear();
      open.clear();
      seriesCount = 0;
      for (const part of parts) {
        if ("open" in part) {
          for (const [id, { position, passages, ...rest }] of part.open)
            open.set(id, { ...rest, position: positionFrom(position), passages: new Map(passages) });
          continue;
        }
        watchOf(part.environment).restore(part);
        seriesCount += part.series.length;
      }
    },
  };
}
