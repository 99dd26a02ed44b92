/** The prediction that an event brings: somebody else's, or a remote predictor's. */
import type { Prediction } from "../../predictors/predictor.ts";
import type { Event } from "../decode/logic.ts";

export function predictionIn({ interaction, patch }: Pick<Event, "interaction" | "patch">): Prediction {
  const { status, reason, state, confidence } = interaction;
  // The event table has no others.
  if (status === "failed" || status === "abstained") return { status, reason: (reason ?? "").slice(0, 200) };
  if (state !== null) return { status: "answered", next: { form: "state", stateText: state }, confidence };
  return { status: "answered", next: { form: "patch", patch: patch ?? [] }, confidence };
}
