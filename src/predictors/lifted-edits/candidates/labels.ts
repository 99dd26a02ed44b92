/** Expressions by number: label 0 keeps. Bounded, so that constants that never come again cannot fill the memory. */
import { unknownLabel } from "../../lifted/samples.ts";
import { type Expression, keep, parseExpression, textOf, weightOf } from "../expressions/expression.ts";

const labelsMax = 300_000;
/** Characters of one, from which on it is long: a page as a constant. All long ones together have at most so many. */
const longMin = 1_024;
const longCharsMax = 32_000_000;
const nothing: Expression = ["unknown"];

export interface Labels {
  readonly size: number;
  /** Null when the table is full, of long ones or of all. */
  of(expression: Expression): number | null;
  expression(label: number): Expression;
  weight(label: number): number;
  texts(): readonly string[];
}

export function createLabels(texts: readonly string[] = [textOf(keep)]): Labels {
  const all = [...texts];
  const byText = new Map(all.map((text, at) => [text, at]));
  const parsed: Expression[] = all.map(parseExpression);
  const weights = parsed.map(weightOf);
  let longChars = all.reduce((sum, text) => sum + longOf(text), 0);
  return {
    get size() {
      return all.length;
    },
    of(expression) {
      const text = textOf(expression);
      const known = byText.get(text);
      if (known !== undefined) return known;
      if (all.length >= labelsMax || longChars + longOf(text) > longCharsMax) return null;
      longChars += longOf(text);
      byText.set(text, all.length);
      all.push(text);
      parsed.push(expression);
      weights.push(weightOf(expression));
      return all.length - 1;
    },
    expression: (label) => (label === unknownLabel ? nothing : (parsed[label] ?? nothing)),
    weight: (label) => weights[label] ?? 0,
    texts: () => all,
  };
}

function longOf({ length }: string): number {
  return length < longMin ? 0 : length;
}
