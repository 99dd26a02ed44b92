/** The same job with and without something, in turn: what it costs from an event over HTTP to the metric of an inline predictor. */
import { latency, quantiles } from "./latency.mjs";
import { verdict } from "./report.mjs";

/** `sides`: name and flags of the run without and of that with it; `floor`: what the p99 with it may be, as a ratio; `folder` makes the data that each begins with. */
export async function beside(say, { sides, rounds, floor, load, folder = () => undefined }) {
  const [[alone], [other]] = sides;
  say("| | events/s sent | p50 | p99 | longest |");
  say("|---|---|---|---|---|");
  const seenBy = new Map(sides.map(([side]) => [side, []]));
  const ms = (value) => `${value.toFixed(0)} ms`;
  for (let round = 0; round < rounds; round++) {
    for (const [side, flags] of round % 2 === 0 ? sides : [...sides].reverse()) {
      const seen = await latency({ ...load, flags, dir: folder() });
      seenBy.get(side).push(seen);
      say(`| ${side} | ${seen.eventsPerSecond} | ${ms(seen.p50)} | ${ms(seen.p99)} | ${ms(seen.max)} |`);
    }
  }
  const pooled = (side) => quantiles(seenBy.get(side).flatMap(({ times }) => times));
  const middle = (side) =>
    seenBy
      .get(side)
      .map(({ p99 }) => p99)
      .sort((a, b) => a - b)[rounds >> 1];
  const ratio = pooled(other).p99 / pooled(alone).p99;
  const ofMedians = middle(other) / middle(alone);
  const met = ratio <= floor && ofMedians <= floor;
  say();
  say(
    `All probes of a side together: p50 ${ms(pooled(other).p50)} ${other}, ${ms(pooled(alone).p50)} ${alone}; p99 ${ms(pooled(other).p99)} and ${ms(pooled(alone).p99)}, ${ratio.toFixed(2)} × the run without; of the median round ${ms(middle(other))} and ${ms(middle(alone))}, ${ofMedians.toFixed(2)} × (floor ${floor.toFixed(2)} by both: ${verdict(met)}).`,
  );
}
