/**
 * The order of one episode: actions, observations and steps are numbered, wait for the ones before them within bounds, and leave as
 * finished steps in order, each at most once (T2).
 *
 *   next action ──► pending ──► its observation ──► finished, next + 1
 *
 * What never comes is skipped: the state is then unknown until the next full state, and the step across the gap is flagged, not scored.
 */
import type { Event } from "../decode/logic.ts";
import type { Truth, Valued } from "../score/logic.ts";
import { type Episode, nothingPredicted, type Pending } from "./episode.ts";
import { rememberStep } from "./history.ts";
import { isUnidentified } from "./identity.ts";
import type { Ledger } from "./ledger.ts";
import { intermediateOf, type Next, nextState, share } from "./next-state.ts";
import type { Sink } from "./sink.ts";
import { lowest, slotOf, take } from "./slots.ts";

export interface SequenceOptions {
  readonly reorderEventsMax: number;
  readonly stepsAheadMax: number;
}

export interface Sequence {
  /** Takes an action, observation or step of an open episode. */
  place(episode: Episode, event: Event): void;
  /** Stops waiting for what is missing before the oldest waiting event. */
  skip(episode: Episode): void;
  /** The action whose observation never came. */
  abandonPending(episode: Episode): void;
}

/** Tells pairing that a step has its truth. */
export type OnFinished = (
  episode: Episode,
  pending: Pending,
  event: Event,
  truth: Truth | null,
  predictions: readonly Event[],
) => void;

export function createSequence(options: SequenceOptions, sink: Sink, ledger: Ledger, finished: OnFinished): Sequence {
  function place(episode: Episode, event: Event): void {
    const { type } = event.interaction;
    if (isInitial(episode, event)) return adoptInitial(episode, event);
    const step = stepOf(episode, event);
    if (step < episode.next) return dropCounted(episode, "stale-step");
    if (step > episode.next + options.stepsAheadMax) {
      return dead(
        event,
        "beyond-window",
        `step ${step} is more than ${options.stepsAheadMax} ahead of step ${episode.next}`,
      );
    }
    if (step === episode.next && episode.pending !== null && type === "action") {
      return dead(event, "conflict", `step ${step} has an action already`);
    }
    const slot = slotOf(episode, step);
    const place = type === "action" || type === "observation" ? type : "step";
    if (slot[place] !== null) return dead(event, "conflict", `step ${step} has another ${place} already`);
    slot[place] = event;
    episode.buffered += 1;
    episode.bufferedBytes += event.record.value?.length ?? 0;
    drain(episode);
    while (episode.buffered > options.reorderEventsMax) skip(episode);
  }

  /** The first full state of an episode that was opened without one: an observation without a number, before any action. */
  function isInitial(episode: Episode, { interaction, state }: Event): boolean {
    return (
      interaction.type === "observation" &&
      interaction.step === null &&
      state !== undefined &&
      episode.state === null &&
      episode.pending === null &&
      episode.buffered === 0
    );
  }

  function adoptInitial(episode: Episode, event: Event): void {
    ledger.initial += 1;
    know(episode, { value: event.state ?? null, text: event.interaction.state ?? "null" });
    episode.broken = false;
    episode.gap = false;
  }

  function stepOf(episode: Episode, { interaction }: Event): number {
    if (interaction.step !== null) return interaction.step;
    if (interaction.type === "observation" || episode.pending === null) return firstFree(episode, interaction.type);
    // The next action came before the observation of the last one, which therefore will not come: nothing says which it would be.
    abandonPending(episode);
    return episode.next;
  }

  function firstFree(episode: Episode, type: string): number {
    let step = episode.next;
    for (let slot = episode.buffer.get(step); slot !== undefined; slot = episode.buffer.get(++step)) {
      const free = type === "observation" ? slot.observation === null : slot.action === null;
      if (free && slot.step === null) break;
    }
    return step;
  }

  function drain(episode: Episode): void {
    for (let slot = episode.buffer.get(episode.next); slot !== undefined; slot = episode.buffer.get(episode.next)) {
      const { pending } = episode;
      if (pending === null && slot.action !== null) {
        begin(episode, take(episode, slot, "action"));
      } else if (slot.step !== null) {
        const event = take(episode, slot, "step");
        if (pending !== null && pending.action.text !== event.interaction.action) {
          dead(event, "conflict", `step ${pending.step} has another action already`);
          continue;
        }
        if (pending === null) begin(episode, event);
        finish(episode, event, pending === null ? 1 : 2);
      } else if (pending !== null && slot.observation !== null) {
        finish(episode, take(episode, slot, "observation"), 2);
      } else return;
    }
  }

  function begin(episode: Episode, event: Event): void {
    const { interaction } = event;
    const action = { value: event.action, text: interaction.action ?? "null" };
    episode.pending = {
      step: episode.next,
      action,
      trace: interaction.trace,
      meta: interaction.meta,
      unidentified: isUnidentified(interaction),
      ...(episode.state === null ? nothingPredicted : sink.predict(episode, episode.next, action)),
    };
  }

  /** `events`: how many events made this step, for the ledger. */
  function finish(episode: Episode, event: Event, events: number): void {
    const { pending, state } = episode;
    if (pending === null) return;
    const next = allowed(episode, nextState(state, event));
    const predictions = takePredictions(episode, pending.step);
    if (!next.ok) {
      dead(event, next.reason, next.message);
      if (events === 2) dropCounted(episode, "action-without-observation");
      for (const _ of predictions) dropCounted(episode, "prediction-unscored");
      episode.state = null;
      episode.broken = true;
      moveOn(episode);
      finished(episode, pending, event, null, []);
      return;
    }
    const shared = share(state, next.value);
    const intermediate = intermediateOf(state, event);
    const truth = sink.completed(episode, {
      pending,
      event,
      quality: state !== null ? "ok" : episode.broken ? "broken" : episode.gap ? "gap" : "no-state",
      state,
      next: shared.next,
      patch: shared.patch,
      intermediatePatch: intermediate.patch,
      flags: flagsOf(episode, pending, event, intermediate.failed),
      predictions,
    });
    ledger.transition += events;
    if (truth !== null) ledger.prediction += predictions.length;
    else for (const _ of predictions) dropCounted(episode, "prediction-unscored");
    episode.steps += 1;
    episode.broken = false;
    episode.gap = false;
    remember(episode, state, pending);
    know(episode, shared.next);
    moveOn(episode);
    finished(episode, pending, event, truth, predictions);
  }

  /** Where the environment is strict, a state of another form is not taken. */
  function allowed(episode: Episode, next: Next): Next {
    const strange = next.ok ? sink.strange(episode.environment, next.value.value) : null;
    return strange === null ? next : { ok: false, reason: "schema", message: strange };
  }

  function takePredictions(episode: Episode, step: number): readonly Event[] {
    const predictions = episode.predictions.get(step);
    if (predictions === undefined) return [];
    episode.predictions.delete(step);
    episode.predictionsHeld -= predictions.length;
    return predictions;
  }

  function moveOn(episode: Episode): void {
    const slot = episode.buffer.get(episode.next);
    // A step and its observation may both have waited: the one that was not needed is late now.
    for (const place of ["action", "observation", "step"] as const) {
      if (slot === undefined || slot[place] === null) continue;
      take(episode, slot, place);
      dropCounted(episode, "stale-step");
    }
    episode.pending = null;
    episode.next += 1;
  }

  function know(episode: Episode, state: Valued): void {
    episode.state = state;
    episode.kind = episode.kindConfigured ?? (typeof state.value === "string" ? "observation" : "state");
  }

  function remember(episode: Episode, state: Valued | null, pending: Pending): void {
    const steps = state === null ? 0 : sink.historySteps(episode.environment, episode.kind);
    if (state === null || steps === 0) episode.history.length = 0;
    else rememberStep(episode.history, { stateText: state.text, actionText: pending.action.text }, steps);
  }

  function skip(episode: Episode): void {
    const first = lowest(episode);
    if (first === null) return;
    if (episode.pending !== null) abandonPending(episode);
    if (first > episode.next) {
      forgetPredictions(episode, first);
      episode.next = first;
      lose(episode);
    }
    drain(episode);
    const slot = episode.buffer.get(first);
    if (slot === undefined || episode.next !== first || episode.pending !== null || slot.observation === null) return;
    // An observation alone: the action is lost, but a full state mends the episode.
    const orphan = take(episode, slot, "observation");
    dead(orphan, "observation-without-action", `no action of step ${first} came within the reorder window`);
    forgetPredictions(episode, first + 1);
    episode.next = first + 1;
    lose(episode);
    if (orphan.state !== undefined) {
      know(episode, { value: orphan.state, text: orphan.interaction.state ?? "null" });
      episode.gap = false;
    }
    drain(episode);
  }

  /** After missing steps nobody knows the state. */
  function lose(episode: Episode): void {
    episode.state = null;
    episode.gap = true;
    episode.history.length = 0;
  }

  function abandonPending(episode: Episode): void {
    if (episode.pending === null) return;
    dropCounted(episode, "action-without-observation");
    forgetPredictions(episode, episode.next + 1);
    moveOn(episode);
    lose(episode);
  }

  /** Predictions of steps that will never be finished. */
  function forgetPredictions(episode: Episode, below: number): void {
    for (const [step, events] of episode.predictions) {
      if (step >= below) continue;
      for (const _ of events) dropCounted(episode, "prediction-unscored");
      episode.predictionsHeld -= events.length;
      episode.predictions.delete(step);
    }
  }

  function dropCounted(
    episode: Episode,
    reason: "action-without-observation" | "prediction-unscored" | "stale-step",
  ): void {
    ledger.drop += 1;
    sink.drop(reason, episode.environment);
  }

  function dead(event: Event, reason: Parameters<Sink["dead"]>[0], message: string): void {
    ledger.dead += 1;
    sink.dead(reason, message, event);
  }

  return { place, skip, abandonPending };
}

/** Closed list, sorted. */
function flagsOf(episode: Episode, pending: Pending, event: Event, intermediateFailed: boolean): readonly string[] {
  const flags: string[] = [];
  if (intermediateFailed) flags.push("intermediate-failed");
  if (episode.midway) flags.push("midway");
  if (pending.unidentified || isUnidentified(event.interaction)) flags.push("unidentified");
  return flags;
}
