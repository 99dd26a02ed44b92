/**
 * Which remote predictors are asked about a step. Situations are sent as fast as answers come back and no faster: what could not be answered in
 * time costs nobody anything. Each predictor has a window of open situations per partition, which grows while answers come soon and shrinks
 * when they do not (additive increase, multiplicative decrease: TCP's congestion control). All of it follows from the log alone: from what
 * was asked and from the stream time at which the answers came.
 */
import { murmur2 } from "../../log/murmur2.ts";

export interface Asking {
  /** Those of `names` that have room for one more; they are asked now. `streamTime`: epoch ms, here and below. */
  choose(names: readonly string[], episode: string, step: number, streamTime: number): readonly string[];
  /** An answer has come, to whatever. */
  answered(predictor: string, episode: string, step: number, streamTime: number): void;
  snapshot(): readonly PlainWindow[];
  restore(windows: readonly PlainWindow[]): void;
}

export type PlainWindow = readonly [
  predictor: string,
  limit: number,
  cutAt: number,
  open: readonly (readonly [key: string, askedAt: number])[],
];

interface Window {
  /** Situations that may be open. */
  limit: number;
  /** Stream time of the last cut: what was asked before it says nothing new. */
  cutAt: number;
  /** Stream times of open situations, oldest first. */
  readonly open: Map<string, number>;
}

/** So many are tried always: else nobody would learn that it is well again. */
const limitMin = 4;
export const limitMax = 4_096;
/** What is left of the window when answers are slow. */
const cut = 0.75;
/** Answers are soon within this share of the deadline. */
const soonShare = 0.25;
/** So many steps of an episode stay together where some must be left out: whoever keeps a cache per episode finds it. */
const blockSteps = 32;

/** `deadlineMs`: what has no answer for so long is not waited for. `limitFirst`: the window before anything was answered. */
export function createAsking(deadlineMs: number, limitFirst: number): Asking {
  const windows = new Map<string, Window>();

  function windowOf(predictor: string): Window {
    const known = windows.get(predictor);
    if (known !== undefined) return known;
    const window = { limit: limitFirst, cutAt: 0, open: new Map() };
    windows.set(predictor, window);
    return window;
  }

  function expire(window: Window, streamTime: number): void {
    for (const [key, askedAt] of window.open) {
      if (streamTime - askedAt <= deadlineMs) return;
      window.open.delete(key);
      shrink(window, askedAt, streamTime);
    }
  }

  function shrink(window: Window, askedAt: number, streamTime: number): void {
    if (askedAt <= window.cutAt) return;
    window.limit = Math.max(limitMin, window.limit * cut);
    window.cutAt = streamTime;
  }

  return {
    choose(names, episode, step, streamTime) {
      if (names.length === 0) return names;
      const rank = rankOf(episode, step);
      return names.filter((predictor) => {
        const window = windowOf(predictor);
        expire(window, streamTime);
        // From half of the window on, ever fewer blocks of steps have room, always the same ones first.
        if (window.open.size >= window.limit * (1 - rank / 2)) return false;
        window.open.set(keyOf(episode, step), streamTime);
        return true;
      });
    },
    answered(predictor, episode, step, streamTime) {
      const window = windows.get(predictor);
      const askedAt = window?.open.get(keyOf(episode, step));
      if (window === undefined || askedAt === undefined) return;
      const wasBusy = window.open.size > window.limit / 4;
      window.open.delete(keyOf(episode, step));
      if (streamTime - askedAt > deadlineMs * soonShare) shrink(window, askedAt, streamTime);
      else if (wasBusy) window.limit = Math.min(limitMax, window.limit + 1);
    },
    snapshot: () => [...windows].map(([name, { limit, cutAt, open }]) => [name, limit, cutAt, [...open]]),
    restore(plain) {
      windows.clear();
      for (const [name, limit, cutAt, open] of plain) windows.set(name, { limit, cutAt, open: new Map(open) });
    },
  };
}

/** In [0, 1): the same for all steps of a block. */
function rankOf(episode: string, step: number): number {
  const block = `${episode} ${Math.floor(step / blockSteps)}`;
  return (murmur2(Buffer.from(block, "utf8")) & 0x7fffffff) / 2 ** 31;
}

/** The step first: episode ids may hold anything. */
function keyOf(episode: string, step: number): string {
  return `${step} ${episode}`;
}
