/** What is not looked at, and why: the reason to abstain; null for a situation within the limits. */
import type { Situation } from "../predictor.ts";
import type { TextOptions } from "./options.ts";

type Looked = Pick<Situation, "kind" | "stateText" | "actionText" | "contextText">;

export function reasonToAbstain(
  { kind, stateText, actionText, contextText }: Looked,
  options: TextOptions,
  isCall = false,
): string | null {
  if (!isCall && (kind !== "observation" || !stateText.startsWith('"'))) return "not-text";
  if (stateText.length > options.textCharsMax) return "text-too-long";
  if (actionText.length > options.actionCharsMax) return "action-too-long";
  if ((contextText?.length ?? 0) > options.contextCharsMax) return "context-too-long";
  return null;
}
