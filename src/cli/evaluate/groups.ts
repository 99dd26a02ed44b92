/** Exact match by a property of the step: who acted, what was done, what kind of answer came. */
import { actionName } from "../../track/action-form.ts";
import { answerKind } from "../../track/score/answer.ts";
import type { Step } from "./steps.ts";

export const groupings = ["agent", "action", "answer"] as const;
export type Grouping = (typeof groupings)[number];

export interface GroupResult {
  readonly by: Grouping;
  readonly group: string;
  readonly n: number;
  readonly abstained: number;
  readonly exact: number;
  /** Mean word F1, nothing answered counting 0; null for structured states. */
  readonly wordF1: number | null;
}

export interface Groups {
  add(names: Readonly<Partial<Record<Grouping, string>>>, of: GroupedStep): void;
  result(): readonly GroupResult[];
}

export interface GroupedStep {
  readonly exact: boolean;
  readonly abstained: boolean;
  readonly wordF1: number | null;
}

/** Agents and actions come from input: what comes after so many groups is one group. */
const groupsMax = 1_000;
const others = "(others)";

export function groupNames(step: Step, wanted: readonly Grouping[]): Readonly<Partial<Record<Grouping, string>>> {
  return Object.fromEntries(wanted.map((by) => [by, groupOf(step, by)]));
}

function groupOf({ transition, situation, truth }: Step, by: Grouping): string {
  switch (by) {
    case "agent":
      return transition.agent?.name ?? "(unknown)";
    case "action":
      return actionName(situation.action);
    case "answer":
      return answerKind(truth.next.value);
  }
}

export function createGroups(): Groups {
  const all = new Map<string, { by: Grouping; group: string; n: number; abstained: number; match: number; f1: Mean }>();
  return {
    add(names, { exact, abstained, wordF1 }) {
      for (const by of groupings) {
        const given = names[by];
        if (given === undefined) continue;
        const key = `${by} ${given}`;
        const group = all.has(key) || all.size < groupsMax ? given : others;
        const at = `${by} ${group}`;
        const known = all.get(at) ?? { by, group, n: 0, abstained: 0, match: 0, f1: { sum: 0, n: 0 } };
        all.set(at, known);
        known.n += 1;
        known.abstained += Number(abstained);
        known.match += Number(exact);
        if (wordF1 !== null) {
          known.f1.sum += wordF1;
          known.f1.n += 1;
        }
      }
    },
    result: () =>
      [...all.values()]
        .map(({ by, group, n, abstained, match, f1 }) => ({
          ...{ by, group, n, abstained, exact: match / n },
          wordF1: meanOf(f1),
        }))
        .sort((a, b) => groupings.indexOf(a.by) - groupings.indexOf(b.by) || b.n - a.n),
  };
}

export interface Mean {
  sum: number;
  n: number;
}

export function meanOf({ sum, n }: Mean): number | null {
  return n === 0 ? null : sum / n;
}
