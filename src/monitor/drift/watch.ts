/** What is watched of one environment: its schema, and the series of its references. Pure. */
import type { Alarm, Score, ScoreEntry } from "../../codec/records.ts";
import type { NamesOf } from "./look.ts";
import { createNames } from "./names.ts";
import { type DriftOptions, episodesWantedOf } from "./options.ts";
import type { Step } from "./passage.ts";
import { actionsMax, agentsMax, placesMax } from "./profile.ts";
import { createSchema, type PlainSchema, type Schema } from "./schema.ts";
import { createSeries, type PlainSeries, type Series } from "./series.ts";

export interface Watch {
  readonly environment: string;
  readonly schema: Schema;
  readonly series: ReadonlyMap<string, Series>;
  readonly names: NamesOf;
  /** Null where there are as many series as may be. */
  seriesOf(predictor: string): Series | null;
  stepOf(score: Score, entry: ScoreEntry, odd: boolean): Step;
  agentOf(score: Score): number;
  snapshot(): PlainWatch;
  restore(plain: PlainWatch): void;
}

export interface PlainWatch {
  readonly environment: string;
  readonly schema: PlainSchema;
  readonly names: { readonly [kind in keyof NamesOf]: readonly string[] };
  readonly series: readonly PlainSeries[];
}

export interface WatchDeps {
  readonly options: DriftOptions;
  readonly raise: (alarm: Alarm) => void;
  /** May one more series be watched? */
  readonly hasRoom: () => boolean;
}

export function createWatch(environment: string, { options, raise, hasRoom }: WatchDeps): Watch {
  const episodesWanted = episodesWantedOf(options, environment);
  const episodesMin = Math.min(options.episodesMin, episodesWanted);
  const schema = createSchema(episodesMin);
  const names: NamesOf = {
    actions: createNames(actionsMax),
    agents: createNames(agentsMax),
    places: createNames(placesMax),
  };
  const series = new Map<string, Series>();

  function make(predictor: string): Series {
    const { detectors, precision, recoveryEpisodes } = options;
    const one = createSeries({
      environment,
      predictor,
      options: { detectors, precision, recoveryEpisodes, episodesWanted, episodesMin },
      names,
      news: () => schema.view().news,
      raise,
    });
    series.set(predictor, one);
    return one;
  }

  return {
    environment,
    schema,
    series,
    names,
    seriesOf: (predictor) => series.get(predictor) ?? (hasRoom() ? make(predictor) : null),
    stepOf: (score, entry, odd) => ({
      action: names.actions.of(score.actionName),
      version: entry.version,
      wrong: entry.exact !== true,
      expected: expectedOf(entry),
      odd,
      fields: entry.wrongFields.map((place) => names.places.of(place)),
    }),
    agentOf: ({ agent }) => names.agents.of(agent === null ? "(none)" : `${agent.name} ${agent.version ?? ""}`.trim()),
    snapshot: () => ({
      environment,
      schema: schema.snapshot(),
      names: {
        actions: names.actions.snapshot(),
        agents: names.agents.snapshot(),
        places: names.places.snapshot(),
      },
      series: [...series.values()].map((one) => one.snapshot()),
    }),
    restore(plain) {
      schema.restore(plain.schema);
      names.actions.restore(plain.names.actions);
      names.agents.restore(plain.names.agents);
      names.places.restore(plain.names.places);
      series.clear();
      for (const one of plain.series) make(one.predictor).restore(one);
    },
  };
}

/** The error that the predictor itself expected of this step: certain where it had no support, none where it says nothing. */
function expectedOf({ status, confidence }: ScoreEntry): number {
  if (status === "abstained") return 1;
  return status === "answered" && confidence !== null && confidence >= 0 && confidence <= 1 ? 1 - confidence : 0;
}
