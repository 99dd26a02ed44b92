/**
 * The cold-start gate. Rules of a path answer only where they have been better than "nothing changes", judged prequentially: a win is a step
 * on which they were right about the path and no change was wrong, a loss the opposite. Judged for the path as a whole and for the path under
 * an action template, since rules may be ripe for one verb and not for another. Older evidence fades.
 */
export interface Tally {
  wins: number;
  losses: number;
}

export interface Gate {
  judge(key: string, template: string, win: boolean): void;
  isOpen(key: string, template: string): boolean;
  entries(): IterableIterator<[string, Tally]>;
  restore(name: string, tally: Tally): void;
}

/** Fades by 2 % with each further judgement: about the last fifty count. */
const fade = 0.98;
/** Pairs of path and template; beyond it the path alone decides. */
const talliesMax = 20_000;

export function createGate(): Gate {
  const tallies = new Map<string, Tally>();

  function count(name: string, win: boolean): void {
    const tally = tallies.get(name) ?? { wins: 0, losses: 0 };
    if (!tallies.has(name)) {
      if (tallies.size >= talliesMax) return;
      tallies.set(name, tally);
    }
    tally.wins = tally.wins * fade + (win ? 1 : 0);
    tally.losses = tally.losses * fade + (win ? 0 : 1);
  }

  return {
    judge(key, template, win) {
      count(key, win);
      count(pairOf(key, template), win);
    },
    isOpen(key, template) {
      const pair = tallies.get(pairOf(key, template));
      if (pair !== undefined) return pair.wins > pair.losses;
      const path = tallies.get(key);
      return path !== undefined && path.wins > path.losses;
    },
    entries: () => tallies.entries(),
    restore: (name, tally) => void tallies.set(name, { ...tally }),
  };
}

export function pairOf(key: string, template: string): string {
  return `${key}\u001d${template}`;
}
