/** What a predictor saw, from what was written: of a transition, or of the record that remote predictors are sent. States are parsed on first use. */
import type { SituationRecord, Transition } from "../codec/records.ts";
import type { Json, JsonText } from "../json/json.ts";
import type { History, Situation } from "./predictor.ts";
import type { RemoteSituation } from "./remote.ts";

/** `context`: only the first transition of an episode carries it. */
export function situationOf(
  transition: Transition,
  context: JsonText | null,
  parse: (stateText: JsonText) => Json = parsed,
  history: History = [],
): Situation {
  return remoteSituationOf(transition, context, parse, history);
}

/** What a predictor is shown of a record. */
export type SituationView = Omit<SituationRecord, "source" | "time" | "models" | "deadline" | "predictors">;

export function situationOfRecord(record: SituationView): RemoteSituation {
  const history = record.history.map(({ state, action }) => ({ stateText: state, actionText: action }));
  return remoteSituationOf(record, record.context, parsed, history);
}

type About = Pick<Transition, "environment" | "kind" | "episode" | "step" | "task" | "arm" | "state" | "action">;

function remoteSituationOf(
  { environment, kind, episode, step, task, arm, state, action }: About,
  contextText: JsonText | null,
  parse: (stateText: JsonText) => Json,
  history: History,
): RemoteSituation {
  const stateText = state ?? "null";
  let value: Json | undefined;
  let known: Json | undefined;
  return {
    environment,
    kind,
    episode,
    step,
    task,
    arm,
    stateText,
    get state(): Json {
      value ??= parse(stateText);
      return value;
    },
    actionText: action,
    action: parsed(action),
    contextText,
    get context(): Json | null {
      if (contextText === null) return null;
      known ??= parsed(contextText);
      return known;
    },
    history,
  };
}

function parsed(text: JsonText): Json {
  return JSON.parse(text);
}
