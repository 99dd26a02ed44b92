/** The versions of each learnt predictor and which one is pinned, from `models`, bounded: what page and API show. */
import { codecs } from "../codec/codecs.ts";
import type { Model } from "../codec/records.ts";
import type { LogRecord } from "../log/port.ts";
import { referenceKey } from "../run/manifests.ts";
import type { EnvironmentView, ModelsView, ReferenceView } from "./views.ts";

export interface ModelViews {
  take(record: LogRecord): void;
  models(): readonly ModelsView[];
  references(environment: string): EnvironmentView["references"];
}

interface Predictor {
  readonly environment: string;
  readonly predictor: string;
  readonly versions: Map<string, Model>;
  reference: ReferenceView | null;
}

const predictorsMax = 1_000;
const versionsShownMax = 200;

export function createModelViews(): ModelViews {
  const predictors = new Map<string, Predictor>();

  function predictorOf({ environment, predictor }: Model): Predictor | null {
    const key = referenceKey({ environment, predictor });
    const known = predictors.get(key);
    if (known !== undefined) return known;
    if (predictors.size >= predictorsMax) return null;
    const fresh = { environment, predictor, versions: new Map<string, Model>(), reference: null };
    predictors.set(key, fresh);
    return fresh;
  }

  function takeVersion(key: string, model: Model, { versions }: Predictor): void {
    versions.set(key, model);
    for (const oldest of versions.keys()) {
      if (versions.size <= versionsShownMax) break;
      versions.delete(oldest);
    }
  }

  return {
    take({ key, value }) {
      if (key === null) return;
      if (value === null) {
        for (const { versions } of predictors.values()) versions.delete(key);
        return;
      }
      const model = codecs.model.decode(value);
      const predictor = predictorOf(model);
      if (predictor === null) return;
      if (model.reference === null) return takeVersion(key, model, predictor);
      const { pinned, at, author } = model.reference;
      predictor.reference = pinned ? { version: model.version, at, author } : null;
    },
    models: () =>
      [...predictors.values()].map(({ environment, predictor, versions, reference }) => {
        const shown = [...versions.values()].map(
          ({ version, publishedAt, transitions, entries, bytes, hits, tries }) => {
            return { version, publishedAt, transitions, entries, bytes, hits, tries };
          },
        );
        return { environment, predictor, reference, versions: shown.sort((a, b) => a.transitions - b.transitions) };
      }),
    references: (environment) =>
      [...predictors.values()].flatMap(({ environment: its, predictor, reference }) =>
        its === environment && reference !== null ? [{ predictor, ...reference }] : [],
      ),
  };
}
