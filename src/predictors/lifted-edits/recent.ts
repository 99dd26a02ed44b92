/** Recent steps as values (consecutive states share structure), bounded: what is learnt anew when states must be read in another way. */
import type { Json } from "../../json/json.ts";

export interface RecentStep {
  readonly before: Json;
  readonly middle: Json | null;
  readonly after: Json;
  readonly action: Json;
  readonly context: Json | null;
}

export interface Recent {
  readonly bytes: number;
  /** Steps are numbered from the first one ever; `from` is the oldest that is held, `to` the next one. */
  readonly from: number;
  readonly to: number;
  at(number: number): RecentStep | undefined;
  /** `bytes`: what the step adds that is not shared with the one before. */
  push(step: RecentStep, bytes: number): void;
  clear(): void;
}

export function createRecent(limits: { readonly recentMax: number; readonly recentBytesMax: number }): Recent {
  let steps: RecentStep[] = [];
  let sizes: number[] = [];
  let bytes = 0;
  let from = 0;
  return {
    get from() {
      return from;
    },
    get to() {
      return from + steps.length;
    },
    at: (number) => steps[number - from],
    get bytes() {
      return bytes;
    },
    push(step, size) {
      steps.push(step);
      sizes.push(size);
      bytes += size;
      if (steps.length <= limits.recentMax && bytes <= limits.recentBytesMax) return;
      // A quarter goes at once, so that the arrays are seldom copied.
      const cut = Math.max(1, steps.length >> 2);
      for (let at = 0; at < cut; at++) bytes -= sizes[at] ?? 0;
      from += cut;
      steps = steps.slice(cut);
      sizes = sizes.slice(cut);
    },
    clear() {
      from = 0;
      steps = [];
      sizes = [];
      bytes = 0;
    },
  };
}
