/** What a rule of texts says, whole: enough to leave it out, and to have it where it was not learnt (any more). */
import type { Condition, SituationKind } from "../lifted/leaves.ts";
import { contentCharsMax } from "../rule-orders.ts";
import type { Effect } from "./structure.ts";

type WrittenCondition = readonly [token: number, present: 0 | 1];

export type RuleContent =
  /** Which label is chosen for a form of action, in which kinds of situation. */
  | {
      readonly is: "answer";
      readonly form: string;
      readonly label: string;
      readonly kinds: readonly (readonly WrittenCondition[])[];
    }
  /** What an event does to a relation. */
  | { readonly is: "effect"; readonly event: string; readonly effect: Effect }
  /** A verb and an answer that lead to the place that the answer names, by `moverKey`. */
  | { readonly is: "mover"; readonly mover: string }
  /** Where an event takes what it names first (pages/moves.ts). */
  | { readonly is: "move"; readonly event: string; readonly to: string }
  | { readonly is: "back"; readonly action: string; readonly back: string }
  /** What an event does to a sentence, by `editKey`. */
  | { readonly is: "change"; readonly key: string; readonly outcome: string };

/** Null where it is beyond the limit. */
export function contentText(content: RuleContent): string | null {
  const text = JSON.stringify(content);
  return text.length <= contentCharsMax ? text : null;
}

/** The text was written by a version of this program and came through the log: its shape is trusted, not that it is one. Null: it is not. */
export function readContent(text: string): RuleContent | null {
  try {
    const content: RuleContent = JSON.parse(text);
    return isContent(content) ? content : null;
  } catch {
    return null;
  }
}

function isContent(content: RuleContent | null): content is RuleContent {
  switch (content?.is) {
    case "answer":
      return (
        areStrings(content.form, content.label) && Array.isArray(content.kinds) && content.kinds.every(Array.isArray)
      );
    case "effect":
      return areStrings(content.event, content.effect?.relation) && Number.isInteger(content.effect.item);
    case "mover":
      return areStrings(content.mover);
    case "move":
      return areStrings(content.event, content.to);
    case "back":
      return areStrings(content.action, content.back);
    case "change":
      return areStrings(content.key, content.outcome);
    default:
      return false;
  }
}

function areStrings(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === "string");
}

/** The kinds in which a label leads; where it leads in none, the one in which it has most. */
export function leadingKinds(kinds: readonly SituationKind[]): readonly (readonly WrittenCondition[])[] {
  const leading = kinds.filter(({ leads }) => leads);
  return (leading.length > 0 ? leading : kinds.slice(0, 1)).map(({ conditions }) =>
    conditions.map(({ token, present }): WrittenCondition => [token, present ? 1 : 0]),
  );
}

export function readKind(kind: readonly WrittenCondition[]): readonly Condition[] {
  return kind.map(([token, present]) => ({ token, present: present === 1 }));
}
