/** A prediction by rules, published or still being learnt. */
import { canonicalText } from "../../json/canonical.ts";
import type { Evidence } from "../lifted/confidence.ts";
import type { Prediction, Situation } from "../predictor.ts";
import type { Belief } from "./belief.ts";
import { type Beliefs, readActionText } from "./beliefs.ts";
import { type Rules, type Run, run } from "./engine.ts";
import { reasonToAbstain } from "./limits.ts";
import type { TextOptions } from "./options.ts";
import type { ReadAction } from "./reading.ts";
import type { TokenWriter } from "./token-writer.ts";

export interface Deps {
  readonly rules: Rules;
  readonly beliefs: Beliefs;
  readonly writer: TokenWriter;
  readonly options: TextOptions;
}

/** What a prediction came from: the action read, the belief, and what the rules made of them. */
export interface Thought {
  readonly action: ReadAction;
  readonly belief: Belief;
  readonly run: Run;
}

/** A reason where nothing can be said. */
export function think({ rules, beliefs, writer, options }: Deps, situation: Situation): Thought | string {
  const reason = reasonToAbstain(situation, options);
  if (reason !== null) return reason;
  const action = readActionText(situation.actionText, options);
  if (action === null) return "unreadable-action";
  const belief = beliefs.at(situation);
  const done = run(rules, belief, action, writer);
  return typeof done === "string" ? done : { action, belief, run: done };
}

export function predictWith(
  deps: Deps,
  situation: Situation,
  confidenceOf: (evidence: Evidence) => number,
): Prediction {
  const thought = think(deps, situation);
  if (typeof thought === "string") return { status: "abstained", reason: thought };
  const { text, evidence } = thought.run;
  const stateText = canonicalText(text);
  return { status: "answered", next: { form: "state", stateText }, confidence: confidenceOf(evidence), novel: false };
}
