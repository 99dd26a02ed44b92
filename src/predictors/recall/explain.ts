/** Why recall answers as it does: which level of likeness, and how often it was seen. */
import { canonicalText } from "../../json/canonical.ts";
import type { Explanation, Situation } from "../predictor.ts";
import { counted } from "../words.ts";
import { keysOf, type Level } from "./levels.ts";
import { precisionOf } from "./precision.ts";
import { chosenFrom, type Memory } from "./predict.ts";

const likeness: Readonly<Record<Level, string>> = {
  0: "the same action in the same state",
  1: "the same action in a state that differs in its arguments alone",
  2: "the same action on other arguments",
  3: "an action of the same name",
};

export function explainFrom(memory: Memory, situation: Situation): Explanation | null {
  const { kind, stateText, actionText, action } = situation;
  const chosen = chosenFrom(memory, situation);
  if (chosen === null) return null;
  const { candidate, next } = chosen;
  const entry = memory.get(keysOf(kind, stateText, actionText, action).keys[candidate.level]);
  const confidence = precisionOf(memory.precision, candidate.cell);
  const expression =
    next.form === "state"
      ? `as remembered: ${next.stateText}`
      : next.patch.length === 0
        ? "as remembered: nothing changes"
        : `as remembered: ${canonicalText(next.patch.map((operation) => ({ ...operation })))}`;
  const rule = [
    `${likeness[candidate.level]} was seen ${counted(entry?.total ?? 0, "time")}; it led to this ${counted(entry?.support ?? 0, "time")}`,
  ];
  return {
    edits: [{ path: "", expression, rule, support: entry?.support ?? 0, confidence }],
    confidence,
    novel: candidate.level > 1,
  };
}
