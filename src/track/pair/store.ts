/** The store of pairing: open episodes, what waits, and the memory of what ended. */
import type { Event } from "../decode/logic.ts";
import { createEnded, type Ended } from "./ended.ts";
import type { Episode } from "./episode.ts";
import { charsOf } from "./history.ts";
import { emptyLedger, type Ledger } from "./ledger.ts";
import { createDeadlineQueue, type DeadlineQueue } from "./queue.ts";

/** The store of pairing: everything that a snapshot writes. */
export interface PairStore {
  streamTime: number;
  readonly episodes: Map<string, Episode>;
  /** Events of episodes that nobody has opened yet. */
  readonly orphans: Map<string, Event[]>;
  readonly ended: Ended;
  /** Episodes by their newest event: idle timeout. */
  readonly idle: DeadlineQueue;
  /** Episodes and orphans with events that wait for earlier ones. */
  readonly waiting: DeadlineQueue;
  /** Finished steps (`step episode`) that predictions may still come for. */
  readonly answering: DeadlineQueue;
  /** Those of them that somebody should still answer: only these need the clock. */
  readonly expecting: DeadlineQueue;
  readonly held: { events: number; bytes: number };
  readonly ledger: Ledger;
}

export function createPairStore(): PairStore {
  return {
    streamTime: 0,
    episodes: new Map(),
    orphans: new Map(),
    ended: createEnded(),
    idle: createDeadlineQueue(),
    waiting: createDeadlineQueue(),
    answering: createDeadlineQueue(),
    expecting: createDeadlineQueue(),
    held: { events: 0, bytes: 0 },
    ledger: emptyLedger(),
  };
}

/** The sums over all that waits, from scratch: after an exception nobody knows how far they were kept. */
export function recountHeld(store: PairStore): void {
  let events = 0;
  let bytes = 0;
  for (const episode of store.episodes.values()) {
    events += episode.buffered;
    bytes += episode.bufferedBytes;
  }
  for (const held of store.orphans.values()) {
    events += held.length;
    for (const { record } of held) bytes += record.value?.length ?? 0;
  }
  store.held.events = events;
  store.held.bytes = bytes;
}

/** Rough bytes of a snapshot. */
export function storeBytes({ episodes, ended, held }: PairStore): number {
  let bytes = held.bytes * 2 + ended.size * 64;
  for (const { state, recent, context, history } of episodes.values()) {
    bytes += 500 + (state?.text.length ?? 0) * (1 + recent.length) + (context?.text.length ?? 0) + charsOf(history);
  }
  return bytes;
}
