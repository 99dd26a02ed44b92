/** Turns clean events into what networks and producers make of them: redelivered, out of order, late. Counted, so that no seed is idle. */
import type { Random } from "./random.ts";
import type { Event } from "./world.ts";

export interface Disturbed {
  readonly events: readonly Event[];
  readonly duplicates: number;
  readonly disorders: number;
}

/** How far apart two swapped events of one episode may be, counted in that episode's events. */
const nearMax = 3;

export function disturb(events: readonly Event[], random: Random): Disturbed {
  const disturbed = [...events];
  let disorders = 0;
  let duplicates = 0;
  const swaps = 1 + random.below(6);
  for (let tries = 0; disorders < swaps && tries < 500; tries++) disorders += Number(swapNear(disturbed, random));
  const doubles = 2 + random.below(8);
  for (let at = 0; at < doubles; at++) {
    const from = random.below(disturbed.length);
    const event = disturbed[from];
    if (event === undefined) continue;
    disturbed.splice(from + 1 + random.below(disturbed.length - from), 0, event);
    duplicates += 1;
  }
  return { events: disturbed, duplicates, disorders };
}

/** Swaps two near events of one episode that carry step numbers: what has none cannot be put in order again. */
function swapNear(events: Event[], random: Random): boolean {
  const from = random.below(events.length);
  const first = events[from];
  if (first === undefined || !isNumbered(first)) return false;
  let near = 0;
  for (let to = from + 1; to < events.length && near < nearMax; to++) {
    const second = events[to];
    if (second === undefined || second["episode"] !== first["episode"]) continue;
    near += 1;
    if (!isNumbered(second)) return false;
    if (!random.chance(0.5)) continue;
    events[from] = second;
    events[to] = first;
    return true;
  }
  return false;
}

function isNumbered(event: Event): boolean {
  return typeof event["step"] === "number" && event["type"] !== "prediction";
}
