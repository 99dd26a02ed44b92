/**
 * The cold-start gate. Rules of a path answer only where they have been better than "nothing changes", judged prequentially: a win is a step
 * on which they were right about the path and no change was wrong, a loss the opposite.
 *
 * A rule is judged with its like: by how much of the vote its answer had and on how many truths it rests (a bin). What is known of the bin is
 * the prior for the path in that bin, that for the path under the action's template in any bin (rules that were grown anew are in another bin,
 * and no worse for it), that for both in the bin, and that for what the rule says (its expression) under the action: where another rule of
 * the path fails in a part of the environment, this one need not be wrong. Each level weighs as two observations in the next. So a path that is
 * new is trusted as far as sure rules of other paths deserved it, and no further. Older evidence fades.
 */
export interface Tally {
  wins: number;
  losses: number;
}

export interface Verdict {
  readonly key: string;
  readonly template: string;
  /** What the rule says. */
  readonly expression: string;
  readonly share: number;
  readonly support: number;
}

/** `unproven`: shut by what is known of the like, not by anything known of the path. */
export type Stand = "open" | "unproven" | "shut";

export interface Gate {
  /** Of all that was said of a path in a step. */
  judge(verdict: Verdict, win: boolean): void;
  /** Whether a path that there is once in a state changed, whatever was said of it. */
  judgeChange(of: Pick<Verdict, "key" | "template">, changed: boolean): void;
  /** Of what one rule of the path said. */
  judgeRule(verdict: Verdict, win: boolean): void;
  /** The rules of a path were grown anew, from the misses too: these say half as much of what is said from now on. */
  renew(key: string): void;
  stand(verdict: Verdict): Stand;
  /** How often such an answer was right: an estimate between 0 and 1. */
  precision(verdict: Verdict): number;
  entries(): IterableIterator<[string, Tally]>;
  restore(name: string, tally: Tally): void;
}

/** A tally fades by this with each further judgement: about the last twenty count for a path, hundreds for a bin. */
const pathFade = 0.95;
const binFade = 0.998;
const priorWeight = 2;
/** Before anything is known, rules lose. */
const firstPrior: Tally = { wins: 0.25, losses: 0.75 };
/** Pairs of path and template; beyond it the path alone decides. */
const talliesMax = 40_000;

export function createGate(): Gate {
  const tallies = new Map<string, Tally>();
  /** By path: its tallies. */
  const ofKey = new Map<string, Set<Tally>>();

  function hold(name: string, tally: Tally): void {
    tallies.set(name, tally);
    const key = keyOf(name);
    const known = ofKey.get(key);
    if (known === undefined) ofKey.set(key, new Set([tally]));
    else known.add(tally);
  }

  function count(name: string, fade: number, win: boolean): void {
    const tally = tallies.get(name) ?? { wins: 0, losses: 0 };
    if (!tallies.has(name)) {
      if (tallies.size >= talliesMax) return;
      hold(name, tally);
    }
    tally.wins = tally.wins * fade + (win ? 1 : 0);
    tally.losses = tally.losses * fade + (win ? 0 : 1);
  }

  function shareOfWins(name: string, prior: number): number {
    const { wins, losses } = tallies.get(name) ?? noTally;
    return (wins + priorWeight * prior) / (wins + losses + priorWeight);
  }

  /** What changes whatever is done is never right as it was: nothing is lost where the rules are wrong. */
  function isAlwaysMoved({ moves, movesUnder }: Names): boolean {
    const [all, here] = [tallies.get(moves) ?? noTally, tallies.get(movesUnder) ?? noTally];
    if (here.losses > here.wins * movedLossesMax) return false;
    return here.wins >= movedMin || (all.wins >= movedMin && all.losses <= all.wins * movedOfAllLossesMax);
  }

  function precisionOf({ bin, path, under, pair, rule }: Names): number {
    const { wins, losses } = tallies.get(bin) ?? noTally;
    const ofBin = (wins + firstPrior.wins) / (wins + losses + 1);
    return shareOfWins(rule, shareOfWins(pair, shareOfWins(under, shareOfWins(path, ofBin))));
  }

  return {
    judge(verdict, win) {
      const { bin, path, under, pair } = namesOf(verdict);
      count(bin, binFade, win);
      count(path, pathFade, win);
      count(under, pathFade, win);
      count(pair, pathFade, win);
    },
    judgeChange({ key, template }, changed) {
      count(`moves ${key}`, pathFade, changed);
      count(`moves ${key}\u001d${template}`, pathFade, changed);
    },
    judgeRule: (verdict, win) => count(namesOf(verdict).rule, pathFade, win),
    renew(key) {
      for (const tally of ofKey.get(key) ?? []) tally.losses *= renewedShare;
    },
    stand(verdict) {
      const names = namesOf(verdict);
      const { path, pair } = names;
      if (precisionOf(names) > 0.5 || isAlwaysMoved(names)) return "open";
      const own = tallies.get(path) ?? noTally;
      const here = tallies.get(pair) ?? noTally;
      if (here.losses > here.wins) return "shut";
      return own.wins + own.losses < ownMin || own.wins > own.losses ? "unproven" : "shut";
    },
    precision: (verdict) => precisionOf(namesOf(verdict)),
    entries: () => tallies.entries(),
    restore: (name, tally) => hold(name, { ...tally }),
  };
}

/** Fewer judgements of a path say nothing. */
const ownMin = 2;

/** Changes under a template, and of a path, that say that it always changes; and so many times fewer steps in which it did not. */
const movedMin = 3;
const movedLossesMax = 0.05;
const movedOfAllLossesMax = 0.15;

const noTally: Tally = { wins: 0, losses: 0 };

interface Names {
  readonly bin: string;
  readonly path: string;
  readonly under: string;
  readonly pair: string;
  readonly rule: string;
  readonly moves: string;
  readonly movesUnder: string;
}

/** What a path lost by rules that it has no more still counts by this. */
const renewedShare = 0.5;

/** The path of a name: without its bin, template and rule. */
function keyOf(name: string): string {
  return name.replace(/^\d\d(?: |$)/, "").split("\u001d", 1)[0] ?? "";
}

function namesOf({ key, template, expression, share, support }: Verdict): Names {
  const bin = `${share >= 0.95 ? 3 : share >= 0.8 ? 2 : share >= 0.6 ? 1 : 0}${support >= 5 ? 2 : support >= 2 ? 1 : 0}`;
  const under = `${key}\u001d${template}`;
  const rule = `${under}\u001d${expression}`;
  return {
    bin,
    path: `${bin} ${key}`,
    under,
    pair: `${bin} ${under}`,
    rule,
    moves: `moves ${key}`,
    movesUnder: `moves ${under}`,
  };
}
