/** Events of an episode that wait for earlier ones, by step. */
import type { Event } from "../decode/logic.ts";
import type { Episode, Slot } from "./episode.ts";

export function slotOf(episode: Episode, step: number): Slot {
  const known = episode.buffer.get(step);
  if (known !== undefined) return known;
  const slot: Slot = { action: null, observation: null, step: null };
  episode.buffer.set(step, slot);
  return slot;
}

/** Takes the event out of the slot of the next step. */
export function take(episode: Episode, slot: Slot, place: keyof Slot): Event {
  const event = slot[place];
  if (event === null) throw new Error(`no ${place} is waiting`);
  slot[place] = null;
  episode.buffered -= 1;
  episode.bufferedBytes -= event.record.value?.length ?? 0;
  if (slot.action === null && slot.observation === null && slot.step === null) episode.buffer.delete(episode.next);
  return event;
}

/** The lowest step that waits. */
export function lowest(episode: Episode): number | null {
  let first: number | null = null;
  for (const step of episode.buffer.keys()) if (first === null || step < first) first = step;
  return first;
}
