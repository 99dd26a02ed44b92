/**
 * Steps that are not learnt from until the rules were settled and asked: how often are they right where they were not told? Bounded: what there
 * is no room for is given back at once.
 */
import type { RecentStep } from "./recent.ts";

export interface HeldStep {
  readonly step: RecentStep;
  /** Of the situation, as `situationName` gives it. */
  readonly name: string;
  /** About what the step takes as a value. */
  readonly bytes: number;
}

export interface HeldOut {
  readonly bytes: number;
  /** False where there is no room for it. */
  push(step: HeldStep): boolean;
  /** All that are held, the oldest first; none are afterwards. */
  take(): readonly HeldStep[];
}

export function createHeldOut(limits: { readonly heldOutMax: number; readonly heldOutBytesMax: number }): HeldOut {
  let held: HeldStep[] = [];
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    push(step) {
      if (held.length >= limits.heldOutMax || bytes + step.bytes > limits.heldOutBytesMax) return false;
      held.push(step);
      bytes += step.bytes;
      return true;
    },
    take() {
      const taken = held;
      held = [];
      bytes = 0;
      return taken;
    },
  };
}
