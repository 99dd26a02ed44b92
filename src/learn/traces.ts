/**
 * What a predictor that learns on remembers of one environment, so that it does not forget: the newest steps, and a sample of all earlier
 * ones. Whole stretches of episodes are kept, because a step is learnt with the steps before it. Half of the room is for stretches that were
 * added to lately; those that leave it go into the sample, in which every stretch that ever left has the same chance to be (the lowest hashes
 * of all stay: bottom-k sampling, Cohen, Kaplan 2007), so a step of it is about any step that was ever seen. A pure fold.
 */
import type { Transition } from "../codec/records.ts";
import { hash16 } from "../json/hash.ts";
import type { History } from "../predictors/predictor.ts";
import type { Trace, TracedStep } from "../predictors/tuning.ts";

export interface KeptStep extends TracedStep {
  /** Of its transition, in `transitions`. */
  readonly offset: number;
}
export interface KeptTrace extends Trace {
  /** Its episode is never learnt from. */
  readonly heldOut: boolean;
  readonly steps: readonly KeptStep[];
}

export interface Traces {
  /** `transition`: of quality ok, with its episode's context. `offset`: its own, in `transitions`. */
  add(transition: Transition, offset: number): void;
  /** Oldest change first. */
  all(): readonly KeptTrace[];
  /** UTF-16 units of texts. */
  bytes(): number;
  snapshot(): readonly PlainTrace[];
  restore(traces: readonly PlainTrace[]): void;
}

/** `kept`: in the sample. */
export type PlainTrace = readonly [trace: KeptTrace, kept: boolean];

/** A stretch has so many steps at most: what waits for days is still sampled. */
const stepsMax = 64;
/** A stretch takes at most so much of the room, as long as it has more than one step. */
const shareMax = 1 / 16;
/** One of so many episodes is never learnt from. */
const heldOutEvery = 8;

/** By its episode alone, so that every process says the same of it. */
export function isHeldOut({ episode }: Pick<Trace, "episode">): boolean {
  return Number.parseInt(hash16(`held out ${episode}`).slice(0, 8), 16) % heldOutEvery === 0;
}

interface Growing {
  readonly trace: Omit<KeptTrace, "steps"> & { readonly steps: KeptStep[] };
  bytes: number;
}

export function createTraces(bytesMax: number, historySteps: number): Traces {
  /** By episode, the one that was added to longest ago first. */
  const recent = new Map<string, Growing>();
  /** By the hash by which they stay. */
  const kept = new Map<string, Growing>();
  let recentBytes = 0;
  let keptBytes = 0;

  function add(transition: Transition, offset: number): void {
    const { episode, step, state } = transition;
    if (state === null) return;
    const next = transition.kind === "observation" ? transition.nextState : (transition.patch ?? "[]");
    const growing = growingFor(transition);
    const before = growing.trace.steps.at(-1)?.next;
    // One text in memory, as it is counted.
    const traced = { state: before === state ? before : state, action: transition.action, next, offset };
    const bytes = bytesOf(traced, before);
    growing.trace.steps.push(traced);
    growing.bytes += bytes;
    recentBytes += bytes;
    recent.delete(episode);
    recent.set(episode, growing);
    if (growing.trace.steps.length >= stepsMax || growing.bytes > bytesMax * shareMax)
      end(growing, step + 1, transition);
    for (const [, oldest] of recent) {
      if (recentBytes <= bytesMax / 2) break;
      retire(oldest);
    }
  }

  /** The stretch that the step goes on, or a new one. */
  function growingFor(transition: Transition): Growing {
    const { episode, step } = transition;
    const open = recent.get(episode);
    if (open !== undefined && open.trace.first + open.trace.steps.length === step) return open;
    if (open !== undefined) retire(open);
    return begin(transition, step, []);
  }

  function begin({ environment, kind, episode, task, context }: About, first: number, earlier: History): Growing {
    const heldOut = isHeldOut({ episode });
    const trace = { environment, kind, episode, task, context, heldOut, first, earlier, steps: [] };
    const bytes = earlier.reduce((sum, { stateText, actionText }) => sum + stateText.length + actionText.length, 0);
    const growing = { trace, bytes: bytes + (context?.length ?? 0) };
    recent.set(episode, growing);
    recentBytes += growing.bytes;
    return growing;
  }

  /** It is full: what comes next goes into one that begins with the steps before it. */
  function end(growing: Growing, next: number, about: About): void {
    const { earlier, steps } = growing.trace;
    retire(growing);
    if (historySteps === 0) return;
    const before = steps.map(({ state, action }) => ({ stateText: state, actionText: action }));
    begin(about, next, [...earlier, ...before].slice(-historySteps));
  }

  function retire(growing: Growing): void {
    recent.delete(growing.trace.episode);
    recentBytes -= growing.bytes;
    if (growing.trace.steps.length > 0) keep(growing);
  }

  function keep(growing: Growing): void {
    kept.set(rankOf(growing.trace), growing);
    keptBytes += growing.bytes;
    while (keptBytes > bytesMax / 2) {
      let last = "";
      for (const rank of kept.keys()) if (rank > last) last = rank;
      keptBytes -= kept.get(last)?.bytes ?? 0;
      kept.delete(last);
    }
  }

  return {
    add,
    all: () => [...kept.values(), ...recent.values()].map(({ trace }) => trace),
    bytes: () => recentBytes + keptBytes,
    snapshot: () => [
      ...[...kept.values()].map(({ trace }): PlainTrace => [trace, true]),
      ...[...recent.values()].map(({ trace }): PlainTrace => [trace, false]),
    ],
    restore(traces) {
      recent.clear();
      kept.clear();
      recentBytes = 0;
      keptBytes = 0;
      for (const [{ steps, ...about }, isKept] of traces) {
        const growing = begin(about, about.first, about.earlier);
        for (const step of steps) {
          const bytes = bytesOf(step, growing.trace.steps.at(-1)?.next);
          growing.trace.steps.push(step);
          growing.bytes += bytes;
          recentBytes += bytes;
        }
        if (isKept) retire(growing);
      }
    },
  };
}

type About = Pick<Trace, "environment" | "kind" | "episode" | "task" | "context">;

/** A state that is what the step before led to is the same text. */
function bytesOf({ state, action, next }: TracedStep, before: string | undefined): number {
  return (state === before ? 0 : state.length) + action.length + next.length;
}

function rankOf({ episode, first }: Trace): string {
  return hash16(`sampled ${first} ${episode}`);
}
