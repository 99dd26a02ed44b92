/** What a rule of texts says, whole: enough to leave it out, and to have it where it was not learnt (any more). */
import type { WrittenKind } from "../lifted/ordered-labels.ts";
import { areLists, areStrings, readContent } from "../rule-orders.ts";
import type { Effect } from "./structure.ts";

export type RuleContent =
  /** Which label is chosen for a form of action, or for a part of answers, in which kinds of situation. */
  | {
      readonly is: "answer";
      readonly form: string;
      readonly label: string;
      readonly kinds: readonly WrittenKind[];
    }
  /** What an event does to a relation. */
  | { readonly is: "effect"; readonly event: string; readonly effect: Effect }
  /** A verb and an answer that lead to the place that the answer names, by `moverKey`. */
  | { readonly is: "mover"; readonly mover: string }
  /** Where an event takes what it names first (pages/events/moves.ts). */
  | { readonly is: "move"; readonly event: string; readonly to: string }
  | { readonly is: "back"; readonly action: string; readonly back: string }
  /** What becomes of a sentence that names in other letters what an event names (pages/events/lettered.ts). */
  | { readonly is: "letters"; readonly key: string; readonly outcome: string }
  /** Which argument says how much of a thing an event brings or takes (pages/amounts/effects.ts). */
  | { readonly is: "amount"; readonly key: string; readonly effect: number }
  /** What an event does to a sentence, by `editKey`. */
  | { readonly is: "change"; readonly key: string; readonly outcome: string };

export function contentOf(text: string): RuleContent | null {
  return readContent<RuleContent>(text, isContent);
}

function isContent(content: RuleContent | null): boolean {
  switch (content?.is) {
    case "answer":
      return areStrings(content.form, content.label) && areLists(content.kinds);
    case "effect":
      return areStrings(content.event, content.effect?.relation) && Number.isInteger(content.effect.item);
    case "mover":
      return areStrings(content.mover);
    case "move":
      return areStrings(content.event, content.to);
    case "back":
      return areStrings(content.action, content.back);
    case "amount":
      return areStrings(content.key) && Number.isInteger(content.effect);
    case "letters":
    case "change":
      return areStrings(content.key, content.outcome);
    default:
      return false;
  }
}
