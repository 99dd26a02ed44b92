/** What a run of the rules rests on, for its confidence. */

import type { Evidence } from "../../lifted/confidence.ts";
import { hashText, mix } from "../../lifted/hash.ts";
import { collectionOf, type Scene } from "../situation/scene.ts";
import type { Decision } from "./decide.ts";
import type { Outcome } from "./model.ts";

/** `precisionOf`: how often such a decision of a stage was right, by the gate. */
export function evidenceOf(
  outcomes: readonly Outcome[],
  precisionOf: (stage: number, decision: Decision, scene: Scene) => number,
): Evidence {
  let [raw, least, unsure, kept, rejected, precision, missed, pattern] = [1, 1, 0, 0, 0, 1, 0, 1];
  for (const [stage, { scene, verdict, kept: passed }] of outcomes.entries()) {
    raw *= verdict.confidence;
    least = Math.min(least, verdict.least);
    unsure += verdict.unsure;
    kept += passed.length;
    rejected += verdict.decisions.length - passed.length;
    for (const decision of verdict.decisions) {
      const isKept = passed.includes(decision);
      const its = precisionOf(stage, decision, scene);
      if (isKept) precision = Math.min(precision, its);
      else missed = Math.max(missed, its * decision.share);
      // A sum: the order of decisions says nothing.
      pattern = (pattern + mix(hashText(decision.key), 2 * stage + Number(isKept))) | 0;
    }
  }
  const scene = outcomes[0]?.scene;
  const template = scene?.action.templateHash ?? 0;
  const named = mix(template, scene === undefined ? 0 : namedBy(scene));
  return {
    raw,
    least,
    unsure,
    kept,
    rejected,
    precision,
    missed,
    template: mix(template, 11),
    named: mix(named, 12),
    pattern: mix(pattern, 13),
    whole: mix(named, pattern),
  };
}

/** The types of what the action names, slot by slot. */
function namedBy(scene: Scene): number {
  let hash = scene.action.slots.length;
  for (const { entities } of scene.action.slots) {
    const [entity] = entities;
    hash = mix(hash, entity === undefined ? 0 : hashText(scene.typeOf(entity) ?? collectionOf(entity)));
  }
  return hash;
}
