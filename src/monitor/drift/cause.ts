/**
 * Why the error rose. The rise of each passage is taken apart into what each cause explains:
 *
 *   error − baseline = schema + agent-version + action-mix + context + model
 *
 * Steps whose state has a new form count for `schema`; steps of agents that the baseline does not know for `agent-version`; actions that it does
 * not know for `action-mix`. What remains is decomposed over cells of (agent, action) as Kitagawa (1955) and Oaxaca and Blinder (1973) do: the
 * baseline's error of this agent (`agent-version`) and of these actions of it (`action-mix`) against that of all, and the error beyond. Of the
 * latter the part that the predictor expected itself (it abstained, or was less sure) is `context`: situations without support. The part that it
 * did not expect is `model`: the world answers otherwise than it did.
 *
 * Named is the cause whose part alone carries the e-SR evidence furthest. Sums would not do: an alarm is raised when chance has added to the
 * errors, and chance is beyond what actions and agents explain, so that it would pass for `model`; but it carries no evidence far by itself.
 */

import { changePoint } from "./change-point.ts";
import type { BaselineError } from "./detectors/detector.ts";
import { betsFor } from "./detectors/e-sr.ts";
import type { Passage } from "./passage.ts";
import { actionOf, agentOf, type Cell, cellKey, type Profile, profileOf } from "./profile.ts";

const causes = ["model", "action-mix", "schema", "agent-version", "context"] as const;
export type Cause = (typeof causes)[number];
export type Effects = Readonly<Record<Cause, number>>;

export interface Diagnosis {
  readonly cause: Cause;
  /** Index of the passage with which the part of that cause began to rise. */
  readonly first: number;
  /** Error of steps in the baseline and since. */
  readonly before: number;
  readonly after: number;
  /** What each cause explains of the rise, mean over the steps since; they add up to `after - before`. */
  readonly effects: Effects;
  /** ln of the e-SR statistic that each cause's part alone comes to. */
  readonly evidence: Effects;
  /** The error since, were actions and agents chosen as in the baseline: over the cells that both have. */
  readonly reweighted: number | null;
}

/** A part of the error that rose by itself. */
export interface Found {
  readonly cause: Cause;
  readonly part: keyof Parts;
  readonly level: number;
}

/** Steps of an agent or an action before the baseline knows it. */
const knownStepsMin = 5;
/** A cell's error is drawn to its action's, and that to the whole's, with the weight of so many steps. */
const priorSteps = 5;
/** Parts of a rise may lie far below zero; a bet never loses more than this. */
const factorMin = 0.05;

/**
 * `passages`: those that came after the baseline, from long before the rise on. `found`: the part whose rise raised the alarm, and the
 * level that it rose from; null where it was the error itself.
 */
export function diagnose(
  baseline: Profile,
  error: BaselineError,
  passages: readonly Passage[],
  found: Found | null,
): Diagnosis {
  const known = knowledgeOf(baseline);
  const { before } = known;
  const parts = passages.map((passage) => partsOf(passage, known));
  const evidence = perCause((cause) =>
    logEvidence(
      parts.map((part) => error.mean + part[cause]),
      error.upper,
    ),
  );
  const cause = found?.cause ?? causes.reduce((best, one) => (evidence[one] > evidence[best] ? one : best), causes[0]);
  const first =
    found === null
      ? changePoint(
          parts.map((part) => part[cause]),
          0,
        )
      : changePoint(
          parts.map((part) => Math.max(0, part[found.part])),
          found.level,
        );
  const since = profileOf(passages.slice(first));
  const sum = (which: Cause) =>
    parts.reduce((all, part, at) => (at < first ? all : all + part[which] * (passages[at]?.steps ?? 0)), 0);
  return {
    cause,
    first,
    before,
    after: share(since.wrong, since.steps),
    effects: perCause((which) => sum(which) / Math.max(1, since.steps)),
    evidence,
    reweighted: reweighted(baseline, since),
  };
}

/** What each cause explains of one passage's error beyond the baseline's; they add up to it. */
export interface Parts extends Effects {
  /** Of `action-mix`: what actions that the baseline does not know explain. */
  readonly newActions: number;
}

export function partsOf(passage: Passage, known: Knowledge): Parts {
  const { before } = known;
  const { steps, agent, cells, oddSteps, oddWrong } = passage;
  const parts = { model: 0, "action-mix": 0, schema: oddWrong - oddSteps * before, "agent-version": 0, context: 0 };
  const its = known.agents.get(agent);
  let newActions = 0;
  for (let at = 0; at < cells.length; at += 4) {
    const [action = 0, count = 0, wrong = 0, expected = 0] = cells.slice(at, at + 4);
    const usual = its === undefined ? null : known.usual(cellKey(agent, action));
    if (its === undefined) parts["agent-version"] += wrong - count * before;
    else if (usual === null) {
      parts["action-mix"] += wrong - count * before;
      newActions += wrong - count * before;
    } else {
      const unsure = expected - count * usual.expected;
      parts["agent-version"] += count * (its.error - before);
      parts["action-mix"] += count * (usual.error - its.error);
      parts.context += unsure;
      parts.model += wrong - count * usual.error - unsure;
    }
  }
  return { ...perCause((cause) => parts[cause] / Math.max(1, steps)), newActions: newActions / Math.max(1, steps) };
}

/** ln of the e-SR statistic behind these values, without an alarm in between. */
function logEvidence(values: readonly number[], p0: number): number {
  const bets = betsFor(p0);
  const evidence = bets.map(() => 0);
  for (const value of values) {
    for (const [at, bet] of bets.entries())
      evidence[at] = Math.min(1e200, Math.max(factorMin, 1 + bet * (value - p0)) * (1 + (evidence[at] ?? 0)));
  }
  return Math.log(Math.max(Number.MIN_VALUE, evidence.reduce((sum, one) => sum + one, 0) / bets.length));
}

function perCause(value: (cause: Cause) => number): Effects {
  return {
    model: value("model"),
    "action-mix": value("action-mix"),
    schema: value("schema"),
    "agent-version": value("agent-version"),
    context: value("context"),
  };
}

/** The error since at the baseline's mix; null where they have nothing in common. */
function reweighted(baseline: Profile, since: Profile): number | null {
  let weight = 0;
  let error = 0;
  for (const [key, [steps]] of baseline.cells) {
    const now = since.cells.get(key);
    if (now === undefined || now[0] === 0) continue;
    weight += steps;
    error += steps * (now[1] / now[0]);
  }
  return weight === 0 ? null : error / weight;
}

interface Usual {
  readonly error: number;
  readonly expected: number;
}

/** What the baseline knows of agents and of cells. */
export interface Knowledge {
  /** Error of all steps. */
  readonly before: number;
  readonly agents: ReadonlyMap<number, { readonly error: number }>;
  /** Null: the action is not known. */
  usual(key: number): Usual | null;
}

export function knowledgeOf(baseline: Profile): Knowledge {
  const actions = new Map<number, Cell>();
  const counts = new Map<number, Cell>();
  for (const [key, cell] of baseline.cells) {
    gather(actions, actionOf(key), cell);
    gather(counts, agentOf(key), cell);
  }
  const whole: Usual = {
    error: share(baseline.wrong, baseline.steps),
    expected: share(
      [...baseline.cells.values()].reduce((sum, cell) => sum + cell[2], 0),
      baseline.steps,
    ),
  };
  const agents = new Map(
    [...counts].flatMap(([agent, [steps, wrong]]) =>
      steps < knownStepsMin ? [] : [[agent, { error: wrong / steps }] as const],
    ),
  );
  return {
    before: whole.error,
    agents,
    usual(key) {
      const action = actions.get(actionOf(key));
      if (action === undefined || action[0] < knownStepsMin) return null;
      return drawn(baseline.cells.get(key) ?? [0, 0, 0], drawn(action, whole));
    },
  };
}

function drawn([steps, wrong, expected]: Cell, to: Usual): Usual {
  const weight = steps + priorSteps;
  return {
    error: (wrong + priorSteps * to.error) / weight,
    expected: (expected + priorSteps * to.expected) / weight,
  };
}

function gather(cells: Map<number, Cell>, key: number, [steps, wrong, expected]: Cell): void {
  const known = cells.get(key) ?? [0, 0, 0];
  cells.set(key, [known[0] + steps, known[1] + wrong, known[2] + expected]);
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
