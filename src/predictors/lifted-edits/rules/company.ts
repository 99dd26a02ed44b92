/**
 * What happens alone: for each text that a path came to say ("Error: no such order"), the other paths that changed in the same step. A text that
 * was seen often, and never with a change of some path, is not said together with one: either the call was refused, or it did something.
 */
import { type Expression, nameOf } from "../expressions/expression.ts";

export interface Company {
  /** Of one step: the paths that changed, each with the expressions that explain it. */
  note(changed: ReadonlyMap<string, readonly Expression[]>): void;
  /** Whether what is said of a path is known well enough, and was never seen with a change of the other. */
  isApart(key: string, expression: Expression, other: string): boolean;
  /** Forgets what paths said whose key is named. */
  drop(isStale: (key: string) => boolean): void;
  entries(): readonly CompanyText[];
  restore(written: readonly CompanyText[]): void;
}

/** `others`: null where they are too many to be kept. */
export type CompanyText = readonly [said: string, count: number, others: readonly string[] | null];

interface Seen {
  count: number;
  others: Set<string> | null;
}

/** No field has it in its name. */
const cut = "\u001d";
/** Texts, and paths that changed with one. */
const saidMax = 2_000;
const othersMax = 64;
/** Seen less often, it may have been alone by chance. */
const countMin = 3;

export function createCompany(): Company {
  const said = new Map<string, Seen>();

  function note(name: string, key: string, changed: ReadonlyMap<string, unknown>): void {
    const seen = said.get(name) ?? { count: 0, others: new Set() };
    if (seen.count === 0 && said.size >= saidMax) return;
    said.set(name, seen);
    seen.count += 1;
    for (const other of changed.keys()) if (other !== key) seen.others?.add(other);
    if ((seen.others?.size ?? 0) > othersMax) seen.others = null;
  }

  return {
    note(changed) {
      for (const [key, expressions] of changed)
        for (const expression of expressions) if (isText(expression)) note(saidOf(key, expression), key, changed);
    },
    isApart(key, expression, other) {
      if (key === other || !isText(expression)) return false;
      const seen = said.get(saidOf(key, expression));
      return seen !== undefined && seen.count >= countMin && seen.others?.has(other) === false;
    },
    drop(isStale) {
      for (const name of said.keys()) if (isStale(name.split(cut, 1)[0] ?? name)) said.delete(name);
    },
    entries: () => [...said].map(([name, { count, others }]) => [name, count, others === null ? null : [...others]]),
    restore(written) {
      for (const [name, count, others] of written)
        said.set(name, { count, others: others === null ? null : new Set(others) });
    },
  };
}

function saidOf(key: string, expression: Expression): string {
  return `${key}${cut}${nameOf(expression)}`;
}

function isText(expression: Expression): boolean {
  return expression[0] === "text" || (expression[0] === "constant" && typeof expression[1] === "string");
}
