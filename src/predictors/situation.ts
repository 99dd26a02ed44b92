/** The situation of a transition that was written: what its predictor saw. */
import type { Transition } from "../codec/records.ts";
import type { Json } from "../json/json.ts";
import type { History, Situation } from "./predictor.ts";

/** `context`: only the first transition of an episode carries it. Values are parsed when a predictor looks at them. */
export function situationOf(
  transition: Transition,
  context: string | null,
  parse: (stateText: string) => Json = (text) => JSON.parse(text),
  history: History = [],
): Situation {
  const { environment, kind, episode, step, task, action } = transition;
  const stateText = transition.state ?? "null";
  let value: Json | undefined;
  let known: Json | undefined;
  return {
    environment,
    kind,
    episode,
    step,
    task,
    stateText,
    get state(): Json {
      value ??= parse(stateText);
      return value;
    },
    actionText: action,
    action: JSON.parse(action),
    contextText: context,
    get context(): Json | null {
      if (context === null) return null;
      known ??= parsed(context);
      return known;
    },
    history,
  };
}

function parsed(text: string): Json {
  return JSON.parse(text);
}
