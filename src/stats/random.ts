/** A seeded generator (mulberry32): the same seed gives the same numbers everywhere, and its state is one integer, so snapshots keep it. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number in [0, below). */
  below(below: number): number;
  state: number;
}

export function createRandom(seed: number): Random {
  return {
    state: seed | 0,
    next() {
      this.state = (this.state + 0x6d2b79f5) | 0;
      let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
    },
    below(below) {
      return Math.floor(this.next() * below);
    },
  };
}
