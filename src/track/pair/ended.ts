/** The memory of ended episodes, bounded by age and number: redelivery of what is over changes nothing (T2). */
export interface EndedEpisode {
  readonly environment: string;
  readonly resetHash: number;
}

export interface Ended {
  readonly size: number;
  get(id: string): EndedEpisode | undefined;
  add(id: string, episode: EndedEpisode, at: number): void;
  /** Forgets what ended at or before the time, and the oldest beyond the number. */
  prune(until: number, max: number): void;
  snapshot(): readonly (readonly [string, string, number, number])[];
  restore(rows: readonly (readonly [string, string, number, number])[]): void;
}

export function createEnded(): Ended {
  const ended = new Map<string, EndedEpisode & { readonly at: number }>();
  return {
    get size() {
      return ended.size;
    },
    get: (id) => ended.get(id),
    add(id, episode, at) {
      ended.set(id, { ...episode, at });
    },
    prune(until, max) {
      for (const [id, { at }] of ended) {
        if (at > until && ended.size <= max) return;
        ended.delete(id);
      }
    },
    snapshot: () => [...ended].map(([id, { environment, resetHash, at }]) => [id, environment, resetHash, at]),
    restore(rows) {
      ended.clear();
      for (const [id, environment, resetHash, at] of rows) ended.set(id, { environment, resetHash, at });
    },
  };
}
