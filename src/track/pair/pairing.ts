/**
 * From events to finished steps and ended episodes, for one partition. Pure: its only clock is stream time. Every event taken ends in
 * exactly one place (T1, `ledger.ts`); everything that waits does so within limits (E1).
 */
import type { Ending } from "../../codec/records.ts";
import type { Event } from "../decode/logic.ts";
import type { TrackOptions } from "../options.ts";
import { createAnswers } from "./answers.ts";
import { type Episode, openEpisode } from "./episode.ts";
import { bodyHash } from "./identity.ts";
import { createSequence } from "./sequence.ts";
import type { Sink } from "./sink.ts";
import { type PairStore, recountHeld } from "./store.ts";

export interface Pairing {
  readonly store: PairStore;
  /** Stream time moves on: whatever is due happens. Call before each record's event. */
  advance(streamTime: number): void;
  take(event: Event): void;
  /** After an exception of pure logic: the episode's state is unknown until the next full one (E2). */
  breakEpisode(id: string): void;
  /** Stream time at which something is due, or null. */
  nextDeadline(): number | null;
}

export function createPairing(options: TrackOptions, sink: Sink, store: PairStore): Pairing {
  const { episodes, orphans, ended, idle, waiting } = store;
  const answers = createAnswers(options, sink, store);
  const sequence = createSequence(options, sink, store.ledger, answers.finished);

  function take(event: Event): void {
    store.ledger.taken += 1;
    const { interaction } = event;
    const gone = ended.get(interaction.episode);
    if (gone !== undefined) return afterEnd(event, gone.resetHash, gone.environment);
    const episode = episodes.get(interaction.episode);
    if (episode !== undefined) return takeInto(episode, event);
    if (interaction.environment === null || interaction.type === "prediction") return holdOrphan(event);
    if (interaction.type === "end") return dead("unknown-episode", "an end of an episode that was never opened", event);
    takeInto(open(event, interaction.environment), event);
    for (const orphan of takeOrphans(interaction.episode)) route(orphan);
  }

  /** Orphans were counted as taken when they came. */
  function route(event: Event): void {
    const episode = episodes.get(event.interaction.episode);
    if (episode !== undefined) takeInto(episode, event);
    else afterEnd(event, 0, event.interaction.environment);
  }

  function takeInto(episode: Episode, event: Event): void {
    const { interaction } = event;
    if (interaction.environment !== null && interaction.environment !== episode.environment) {
      return dead(
        "environment-mismatch",
        `the episode is in ${episode.environment}, the event says ${interaction.environment}`,
        event,
      );
    }
    if (interaction.type === "reset") return reset(episode, event);
    if (episode.closed !== null && interaction.type !== "prediction")
      return afterEnd(event, episode.resetHash, episode.environment);
    const verdict = episode.identities.take(interaction);
    if (verdict === "duplicate") return drop("duplicate", episode.environment);
    if (verdict === "conflict") return dead("conflict", "another body came before under the same identity", event);
    if (episode.closed === null) idle.touch(episode.id, store.streamTime);
    if (interaction.type === "prediction") {
      answers.take(episode, event);
      return finishAnswered(episode);
    }
    episode.time = Math.max(episode.time, interaction.time ?? event.record.timestamp);
    if (interaction.type === "end") episode.ending = event;
    else {
      joinAt(episode, event);
      if (interaction.done === true) episode.done = true;
      if (interaction.type !== "action" && interaction.reward !== null)
        episode.reward = (episode.reward ?? 0) + interaction.reward;
      const before = { events: episode.buffered, bytes: episode.bufferedBytes };
      sequence.place(episode, event);
      settleHeld(episode, before);
    }
    closeIfDone(episode);
  }

  function open(event: Event, environment: string): Episode {
    while (episodes.size >= options.episodesMax) {
      const oldest = idle.oldest();
      if (oldest === null) break;
      closeById(oldest);
    }
    const { interaction } = event;
    const { episode: id } = interaction;
    const episode = openEpisode(id, environment, sink.kindOf(environment), interaction.time ?? event.record.timestamp);
    episodes.set(episode.id, episode);
    idle.touch(episode.id, store.streamTime);
    return episode;
  }

  /** An agent that joins midway starts at the step of its first numbered event. */
  function joinAt(episode: Episode, { interaction }: Event): void {
    const fresh =
      episode.midway && episode.next === 0 && episode.steps === 0 && episode.buffered === 0 && episode.pending === null;
    if (fresh && episode.state === null && interaction.step !== null) episode.next = interaction.step;
  }

  function reset(episode: Episode, event: Event): void {
    const hash = bodyHash(event.interaction);
    if (episode.hasReset && hash === episode.resetHash) return drop("duplicate", episode.environment);
    if (episode.hasReset)
      return dead("reset-running", "the episode is running: give every run its own episode id", event);
    if (episode.steps > 0) return dead("reset-running", "a reset after steps of its episode: send it first", event);
    store.ledger.reset += 1;
    const { interaction } = event;
    episode.hasReset = true;
    episode.resetHash = hash;
    episode.midway = false;
    episode.task = interaction.task;
    episode.agent = interaction.agent;
    episode.arm = interaction.arm ?? "real";
    episode.worldModel = interaction.worldModel;
    episode.plan = interaction.plan;
    if (interaction.context !== null)
      episode.context = { value: JSON.parse(interaction.context), text: interaction.context };
    if (event.state !== undefined && episode.pending === null && episode.state === null) {
      episode.state = { value: event.state, text: interaction.state ?? "null" };
      episode.kind = episode.kindConfigured ?? (typeof event.state === "string" ? "observation" : "state");
    }
    // Whatever came before its reset waits for step 0.
    if (episode.pending === null) episode.next = 0;
  }

  function holdOrphan(event: Event): void {
    const id = event.interaction.episode;
    const held = orphans.get(id) ?? [];
    if (held.length >= options.reorderEventsMax) return dead("unknown-episode", unknown, event);
    held.push(event);
    orphans.set(id, held);
    if (!waiting.has(id)) waiting.touch(id, store.streamTime);
    hold(1, event.record.value?.length ?? 0);
  }

  function takeOrphans(id: string): readonly Event[] {
    const held = orphans.get(id);
    if (held === undefined) return [];
    orphans.delete(id);
    waiting.delete(id);
    for (const event of held) release(1, event.record.value?.length ?? 0);
    return held;
  }

  /** Keeps the partition's sums and the reorder deadline of the episode right after its buffer changed. */
  function settleHeld(episode: Episode, before: { readonly events: number; readonly bytes: number }): void {
    store.held.events += episode.buffered - before.events;
    store.held.bytes += episode.bufferedBytes - before.bytes;
    waitIfHeld(episode);
    shedHeld();
  }

  function waitIfHeld(episode: Episode): void {
    const waits = episode.buffered > 0 || (episode.ending !== null && episode.pending !== null);
    if (!waits) waiting.delete(episode.id);
    else if (!waiting.has(episode.id)) waiting.touch(episode.id, store.streamTime);
  }

  function hold(events: number, bytes: number): void {
    store.held.events += events;
    store.held.bytes += bytes;
    shedHeld();
  }

  function release(events: number, bytes: number): void {
    store.held.events -= events;
    store.held.bytes -= bytes;
  }

  function shedHeld(): void {
    while (store.held.events > options.heldEventsMax || store.held.bytes > options.heldBytesMax) {
      const oldest = waiting.oldest();
      if (oldest === null) return;
      stopWaiting(oldest);
    }
  }

  /** The reorder window of an episode or of orphans is over. */
  function stopWaiting(id: string): void {
    waiting.delete(id);
    for (const orphan of takeOrphans(id)) dead("unknown-episode", unknown, orphan);
    const episode = episodes.get(id);
    if (episode === undefined) return;
    const before = { events: episode.buffered, bytes: episode.bufferedBytes };
    if (episode.buffered > 0) sequence.skip(episode);
    else sequence.abandonPending(episode);
    store.held.events += episode.buffered - before.events;
    store.held.bytes += episode.bufferedBytes - before.bytes;
    waitIfHeld(episode);
    closeIfDone(episode);
  }

  function closeIfDone(episode: Episode): void {
    if (episode.ending === null || episode.closed !== null) return;
    if (episode.buffered > 0 || episode.pending !== null) return waitIfHeld(episode);
    store.ledger.end += 1;
    close(episode, "end");
  }

  function closeById(id: string): void {
    const episode = episodes.get(id);
    if (episode === undefined) return idle.delete(id);
    const before = { events: episode.buffered, bytes: episode.bufferedBytes };
    while (episode.buffered > 0) sequence.skip(episode);
    sequence.abandonPending(episode);
    store.held.events += episode.buffered - before.events;
    store.held.bytes += episode.bufferedBytes - before.bytes;
    if (episode.ending !== null) {
      store.ledger.end += 1;
      close(episode, "end");
    } else close(episode, episode.done ? "done" : "abandoned");
  }

  /** The outcome waits for predictions that are on their way; everything else is over now. */
  function close(episode: Episode, ending: Ending): void {
    episode.closed = ending;
    idle.delete(episode.id);
    waiting.delete(episode.id);
    answers.dropUnfinished(episode);
    finishAnswered(episode);
  }

  /** It is over, and nobody's prediction is on its way any more. */
  function finishAnswered(episode: Episode): void {
    if (episode.closed !== null && episodes.has(episode.id) && !answers.areExpected(episode)) finish(episode);
  }

  function finish(episode: Episode): void {
    answers.forgetAll(episode);
    episodes.delete(episode.id);
    ended.add(episode.id, { environment: episode.environment, resetHash: episode.resetHash }, store.streamTime);
    ended.prune(store.streamTime - options.endedMemoryMs, options.endedMax);
    sink.closed(episode);
  }

  function advance(streamTime: number): void {
    store.streamTime = Math.max(store.streamTime, streamTime);
    const { streamTime: now } = store;
    for (let id = waiting.due(now - options.reorderMs); id !== null; id = waiting.due(now - options.reorderMs))
      stopWaiting(id);
    for (const episode of answers.expire()) finishAnswered(episode);
    for (let id = idle.due(now - options.idleTimeoutMs); id !== null; id = idle.due(now - options.idleTimeoutMs))
      closeById(id);
    ended.prune(now - options.endedMemoryMs, options.endedMax);
  }

  function afterEnd(event: Event, resetHash: number, environment: string | null): void {
    const { interaction } = event;
    if (interaction.type !== "reset") return drop("after-end", environment);
    if (bodyHash(interaction) === resetHash) return drop("duplicate", environment);
    dead("conflict", "an episode of this id has ended: give every run its own episode id", event);
  }

  function drop(reason: Parameters<Sink["drop"]>[0], environment: string | null): void {
    store.ledger.drop += 1;
    sink.drop(reason, environment);
  }

  function dead(reason: Parameters<Sink["dead"]>[0], message: string, event: Event): void {
    store.ledger.dead += 1;
    sink.dead(reason, message, event);
  }

  return {
    store,
    advance,
    take,
    breakEpisode(id) {
      const episode = episodes.get(id);
      if (episode === undefined) return;
      episode.state = null;
      episode.broken = true;
      episode.history.length = 0;
      recountHeld(store);
      store.ledger.dead += 1;
    },
    nextDeadline() {
      const deadlines = [
        due(waiting.since(), options.reorderMs),
        due(store.expecting.since(), options.predictDeadlineMs),
        due(idle.since(), options.idleTimeoutMs),
      ].filter((at) => at !== null);
      return deadlines.length === 0 ? null : Math.min(...deadlines);
    },
  };
}

const unknown =
  'no event of the episode named its environment in time: send a reset first, or "environment" on any event';

function due(since: number | null, delay: number): number | null {
  return since === null ? null : since + delay;
}
