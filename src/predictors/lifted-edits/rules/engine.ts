/**
 * Predicting with a set of rules, published or still being learnt: action stage, then tick stage where the environment has one, the gate on
 * every decision, and a confidence that was calibrated on hits.
 */
import { hash } from "node:crypto";
import type { Json } from "../../../json/json.ts";
import { tryPatch } from "../../../json/patch.ts";
import type { Evidence } from "../../lifted/confidence.ts";
import type { Verdict as GateVerdict, Stand } from "../../lifted/gate.ts";
import type { Prediction, Situation } from "../../predictor.ts";
import { nameOf } from "../expressions/expression.ts";
import type { LiftedOptions } from "../options.ts";
import type { Canon, Reader } from "../state/canon.ts";
import { type FactsForm, readFacts, writeFacts } from "../state/facts.ts";
import { reasonToAbstain } from "../state/limits.ts";
import type { Renames } from "../state/renames.ts";
import type { Decision } from "./decide.ts";
import { evidenceOf } from "./evidence.ts";
import { type Outcome, patchOf, runStage, type StageModel } from "./model.ts";
import type { Desk } from "./rows.ts";

export interface Rules {
  readonly stages: readonly StageModel[];
  readonly reader: Reader;
  readonly renames: Renames;
  /** How states tell facts; null where they are no facts alone. */
  readonly facts: FactsForm | null;
  readonly stand: (verdict: GateVerdict) => Stand;
  /** How often such an answer was right, by the gate. */
  readonly precision: (verdict: GateVerdict) => number;
  readonly confidence: (evidence: Evidence) => number;
  readonly templates: ReadonlyMap<string, number>;
  /** This very situation was learnt from, and something changed: the gate need not doubt its truth. */
  readonly wasSeen: (situation: string) => boolean;
}

export interface Run {
  readonly outcomes: readonly Outcome[];
  readonly next: Json;
  readonly evidence: Evidence;
  /** No step with such an action was learnt from. */
  readonly novel: boolean;
}

/** What the world does by itself asks for no action: rules of it that speak of one rest on chance. */
export const noAction = null;

/** `situation` names state and action, for `wasSeen`. */
export function run(
  rules: Rules,
  state: Json,
  action: Json,
  context: Json | null,
  desk: Desk,
  situation: () => string,
): Run {
  let seen: boolean | null = null;
  const outcomes: Outcome[] = [];
  let now = state;
  for (const [at, stage] of rules.stages.entries()) {
    const done = at === 0 ? action : noAction;
    const outcome = runStage(stage, rules.reader, now, done, context, desk, {
      stand(decision, { action: { template: of } }) {
        if (decision.isPinned) return "open";
        const stand = rules.stand(verdictOf(at, decision, of));
        if (stand === "open") return stand;
        seen ??= rules.wasSeen(situation());
        return seen ? "open" : stand;
      },
      precision: (decision, { action: { template: of } }) =>
        decision.isPinned ? 1 : rules.precision(verdictOf(at, decision, of)),
    });
    outcomes.push(outcome);
    now = outcome.next;
  }
  const template = outcomes[0]?.scene.action.template ?? "";
  const evidence = evidenceOf(outcomes, (at, decision, { action: { template: of } }) =>
    rules.precision(verdictOf(at, decision, of)),
  );
  return { outcomes, next: now, evidence, novel: !rules.templates.has(template) };
}

/** 96 bits of SHA-256, base64url. */
export function situationName(stateText: string, actionText: string): string {
  return hash("sha256", `${stateText}\0${actionText}`, "base64url").slice(0, 16);
}

/** What the gate is asked of a decision of a stage. */
export function verdictOf(stage: number, { key, expression, share, support }: Decision, template: string): GateVerdict {
  return { key: `${stage} ${key}`, template, expression: nameOf(expression), share, support };
}

/** The patch (RFC 6902) against the situation's state, or a reason to abstain; `run`: what it came from, absent where it abstains. */
export function predictWith(
  rules: Rules,
  situation: Situation,
  options: LiftedOptions,
  desk: Desk,
): Prediction & { readonly run?: Run } {
  if (situation.kind !== "state") return { status: "abstained", reason: "not-structured" };
  const { state, stateText } = situation;
  const reason = reasonToAbstain(state, stateText.length, options);
  if (reason !== null) return { status: "abstained", reason };
  const read = rules.renames.read(readFacts(state, rules.facts));
  const canon: Canon = rules.reader.read(read);
  if (canon.tooLarge) return { status: "abstained", reason: "too-many-entities" };
  const done = run(rules, read, situation.action, situation.context, desk, () =>
    situationName(situation.stateText, situation.actionText),
  );
  const next = () => writeFacts(rules.renames.write(done.next, state), state, rules.facts);
  const patch = done.next === read ? [] : patchOf(state, next());
  const confidence = rules.confidence(done.evidence);
  if (patch.length > 0 && !tryPatch(state, patch).ok)
    return { status: "answered", next: nothing, confidence: 0, novel: done.novel, run: done };
  return { status: "answered", next: { form: "patch", patch }, confidence, novel: done.novel, run: done };
}

const nothing = { form: "patch", patch: [] } as const;
