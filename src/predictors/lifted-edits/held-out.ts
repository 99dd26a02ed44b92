/**
 * Steps that are not learnt from but kept to ask the settled rules: how often are they right where they were not told? The newest, bounded.
 */
import type { RecentStep } from "./recent.ts";

export interface HeldStep {
  readonly step: RecentStep;
  /** Of the situation, as `situationName` gives it. */
  readonly name: string;
}

export interface HeldOut {
  readonly bytes: number;
  readonly all: readonly HeldStep[];
  /** `bytes`: about what the step takes as a value. */
  push(step: HeldStep, bytes: number): void;
  clear(): void;
}

export function createHeldOut(limits: { readonly heldOutMax: number; readonly heldOutBytesMax: number }): HeldOut {
  let held: { readonly step: HeldStep; readonly size: number }[] = [];
  let bytes = 0;
  return {
    get bytes() {
      return bytes;
    },
    get all() {
      return held.map(({ step }) => step);
    },
    push(step, size) {
      held.push({ step, size });
      bytes += size;
      while (held.length > limits.heldOutMax || (bytes > limits.heldOutBytesMax && held.length > 0))
        bytes -= held.shift()?.size ?? 0;
    },
    clear() {
      held = [];
      bytes = 0;
    },
  };
}
