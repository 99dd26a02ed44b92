/**
 * Which sequence of the context computes which situation. A sequence remembers what it has read, so an episode goes on where it was: only its
 * newest turn is computed. There are as many remembered episodes as sequences; the one that has waited longest makes room.
 */
export interface Slots {
  /** For each episode of a call, in order: the index of its sequence. Situations with the same index are computed one after the other. */
  assign(episodes: readonly string[]): readonly number[];
}

export function createSlots(count: number): Slots {
  /** Episode to slot, the least recently used first. */
  const held = new Map<string, number>();
  const free = Array.from({ length: count }, (_, slot) => slot);

  function place(episode: string, busy: ReadonlySet<number>): number {
    const fresh = free.shift();
    if (fresh !== undefined) return fresh;
    // One that this call does not use already, where there is one.
    const idle = [...held].find(([, slot]) => !busy.has(slot)) ?? [...held][0];
    if (idle === undefined) throw new Error(`no sequence for episode ${episode}`);
    held.delete(idle[0]);
    return idle[1];
  }

  return {
    assign(episodes) {
      const known = new Set(episodes);
      const busy = new Set([...held].filter(([episode]) => known.has(episode)).map(([, slot]) => slot));
      return episodes.map((episode) => {
        const slot = held.get(episode) ?? place(episode, busy);
        held.delete(episode);
        held.set(episode, slot);
        busy.add(slot);
        return slot;
      });
    },
  };
}
