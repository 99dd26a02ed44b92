/** Lessons from traces: the same situation as a predictor sees it, and what came of it. */
import type { Json } from "../../json/json.ts";
import type { History } from "../predictor.ts";
import type { Picked, Trace } from "../tuning.ts";
import { answerOf, type Lesson } from "./lesson.ts";

/** Picks that point nowhere are left out. */
export function lessonsOf(
  traces: readonly Trace[],
  picked: readonly Picked[],
  historySteps: number,
): readonly Lesson[] {
  const contexts = new Map<Trace, Json | null>();
  const contextOf = (trace: Trace) => {
    const known = contexts.get(trace);
    if (known !== undefined) return known;
    const context: Json | null = trace.context === null ? null : JSON.parse(trace.context);
    contexts.set(trace, context);
    return context;
  };
  return picked.flatMap(([at, step]) => {
    const trace = traces[at];
    const traced = trace?.steps[step];
    if (trace === undefined || traced === undefined) return [];
    const { kind, environment, episode, task } = trace;
    const given = {
      kind,
      state: JSON.parse(traced.state),
      stateText: traced.state,
      action: JSON.parse(traced.action),
      context: contextOf(trace),
      history: historyAt(trace, step, historySteps),
    };
    return [{ environment, episode, group: task ?? episode, given, answer: answerOf(kind, JSON.parse(traced.next)) }];
  });
}

function historyAt({ earlier, steps }: Trace, step: number, historySteps: number): History {
  if (historySteps === 0) return [];
  const before = steps.slice(0, step).map(({ state, action }) => ({ stateText: state, actionText: action }));
  return [...earlier, ...before].slice(-historySteps);
}
