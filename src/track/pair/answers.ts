/**
 * Predictions by others, which come through the log: before the truth (they wait for it), after it but in time (scored as a further record),
 * or too late (dropped). Who should have answered and has not is `late` (a configured remote predictor) or `missing` (one that has
 * predicted in this episode) at the deadline (P3).
 */
import type { Event } from "../decode/logic.ts";
import type { TrackOptions } from "../options.ts";
import { type Truth, withoutTexts } from "../score/logic.ts";
import type { Episode, Pending, Recent } from "./episode.ts";
import type { OnFinished } from "./sequence.ts";
import type { Sink } from "./sink.ts";
import type { PairStore } from "./store.ts";

/** Different predictors per episode; further ones are dead letters. */
const externalsMax = 16;
/** Predictions of unfinished steps per episode. */
const heldMax = 256;
/** Finished steps kept for late answers: the newest, and older ones that somebody is to answer. */
const recentMax = 8;
const recentExpectedMax = 64;

export interface Answers {
  take(episode: Episode, event: Event): void;
  /** A step has its truth (null: it is not scored). */
  finished: OnFinished;
  /** Steps at or past their deadline: who has not answered is late or missing. Returns the episodes that were touched. */
  expire(): readonly Episode[];
  areExpected(episode: Episode): boolean;
  /** The episode is over: predictions of steps that never came. */
  dropUnfinished(episode: Episode): void;
  /** The episode leaves the store. */
  forgetAll(episode: Episode): void;
}

export function createAnswers(options: TrackOptions, sink: Sink, store: PairStore): Answers {
  function take(episode: Episode, event: Event): void {
    const { step, predictor } = event.interaction;
    if (step === null || predictor === null) return;
    if (!episode.externals.has(predictor) && episode.externals.size >= externalsMax) {
      return dead(event, `more than ${externalsMax} predictors in one episode`);
    }
    if (step < episode.next) return takeAfterTruth(episode, event, step, predictor);
    if (episode.closed !== null) return drop(episode, "prediction-unscored");
    if (step > episode.next + options.stepsAheadMax)
      return dead(event, `step ${step} is too far ahead of step ${episode.next}`);
    if (episode.predictionsHeld >= heldMax)
      return dead(event, `more than ${heldMax} predictions of steps that have not come`);
    episode.externals.add(predictor);
    const held = episode.predictions.get(step);
    if (held === undefined) episode.predictions.set(step, [event]);
    else held.push(event);
    episode.predictionsHeld += 1;
  }

  function takeAfterTruth(episode: Episode, event: Event, step: number, predictor: string): void {
    const recent = episode.recent.find((one) => one.step === step);
    if (recent === undefined || recent.deadline < store.streamTime) return drop(episode, "prediction-late");
    if (recent.truth === null) return drop(episode, "prediction-unscored");
    store.ledger.prediction += 1;
    episode.externals.add(predictor);
    recent.expected.delete(predictor);
    if (recent.expected.size === 0) store.expecting.delete(keyOf(episode, recent));
    sink.later(episode, recent, event);
  }

  function finished(
    episode: Episode,
    pending: Pending,
    event: Event,
    truth: Truth | null,
    predictions: readonly Event[],
  ): void {
    const expected = new Map<string, "late" | "missing">();
    if (truth !== null) {
      const own = sink.ownRemote(episode.environment);
      for (const predictor of episode.externals) if (!own.includes(predictor)) expected.set(predictor, "missing");
      for (const predictor of pending.asked) expected.set(predictor, "late");
      for (const { interaction } of predictions) expected.delete(interaction.predictor ?? "");
    }
    const recent: Recent = {
      step: pending.step,
      time: event.interaction.time ?? event.record.timestamp,
      appendedAt: event.record.timestamp,
      action: pending.action,
      truth: truth === null ? null : withoutTexts(truth),
      deadline: store.streamTime + options.predictDeadlineMs,
      expected,
    };
    episode.recent.push(recent);
    const key = keyOf(episode, recent);
    store.answering.touch(key, store.streamTime);
    if (expected.size > 0) store.expecting.touch(key, store.streamTime);
    trim(episode);
  }

  /** The newest steps stay, whoever may answer; older ones where somebody is to answer, as far as there is room. */
  function trim(episode: Episode): void {
    const { recent } = episode;
    while (recent.length > recentMax) {
      const older = recent.slice(0, -recentMax).findIndex(({ expected }) => expected.size === 0);
      if (older < 0 && recent.length <= recentExpectedMax) return;
      settle(episode, recent.splice(Math.max(0, older), 1)[0]);
    }
  }

  function expire(): readonly Episode[] {
    const touched: Episode[] = [];
    const until = store.streamTime - options.predictDeadlineMs;
    for (let key = store.answering.due(until); key !== null; key = store.answering.due(until)) {
      const space = key.indexOf(" ");
      const episode = store.episodes.get(key.slice(space + 1));
      store.answering.delete(key);
      store.expecting.delete(key);
      if (episode === undefined) continue;
      const step = Number(key.slice(0, space));
      const at = episode.recent.findIndex((recent) => recent.step === step);
      if (at >= 0) settle(episode, episode.recent.splice(at, 1)[0]);
      touched.push(episode);
    }
    return touched;
  }

  function settle(episode: Episode, recent: Recent | undefined): void {
    if (recent === undefined) return;
    forget(episode, recent);
    for (const [predictor, status] of recent.expected) sink.unanswered(episode, recent, predictor, status);
    recent.expected.clear();
  }

  function forget(episode: Episode, recent: Recent): void {
    const key = keyOf(episode, recent);
    store.answering.delete(key);
    store.expecting.delete(key);
  }

  function drop(episode: Episode, reason: "prediction-late" | "prediction-unscored"): void {
    store.ledger.drop += 1;
    sink.drop(reason, episode.environment);
  }

  function dead(event: Event, message: string): void {
    store.ledger.dead += 1;
    sink.dead("beyond-window", message, event);
  }

  return {
    take,
    finished,
    expire,
    areExpected: (episode) => episode.recent.some((recent) => recent.expected.size > 0),
    dropUnfinished(episode) {
      for (const events of episode.predictions.values()) for (const _ of events) drop(episode, "prediction-unscored");
      episode.predictions.clear();
      episode.predictionsHeld = 0;
    },
    forgetAll(episode) {
      for (const recent of episode.recent) forget(episode, recent);
      episode.recent.length = 0;
    },
  };
}

/** The step first: episode ids may hold anything. */
function keyOf(episode: Episode, recent: Recent): string {
  return `${recent.step} ${episode.id}`;
}
