/** Streams for detectors: seeded, so that a script in another language can be given the same ones. */
import { seeded } from "../crash/random.ts";

/** Episode means whose level moves now and then; a third of the streams are single errors (0 or 1). */
export function streams(seed: number, count: number, length: number): readonly (readonly number[])[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, at) => {
    let level = 0.02 + random.below(500) / 1_000;
    return Array.from({ length }, () => {
      if (random.chance(0.004)) level = 0.02 + random.below(900) / 1_000;
      if (at % 3 === 0) return random.chance(level) ? 1 : 0;
      const steps = 5 + random.below(20);
      let wrong = 0;
      for (let step = 0; step < steps; step++) if (random.chance(level)) wrong += 1;
      return Math.round((wrong / steps) * 1_000) / 1_000;
    });
  });
}
