/** Which verbs answer with the text before, changed here and there: of what they change, so much is. */
import { areAlike } from "./pieces.ts";

export interface MovingCounts {
  add(verb: string, before: string, after: string): void;
  decided(): ReadonlySet<string>;
}

const verbsMax = 2_000;
/** So many of a verb's changes are looked at. */
const changesMax = 400;
const changesMin = 8;
const share = 0.3;

export function createMovingCounts(): MovingCounts {
  const counts = new Map<string, { changes: number; alike: number }>();
  return {
    add(verb, before, after) {
      const own = counts.get(verb) ?? { changes: 0, alike: 0 };
      if (before === after || own.changes >= changesMax || (!counts.has(verb) && counts.size >= verbsMax)) return;
      counts.set(verb, own);
      own.changes += 1;
      own.alike += Number(areAlike(before, after));
    },
    decided: () =>
      new Set(
        [...counts]
          .filter(([, { changes, alike }]) => changes >= changesMin && alike >= share * changes)
          .map(([verb]) => verb),
      ),
  };
}
