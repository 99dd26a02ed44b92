/** A prediction by rules, published or still being learnt. */
import { canonicalText } from "../../json/canonical.ts";
import type { Evidence } from "../lifted/confidence.ts";
import { hashText } from "../lifted/hash.ts";
import type { Prediction, Situation } from "../predictor.ts";
import { type Beliefs, readActionText, readPhraseText, type Views } from "./beliefs.ts";
import { type Rules, type Run, run } from "./engine.ts";
import { writeFeatures } from "./features.ts";
import { reasonToAbstain } from "./limits.ts";
import type { TextOptions } from "./options.ts";
import { runPages } from "./pages/engine.ts";
import { writePageFeatures } from "./pages/features.ts";
import { verbOf } from "./pages/grammar.ts";
import { proposalsOf } from "./pages/sources.ts";
import type { PageStructure } from "./pages/structure.ts";
import type { TokenWriter } from "./token-writer.ts";

export interface Deps {
  readonly rules: Rules;
  readonly beliefs: Beliefs;
  readonly views: Views;
  readonly writer: TokenWriter;
  readonly options: TextOptions;
}

/** What a prediction came from: the action read, the belief, and what the rules made of them. */
export interface Thought {
  readonly run: Run;
  /** The forest that chose. */
  readonly choice: string;
  /** Writes again what the choice was asked of. */
  readonly write: () => void;
}

/** A reason where nothing can be said. */
export function think(deps: Deps, situation: Situation): Thought | string {
  const { rules, beliefs, writer, options } = deps;
  const reason = reasonToAbstain(situation, options);
  if (reason !== null) return reason;
  const { structure } = rules;
  if (structure.pages !== null) return thinkPages(deps, structure.pages, situation);
  const action = readActionText(situation.actionText, options);
  if (action === null) return "unreadable-action";
  const belief = beliefs.at(situation);
  const done = run(rules, belief, action, writer);
  if (typeof done === "string") return done;
  return { run: done, choice: action.template, write: () => writeFeatures(writer, structure, belief, action) };
}

function thinkPages(
  { rules, views, writer, options }: Deps,
  pages: PageStructure,
  situation: Situation,
): Thought | string {
  const belief = views.at(situation);
  const read = readPhraseText(pages, belief, situation.actionText, options);
  if (read === null) return "unreadable-action";
  const asked = { action: read.action, actionText: read.text, episode: hashText(situation.episode) };
  const done = runPages(rules, pages, belief, asked, writer);
  if (typeof done === "string") return done;
  const write = () =>
    writePageFeatures(writer, pages, belief, asked, proposalsOf(pages, belief, rules.remembered.texts, asked));
  return { run: done, choice: verbOf(read.action.template), write };
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
