/**
 * Recent steps, bounded: what is learnt anew when states must be read in another way. The newest are held as values; the others in deflated
 * blocks, each state as a patch of the one it came from, for they are many and seldom needed.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Transition } from "../../../codec/records.ts";
import { diffPatch } from "../../../json/diff.ts";
import type { Json, Patch } from "../../../json/json.ts";
import { tryPatch } from "../../../json/patch.ts";

export interface RecentStep {
  readonly before: Json;
  readonly middle: Json | null;
  readonly after: Json;
  readonly action: Json;
  readonly context: Json | null;
}

export interface Recent {
  /** Of what is held now. */
  readonly bytes: number;
  /** Steps are numbered from the first one ever; `from` is the oldest that is held, `to` the next one. */
  readonly from: number;
  readonly to: number;
  at(number: number): RecentStep | undefined;
  /** `bytes`: what the step adds, as a value, that is not shared with the one before. */
  push(step: RecentStep, bytes: number): void;
  clear(): void;
}

const blockSteps = 256;
/** Characters of an action that are within what any step is taken for. */
const actionCharsMin = 16_384;

/** About what a step adds as a value that is not shared with the one before. `isNext`: it begins where that one ended. */
export function bytesOf({ state, action, patch }: Transition, isNext: boolean): number {
  const own = 400 + 4 * (patch?.length ?? 0) + (action.length < actionCharsMin ? 0 : 3 * action.length);
  return isNext ? own : own + 3 * (state?.length ?? 0);
}

export function createRecent(limits: { readonly recentMax: number; readonly recentBytesMax: number }): Recent {
  /** By number divided by the steps of a block. */
  const blocks = new Map<number, Buffer>();
  /** Null: forgotten before it came into a block. */
  let steps: (RecentStep | null)[] = [];
  let stepsFrom = 0;
  let sizes: number[] = [];
  let [told, open, packed] = [0, 0, 0];
  let from = 0;
  let inflated: { readonly block: number; readonly steps: readonly (RecentStep | null)[] } | null = null;

  function pack(): void {
    const block = stepsFrom / blockSteps;
    const bytes = deflateRawSync(JSON.stringify(writeSteps(steps.slice(0, blockSteps))));
    blocks.set(block, bytes);
    packed += bytes.length;
    for (let at = 0; at < blockSteps; at++) open -= sizes[stepsFrom - from + at] ?? 0;
    steps = steps.slice(blockSteps);
    stepsFrom += blockSteps;
  }

  function forget(count: number): void {
    for (let at = 0; at < count; at++) {
      told -= sizes[at] ?? 0;
      if (from + at < stepsFrom) continue;
      open -= sizes[at] ?? 0;
      steps[from + at - stepsFrom] = null;
    }
    from += count;
    sizes = sizes.slice(count);
    for (const [block, bytes] of blocks) {
      if ((block + 1) * blockSteps > from) break;
      blocks.delete(block);
      packed -= bytes.length;
    }
  }

  return {
    get from() {
      return from;
    },
    get to() {
      return from + sizes.length;
    },
    at(number) {
      if (number >= stepsFrom || number < from)
        return number < from ? undefined : (steps[number - stepsFrom] ?? undefined);
      const block = Math.floor(number / blockSteps);
      if (inflated?.block !== block) {
        const bytes = blocks.get(block);
        if (bytes === undefined) return undefined;
        inflated = { block, steps: readSteps(JSON.parse(inflateRawSync(bytes).toString("utf8"))) };
      }
      return inflated.steps[number - block * blockSteps] ?? undefined;
    },
    get bytes() {
      return open + packed;
    },
    push(step, size) {
      steps.push(step);
      sizes.push(size);
      told += size;
      open += size;
      if (steps.length >= 2 * blockSteps) pack();
      // A quarter goes at once, so that the arrays are seldom copied.
      if (sizes.length > limits.recentMax || told > limits.recentBytesMax) forget(Math.max(1, sizes.length >> 2));
    },
    clear() {
      blocks.clear();
      [from, stepsFrom, told, open, packed] = [0, 0, 0, 0, 0];
      steps = [];
      sizes = [];
      inflated = null;
    },
  };
}

/** `before`: the state, or the place in the block of the step that it is the state after. */
type WrittenStep = readonly [before: Json, after: WrittenState, middle: WrittenState, action: Json, context: Json];

/** A patch of the state before; the state itself, by its name, where no patch can be read back; null where there is none. */
type WrittenState = Patch | { readonly state: Json } | null;

/** States are never numbers: those are abstained from. */
function writeSteps(steps: readonly (RecentStep | null)[]): readonly (WrittenStep | null)[] {
  const places = new Map<Json, number>();
  return steps.map((step, at) => {
    if (step === null) return null;
    const { before, after, middle, action, context } = step;
    const place = places.get(before);
    places.set(after, at);
    return [place ?? before, written(before, after), middle === null ? null : written(before, middle), action, context];
  });
}

function readSteps(all: readonly (WrittenStep | null)[]): readonly (RecentStep | null)[] {
  const steps: (RecentStep | null)[] = [];
  for (const step of all) {
    if (step === null) {
      steps.push(null);
      continue;
    }
    const [told, then, between, action, context] = step;
    const before = typeof told === "number" ? (steps[told]?.after ?? null) : told;
    steps.push({
      before,
      after: read(before, then),
      middle: between === null ? null : read(before, between),
      action,
      context,
    });
  }
  return steps;
}

/** Some states cannot be patched: a member called `__proto__`, or thousands of operations. */
function written(before: Json, state: Json): WrittenState {
  const patch = diffPatch(before, state);
  return tryPatch(before, patch).ok ? patch : { state };
}

function read(before: Json, told: WrittenState): Json {
  if (told === null) return null;
  if ("state" in told) return told.state;
  const result = tryPatch(before, told);
  return result.ok ? result.value : null;
}
