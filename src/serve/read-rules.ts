/** The rules of a predictor in an environment, read from the version in force: the newest that was announced. Reads aside. */
import type { Blobs } from "../blobs/port.ts";
import type { Model } from "../codec/records.ts";
import type { LearntRule } from "../predictors/learnt-rules.ts";
import { createLoader } from "../predictors/loader.ts";
import type { PredictorFactory } from "../predictors/predictor.ts";
import { type RuleKind, ruleKindNames } from "../predictors/rule-kinds.ts";
import { type Manifests, type Readable, readManifests } from "../run/manifests.ts";
import type { RulesView, RuleView } from "./views.ts";

export interface RuleReaderDeps {
  readonly log: Readable;
  readonly blobs: Blobs;
  readonly factories: readonly PredictorFactory[];
}

export interface WantedRules {
  readonly environment: string;
  /** Null: the first that lists rules. */
  readonly predictor: string | null;
}

export type FoundRules =
  | {
      readonly ok: true;
      readonly model: Model;
      /** All of the environment that list rules. */
      readonly predictors: readonly string[];
      readonly rules: readonly LearntRule[];
    }
  | { readonly ok: false; readonly status: 404 | 409; readonly error: string; readonly message: string };

export interface RuleReader {
  read(wanted: WantedRules): Promise<FoundRules>;
}

/** Lists that are kept until another version is in force: reading a version takes time. */
const keptMax = 4;
const namesShownMax = 20;

export function createRuleReader({ log, blobs, factories }: RuleReaderDeps): RuleReader {
  const kept = new Map<string, readonly LearntRule[]>();
  const listing = factories.filter(({ listsRules }) => listsRules === true).map(({ name }) => name);

  async function rulesOf(model: Model): Promise<readonly LearntRule[] | null> {
    const key = `${model.predictor} ${model.version}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    // A loader of its own: versions are large, and each is asked for once.
    const rules = (await createLoader(factories, blobs, () => {}).load(model))?.rules?.() ?? null;
    if (rules === null) return null;
    kept.set(key, rules);
    for (const old of kept.keys()) {
      if (kept.size <= keptMax) break;
      kept.delete(old);
    }
    return rules;
  }

  async function chosen({ environment, predictor }: WantedRules) {
    const found = (await readManifests(log, (name) => name === environment)).filter(
      ({ versions }) => versions.length > 0,
    );
    if (found.length === 0) return refuse(404, "unknown-model", `nothing was learnt of the environment ${environment}`);
    const able = found.filter((one) => listing.includes(one.predictor));
    const names = able.map((one) => one.predictor);
    const one = able.find((each) => predictor === null || each.predictor === predictor);
    if (one !== undefined) return { ok: true, one, predictors: names } as const;
    const there = names.length === 0 ? "none does there" : `there ${list(names)}`;
    const who = predictor ?? "no predictor";
    return refuse(404, "no-rules", `${who} lists no rules in ${environment}; of those that list rules ${there}`);
  }

  return {
    async read(wanted) {
      const found = await chosen(wanted);
      if (!found.ok) return found;
      const model = newest(found.one);
      const rules = await rulesOf(model);
      if (rules !== null) return { ok: true, model, predictors: found.predictors, rules };
      const { predictor, version } = model;
      return refuse(409, "version-gone", `version ${version} of ${predictor} cannot be read: ask again in a minute`);
    },
  };
}

function newest({ versions }: Manifests): Model {
  const model = versions.at(-1);
  if (model === undefined) throw new Error("a predictor without versions");
  return model;
}

export interface RulesPage {
  readonly kind: RuleKind | null;
  /** Only what says this somewhere, in any case. */
  readonly find: string | null;
  readonly from: number;
  readonly max: number;
}

export function rulesView(
  { model, predictors, rules }: Extract<FoundRules, { readonly ok: true }>,
  { kind, find, from, max }: RulesPage,
): RulesView {
  const { environment, predictor, version, transitions } = model;
  const wanted = find?.toLowerCase() ?? "";
  const says = ({ id, action, says: text }: LearntRule) => `${id} ${action} ${text}`.toLowerCase().includes(wanted);
  const matching = rules.filter((rule) => (kind === null || rule.kind === kind) && says(rule));
  return {
    environment,
    predictor,
    version,
    transitions,
    predictors,
    kinds: kindsOf(rules),
    total: matching.length,
    from,
    rules: matching.slice(from, from + max).map(ruleView),
  };
}

function ruleView({ content, order, ...rule }: LearntRule): RuleView {
  const ordered = order === null ? null : { order: order.order, author: order.author, at: order.at };
  return { ...rule, editable: content !== null, ordered };
}

function kindsOf(rules: readonly LearntRule[]): RulesView["kinds"] {
  return ruleKindNames.flatMap((kind) => {
    const count = rules.filter((rule) => rule.kind === kind).length;
    return count === 0 ? [] : [{ kind, rules: count }];
  });
}

function list(names: readonly string[]): string {
  const more = names.length - namesShownMax;
  return names.slice(0, namesShownMax).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function refuse(status: 404 | 409, error: string, message: string) {
  return { ok: false, status, error, message } as const;
}
