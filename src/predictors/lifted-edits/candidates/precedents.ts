/** What was seen of a path before that helps to explain its next value: by how much numbers changed, and which questions values answered. Bounded. */
import type { Json } from "../../../json/json.ts";
import { type Expression, parseExpression, textOf } from "../expressions/expression.ts";

export interface Precedent {
  /** By how much the value changed, the most frequent first. */
  readonly steps: readonly number[];
  /** Questions about many things that values answered, alone or in a text. */
  readonly answers: readonly Expression[];
}

export interface Precedents {
  entries(): PrecedentsText;
  noteStep(key: string, old: Json | undefined, value: Json | undefined): void;
  noteAnswers(key: string, candidates: readonly Expression[]): void;
  /** By an action of the form. */
  noteChange(key: string, template: string): void;
  /** Actions of the form change the value: where it is as before, it may have been written again. */
  isWritten(key: string, template: string): boolean;
  of(key: string): Precedent;
  drop(isStale: (key: string) => boolean): void;
  restore(told: PrecedentsText): void;
}

/** All of it as JSON. What was not counted yet when it was written is absent. */
export interface PrecedentsText {
  readonly steps: readonly (readonly [key: string, readonly (readonly [step: number, count: number])[]])[];
  readonly answers?: readonly (readonly [key: string, readonly (readonly [answer: string, count: number])[]])[];
  readonly written?: readonly (readonly [name: string, count: number])[];
}

const stepsMax = 64;
const stepsToldMax = 6;
/** Pairs of path and form of action that are counted, and changes that are enough. */
const writtenMax = 20_000;
const writtenMin = 2;
/** Of a path; new ones take the place of those that answered least. */
const answersMax = 48;

interface Counted {
  readonly answer: Expression;
  count: number;
}

export function createPrecedents(): Precedents {
  const steps = new Map<string, Map<number, number>>();
  const answers = new Map<string, Map<string, Counted>>();
  const written = new Map<string, number>();
  return {
    entries: () => ({
      steps: [...steps].map(([key, counts]) => [key, [...counts]]),
      answers: [...answers].map(([key, own]) => [key, [...own].map(([name, { count }]) => [name, count])]),
      written: [...written],
    }),
    noteStep(key, old, value) {
      if (typeof old !== "number" || typeof value !== "number") return;
      const step = Number((value - old).toFixed(6));
      const known = steps.get(key) ?? new Map<number, number>();
      if (known.size < stepsMax || known.has(step)) known.set(step, (known.get(step) ?? 0) + 1);
      steps.set(key, known);
    },
    noteAnswers(key, candidates) {
      for (const answer of candidates) {
        if (!isAnswer(answer)) continue;
        const known = answers.get(key) ?? new Map<string, Counted>();
        answers.set(key, known);
        const name = textOf(answer);
        const counted = known.get(name);
        if (counted !== undefined) counted.count += 1;
        else known.set(name, { answer, count: 1 });
        if (known.size > answersMax) known.delete(rarest(known));
      }
    },
    noteChange(key, template) {
      const name = `${key} ${template}`;
      const count = written.get(name) ?? 0;
      if (count < writtenMin && (count > 0 || written.size < writtenMax)) written.set(name, count + 1);
    },
    isWritten: (key, template) => (written.get(`${key} ${template}`) ?? 0) >= writtenMin,
    of(key) {
      const known = [...(steps.get(key) ?? [])].sort((a, b) => b[1] - a[1]);
      return {
        steps: known.slice(0, stepsToldMax).map(([step]) => step),
        answers: [...(answers.get(key)?.values() ?? [])].map(({ answer }) => answer),
      };
    },
    drop(isStale) {
      for (const map of [steps, answers]) for (const key of [...map.keys()]) if (isStale(key)) map.delete(key);
    },
    restore(told) {
      for (const [key, counts] of told.steps) steps.set(key, new Map(counts));
      for (const [key, own] of told.answers ?? [])
        answers.set(key, new Map(own.map(([name, count]) => [name, { answer: parseExpression(name), count }])));
      for (const [name, count] of told.written ?? []) written.set(name, count);
    },
  };
}

function isAnswer(expression: Expression): boolean {
  if (expression[0] === "query") return true;
  return expression[0] === "text" && expression[1].some((part) => typeof part !== "string" && part[0] === "query");
}

/** Of equals the oldest. */
function rarest(known: ReadonlyMap<string, Counted>): string {
  let [rare, least] = ["", Number.POSITIVE_INFINITY];
  for (const [name, { count }] of known) if (count < least) [rare, least] = [name, count];
  return rare;
}
