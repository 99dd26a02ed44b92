/** What a rule of a structured world says, whole: enough to leave it out, and to have it where it was not learnt (any more). */
import type { WrittenKind } from "../../lifted/ordered-labels.ts";
import { areLists, areStrings, readContent } from "../../rule-orders.ts";
import { parseExpression } from "../expressions/expression.ts";

export interface RuleContent {
  readonly is: "edit";
  /** 0: what the action does; 1: what the world does by itself. */
  readonly stage: number;
  /** Of the path. */
  readonly key: string;
  /** As text. */
  readonly expression: string;
  /** In which it led. */
  readonly kinds: readonly WrittenKind[];
}

export function contentOf(text: string): RuleContent | null {
  return readContent<RuleContent>(text, isContent);
}

function isContent(content: RuleContent | null): boolean {
  return (
    content?.is === "edit" &&
    Number.isInteger(content.stage) &&
    areStrings(content.key, content.expression) &&
    parseExpression(content.expression)[0] !== "keep" &&
    areLists(content.kinds)
  );
}
