/** Situations as `predict-remote` hands them out, of episodes written down as state, action, state, action, …, action. */
import { canonicalText } from "../../src/json/canonical.ts";
import type { Json } from "../../src/json/json.ts";
import type { RemoteSituation } from "../../src/predictors/remote.ts";

interface About {
  readonly environment?: string;
  readonly episode?: string;
  readonly arm?: RemoteSituation["arm"];
  readonly context?: Json;
  /** Number of the last step; default: the count of earlier ones. */
  readonly step?: number;
}

/** `told`: states and actions by turns, oldest first, ending with the action to be predicted. */
export function situationAfter(told: readonly Json[], about: About = {}): RemoteSituation {
  const { environment = "rooms", episode = "e1", arm = "real", context = null } = about;
  const [state = null, action = null] = told.slice(-2);
  const history = [];
  for (let at = 0; at + 3 < told.length; at += 2) {
    history.push({ stateText: canonicalText(told[at] ?? null), actionText: canonicalText(told[at + 1] ?? null) });
  }
  return {
    environment,
    kind: typeof state === "string" ? "observation" : "state",
    episode,
    step: about.step ?? history.length,
    task: null,
    stateText: canonicalText(state),
    state,
    actionText: canonicalText(action),
    action,
    contextText: context === null ? null : canonicalText(context),
    context,
    history,
    arm,
  };
}
