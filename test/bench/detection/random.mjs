/** Seeded draws for the detection bench: uniform, normal, gamma, beta (Marsaglia and Tsang, ACM TOMS 26, 2000). */
export function seeded(seed) {
  let state = (seed * 0x9e3779b9 + 0x7f4a7c15) >>> 0;
  function next() {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  function gamma(shape) {
    if (shape < 1) return gamma(shape + 1) * (1 - next()) ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  }
  function beta(a, b) {
    const [x, y] = [gamma(a), gamma(b)];
    return x + y === 0 ? Number(next() < a / (a + b)) : x / (x + y);
  }
  const below = (n) => Math.floor(next() * n);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (values) => values[below(values.length)],
    /** An index, by weights that add up to 1. */
    weighted(weights) {
      let left = next();
      for (let at = 0; at < weights.length; at++) {
        left -= weights[at];
        if (left < 0) return at;
      }
      return weights.length - 1;
    },
    /** The error rate of one episode: steps of an episode correlate by `icc` (beta-binomial). */
    episodeRate: (mean, icc) => (icc === 0 ? mean : beta((mean * (1 - icc)) / icc, ((1 - mean) * (1 - icc)) / icc)),
  };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}
