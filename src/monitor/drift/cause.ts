/**
 * Why the error rose: the rise is taken apart into what each cause explains, and the cause that explains most is named.
 *
 *   rise = schema + agent-version + action-mix + context + model
 *
 * Steps whose state has a new form count for `schema`; steps of agents that the baseline does not know for `agent-version`; actions that it does
 * not know for `action-mix`. What remains is decomposed over cells of (agent, action) as Kitagawa (1955) and Oaxaca and Blinder (1973) do: other
 * shares of known agents and of their actions at the baseline's error (`agent-version`, `action-mix`), and a higher error at the same shares. Of the
 * latter the part that the predictor expected itself (it abstained, or was less sure) is `context`: situations without support. The part that it did
 * not expect is `model`: the world answers otherwise than it did. The five numbers add up to the rise exactly.
 */
import { actionOf, agentOf, type Cell, type Profile } from "./profile.ts";

export const causes = ["model", "action-mix", "schema", "agent-version", "context"] as const;
export type Cause = (typeof causes)[number];
export type Effects = Readonly<Record<Cause, number>>;

export interface Diagnosis {
  readonly cause: Cause;
  /** Error of steps in the baseline and since. */
  readonly before: number;
  readonly after: number;
  /** What each cause explains of `after - before`. */
  readonly effects: Effects;
  /** The error since, were actions and agents chosen as in the baseline: over the cells that both have. */
  readonly reweighted: number | null;
}

/** Steps of an agent or an action before the baseline knows it. */
const knownStepsMin = 5;
/** A cell's error is drawn to its action's, and that to the whole's, with the weight of so many steps. */
const priorSteps = 5;

export function diagnose(baseline: Profile, since: Profile): Diagnosis {
  const before = share(baseline.wrong, baseline.steps);
  const after = share(since.wrong, since.steps);
  const known = knowledgeOf(baseline);
  const steps = Math.max(1, since.steps);
  const shares = { baseline: Math.max(1, baseline.steps - baseline.oddSteps), since: steps };
  const effects = {
    model: 0,
    "action-mix": 0,
    schema: (since.oddWrong - since.oddSteps * before) / steps,
    "agent-version": 0,
    context: 0,
  };
  let mix = since.oddSteps * before;
  const agentSteps = new Map<number, number>();
  for (const [key, [count, wrong, expected]] of since.cells) {
    const agent = agentOf(key);
    const usual = known.agents.has(agent) ? known.usual(key) : null;
    if (usual === null) {
      effects[known.agents.has(agent) ? "action-mix" : "agent-version"] += (wrong - count * before) / steps;
      mix += count * before;
      continue;
    }
    agentSteps.set(agent, (agentSteps.get(agent) ?? 0) + count);
    const unsure = expected - count * usual.expected;
    effects.context += unsure / steps;
    effects.model += (wrong - count * usual.error - unsure) / steps;
    mix += count * usual.error;
  }
  // Other shares of known cells at the baseline's errors; what other shares of agents explain of it is theirs.
  const composition = mix / steps - before;
  let agents = 0;
  for (const [agent, its] of known.agents) {
    agents += ((agentSteps.get(agent) ?? 0) / shares.since - its.steps / shares.baseline) * (its.error - before);
  }
  effects["agent-version"] += agents;
  effects["action-mix"] += composition - agents;
  return { cause: largest(effects), before, after, effects, reweighted: reweighted(baseline, since) };
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
function knowledgeOf(baseline: Profile) {
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
      steps < knownStepsMin ? [] : [[agent, { steps, error: wrong / steps }] as const],
    ),
  );
  return {
    agents,
    /** Null: the action is not known. */
    usual(key: number): Usual | null {
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

function largest(effects: Effects): Cause {
  return causes.reduce((best, cause) => (effects[cause] > effects[best] ? cause : best), causes[0]);
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
