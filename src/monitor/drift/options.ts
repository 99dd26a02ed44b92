/** Options of drift detection. */
import { type Static, Type } from "@sinclair/typebox";

const environmentSchema = Type.Object(
  {
    episodesWanted: Type.Optional(
      Type.Integer({ minimum: 20, description: "In place of monitor.drift.episodesWanted, for this environment." }),
    ),
  },
  { additionalProperties: false },
);

export const driftOptionsSchema = Type.Object(
  {
    detectors: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
      default: ["e-sr"],
      maxItems: 8,
      description: "Detectors that raise alarms: e-sr, adwin, page-hinkley.",
    }),
    episodesWanted: Type.Integer({
      default: 1_000,
      minimum: 20,
      description: "Episode means after which a baseline is frozen; no alarm is raised before.",
    }),
    episodesMin: Type.Integer({
      default: 300,
      minimum: 20,
      description: "A baseline is frozen earlier from so many on, where its bound is within monitor.drift.precision.",
    }),
    precision: Type.Number({
      default: 0.25,
      exclusiveMinimum: 0,
      maximum: 1,
      description: "How far the upper bound of a baseline's error may lie above its mean, as a share of the mean.",
    }),
    passageSteps: Type.Integer({
      default: 50,
      minimum: 1,
      maximum: 10_000,
      description: "A long episode yields a mean every so many steps, not only at its end.",
    }),
    recoveryEpisodes: Type.Integer({
      default: 100,
      minimum: 10,
      maximum: 500,
      description: "An alarm recovers when the mean of so many episodes is back within the baseline's bound.",
    }),
    seriesMax: Type.Integer({
      default: 200,
      minimum: 1,
      description: "References watched for drift per partition; further ones are not, which a metric says.",
    }),
    openEpisodesMax: Type.Integer({
      default: 20_000,
      minimum: 1,
      description: "Episodes followed at one time per partition; beyond it the one silent for longest is let go.",
    }),
    silentMs: Type.Integer({
      default: 3_600_000,
      minimum: 1_000,
      description: "An episode without scores for so long (stream time) is let go without a mean.",
    }),
    environments: Type.Record(Type.String({ minLength: 1, maxLength: 256 }), environmentSchema, {
      default: {},
      description: "Per environment: episodesWanted.",
    }),
  },
  { additionalProperties: false, default: {} },
);
export type DriftOptions = Static<typeof driftOptionsSchema>;

export function episodesWantedOf(options: DriftOptions, environment: string): number {
  const own = Object.hasOwn(options.environments, environment) ? options.environments[environment] : undefined;
  return own?.episodesWanted ?? options.episodesWanted;
}
