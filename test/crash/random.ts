/** The draws that the crash tests make, from a seeded generator. One seed reproduces a run. */
import { createRandom } from "../../src/stats/random.ts";

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, n). */
  below(n: number): number;
  chance(probability: number): boolean;
  pick<T>(values: readonly T[]): T;
}

export function seeded(seed: number): Random {
  const random = createRandom(seed * 0x9e3779b9 + 0x7f4a7c15);
  const next = () => random.next();
  const below = (n: number) => random.below(n);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick(values) {
      const value = values[below(values.length)];
      if (value === undefined) throw new RangeError("nothing to pick from");
      return value;
    },
  };
}
