/**
 * An always-valid interval of a proportion: it covers the truth at all times together with probability 1 - alpha, so it may be looked at
 * continually. Beta-binomial mixture with Jeffreys' prior Beta(1/2, 1/2): p is inside while the mixture's likelihood ratio against p stays
 * below 1/alpha (Ville's inequality; Howard et al., arXiv 1810.08240).
 */
import { logBeta } from "./log-gamma.ts";
import type { Interval } from "./wilson.ts";

const prior = 0.5;
/** Halvings of the unit interval: beyond double precision. */
const halvings = 60;

/** Null without tries. */
export function confidenceSequence(successes: number, tries: number, alpha = 0.05): Interval | null {
  if (tries <= 0) return null;
  const failures = tries - successes;
  const mixture = logBeta(successes + prior, failures + prior) - logBeta(prior, prior);
  const isInside = (p: number) => mixture - successes * Math.log(p) - failures * Math.log1p(-p) < -Math.log(alpha);
  const mode = successes / tries;
  return {
    lower: successes === 0 ? 0 : edge(0, mode, (p) => !isInside(p)),
    upper: failures === 0 ? 1 : edge(mode, 1, isInside),
  };
}

/** The place in [low, high] up to which `holds` is true. */
function edge(low: number, high: number, holds: (p: number) => boolean): number {
  let [from, to] = [low, high];
  for (let at = 0; at < halvings; at++) {
    const middle = (from + to) / 2;
    if (holds(middle)) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}
