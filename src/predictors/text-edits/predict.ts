/** A prediction by rules, published or still being learnt. */
import { canonicalText } from "../../json/canonical.ts";
import type { JsonText } from "../../json/json.ts";
import type { BeliefTable } from "../belief-table.ts";
import type { Evidence } from "../lifted/confidence.ts";
import { hashText } from "../lifted/hash.ts";
import type { Prediction, Situation } from "../predictor.ts";
import type { TextSegment } from "../text-segments.ts";
import { type Beliefs, readActionText, readPhraseText, type Views } from "./beliefs.ts";
import { believed } from "./believed.ts";
import { type Call, callOf } from "./calls/call.ts";
import { callChoice, runCall } from "./calls/engine.ts";
import { writeCallFeatures } from "./calls/features.ts";
import { proposalsFor } from "./calls/proposals.ts";
import { requestOf } from "./calls/request.ts";
import { type Rules, type Run, run } from "./engine.ts";
import { writeFeatures } from "./features.ts";
import { reasonToAbstain } from "./limits.ts";
import type { TextOptions } from "./options.ts";
import { believedPages } from "./pages/believed.ts";
import { runPages } from "./pages/choice/engine.ts";
import { proposedBy, writeProposed } from "./pages/choice/proposed.ts";
import { pageSegments } from "./pages/choice/segments.ts";
import { verbOf } from "./pages/grammar.ts";
import type { PageStructure } from "./pages/structure.ts";
import { segmentsOf } from "./segments.ts";
import type { Tasks } from "./tasks.ts";
import type { TokenWriter } from "./token-writer.ts";

export interface Deps {
  readonly rules: Rules;
  readonly beliefs: Beliefs;
  readonly views: Views;
  readonly writer: TokenWriter;
  readonly tasks: Tasks;
  readonly options: TextOptions;
}

/** What a prediction came from: the action read, the belief, and what the rules made of them. */
export interface Thought {
  readonly run: Run;
  readonly stateText: JsonText;
  /** The forest that chose. */
  readonly choice: string;
  /** Writes again what the choice was asked of. */
  readonly write: () => void;
  /** For people; before the episode's next moment is thought of. Absent: what is believed is no table, as of calls. */
  readonly told?: { readonly segments: () => readonly TextSegment[]; readonly believed: () => BeliefTable };
}

/** A reason where nothing can be said. */
export function think(deps: Deps, situation: Situation): Thought | string {
  const { rules, beliefs, writer, tasks, options } = deps;
  const call = callOf(situation);
  const reason = reasonToAbstain(situation, options, call !== null);
  if (reason !== null) return reason;
  if (call !== null) return thinkCall(deps, call, situation);
  const { structure } = rules;
  if (structure.pages !== null) return thinkPages(deps, structure.pages, situation);
  const action = readActionText(situation.actionText, options);
  if (action === null) return "unreadable-action";
  const belief = beliefs.at(situation);
  const done = run(rules, belief, action, writer);
  if (typeof done === "string") return done;
  return {
    run: { ...done, evidence: tasks.judged(done.evidence, situation) },
    stateText: canonicalText(done.text),
    choice: action.template,
    write: () => writeFeatures(writer, structure, belief, action),
    told: {
      segments: () => segmentsOf(structure, belief, action, done),
      believed: () => believed(belief, action),
    },
  };
}

function thinkCall({ rules, writer }: Deps, call: Call, { context, actionText }: Situation): Thought | string {
  const request = requestOf(call, context);
  const done = runCall(rules, request, actionText, writer);
  if (typeof done === "string") return done;
  const write = () => writeCallFeatures(writer, request, proposalsFor(rules.remembered, request, actionText));
  return { run: done, stateText: done.stateText, choice: callChoice, write };
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
  return {
    run: done,
    stateText: canonicalText(done.text),
    choice: verbOf(read.action.template),
    write: () => writeProposed(writer, pages, belief, asked, proposedBy(rules, pages, belief, asked)),
    told: {
      segments: () => pageSegments(rules, pages, belief, asked, done),
      believed: () => believedPages(belief, asked),
    },
  };
}

export function predictWith(
  deps: Deps,
  situation: Situation,
  confidenceOf: (evidence: Evidence) => number,
): Prediction {
  const thought = think(deps, situation);
  if (typeof thought === "string") return { status: "abstained", reason: thought };
  const { stateText } = thought;
  const { evidence } = thought.run;
  return { status: "answered", next: { form: "state", stateText }, confidence: confidenceOf(evidence), novel: false };
}
