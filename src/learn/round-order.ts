/** What a round is given, from what is remembered: steps that are new, steps that were seen before, and held-out ones. Bounded in number and bytes. */
import type { Picked, RoundOrder, Trace } from "../predictors/tuning.ts";
import { createRandom, type Random } from "../stats/random.ts";
import type { KeptTrace } from "./traces.ts";

const freshMax = 256;
const replayMax = 256;
const heldOutMax = 96;
/** Steps of one trace that are replayed: traces travel whole, so a few of each are had for little. */
const replayPerTrace = 6;
/** UTF-16 units of the traces of one round. */
const bytesMax = 16 * 1_048_576;

export interface OrderedFrom {
  /** Of the environment that is learnt. */
  readonly own: readonly KeptTrace[];
  /** Of others that the predictor learns. */
  readonly others: readonly KeptTrace[];
  /** Offsets from here on are new to the base. */
  readonly learntTo: number;
  /** From here on they were in no round. */
  readonly triedTo: number;
  readonly seed: number;
}

export type OrderedSteps = Pick<RoundOrder, "traces" | "fresh" | "untried" | "replay" | "heldOut">;

interface Place {
  readonly trace: KeptTrace;
  readonly step: number;
  readonly offset: number;
}

/** New steps that were in no round, and held-out ones: by these it is decided whether a round is due. */
export function countSteps(own: readonly KeptTrace[], learntTo: number, triedTo: number) {
  let [fresh, untried, heldOut, all] = [0, 0, 0, 0];
  for (const trace of own) {
    all += trace.steps.length;
    if (trace.heldOut) heldOut += trace.steps.length;
    else
      for (const { offset } of trace.steps) {
        if (offset >= learntTo) fresh += 1;
        if (offset >= triedTo) untried += 1;
      }
  }
  return { all, fresh, untried, heldOut };
}

export function orderSteps({ own, others, learntTo, triedTo, seed }: OrderedFrom): OrderedSteps {
  const random = createRandom(seed);
  const learnt = own.filter((trace) => !trace.heldOut);
  const fresh = placesOf(learnt, ({ offset }) => offset >= learntTo)
    .sort((a, b) => a.offset - b.offset)
    .slice(-freshMax);
  const heldOut = halfNewest(
    placesOf(
      own.filter((trace) => trace.heldOut),
      () => true,
    ),
    heldOutMax,
    random,
  );
  const packed = createPacking();
  // What must come first has its room first.
  const [packedFresh, packedHeldOut] = [packed.add(fresh), packed.add(heldOut)];
  const chosen = new Set(fresh.map(keyOf));
  const old = [...learnt, ...others.filter((trace) => !trace.heldOut)];
  const replay = packed.add(replayOf(old, (place) => !chosen.has(keyOf(place)), random));
  return {
    fresh: packedFresh.map(({ picked }) => picked),
    untried: packedFresh.filter(({ offset }) => offset >= triedTo).length,
    replay: replay.map(({ picked }) => picked),
    heldOut: packedHeldOut.map(({ picked }) => picked),
    traces: packed.traces(),
  };
}

/** Traces at random, by how many steps they have; of each a few steps. */
function replayOf(traces: readonly KeptTrace[], isOld: (place: Place) => boolean, random: Random): readonly Place[] {
  const found: Place[] = [];
  const weighted = traces
    .map((trace) => ({ places: placesOf([trace], () => true).filter(isOld) }))
    .filter(({ places }) => places.length > 0)
    // The k largest of u^(1/w): a sample by weight (Efraimidis, Spirakis 2006).
    .map(({ places }) => ({ places, rank: random.next() ** (1 / places.length) }))
    .sort((a, b) => b.rank - a.rank);
  for (const { places } of weighted) {
    if (found.length >= replayMax) break;
    found.push(...sampled(places, replayPerTrace, random));
  }
  return found.slice(0, replayMax);
}

/** The world may have changed since: half tells how it is now, half how it was. */
function halfNewest(places: readonly Place[], max: number, random: Random): readonly Place[] {
  const sorted = [...places].sort((a, b) => a.offset - b.offset);
  if (sorted.length <= max) return sorted;
  const half = Math.floor(max / 2);
  return [...sampled(sorted.slice(0, -half), max - half, random), ...sorted.slice(-half)];
}

function sampled<Item>(items: readonly Item[], max: number, random: Random): readonly Item[] {
  if (items.length <= max) return items;
  return items
    .map((item) => ({ item, rank: random.next() }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, max)
    .map(({ item }) => item);
}

function placesOf(traces: readonly KeptTrace[], isWanted: (step: KeptTrace["steps"][number]) => boolean): Place[] {
  return traces.flatMap((trace) =>
    trace.steps.flatMap((kept, step) => (isWanted(kept) ? [{ trace, step, offset: kept.offset }] : [])),
  );
}

function keyOf({ trace: { environment }, offset }: Place): string {
  return `${offset} ${environment}`;
}

interface Packed {
  readonly picked: Picked;
  readonly offset: number;
}

/** Each trace is packed once; places whose traces find no room are left out. */
function createPacking() {
  const places = new Map<KeptTrace, number>();
  let bytes = 0;

  function roomFor(trace: KeptTrace): number | null {
    const known = places.get(trace);
    if (known !== undefined) return known;
    const size = trace.steps.reduce(
      (sum, { state, action, next }) => sum + state.length + action.length + next.length,
      0,
    );
    if (places.size > 0 && bytes + size > bytesMax) return null;
    bytes += size;
    places.set(trace, places.size);
    return places.size - 1;
  }

  return {
    add(wanted: readonly Place[]) {
      return wanted.flatMap(({ trace, step, offset }): readonly Packed[] => {
        const at = roomFor(trace);
        return at === null ? [] : [{ picked: [at, step], offset }];
      });
    },
    traces: (): readonly Trace[] => [...places.keys()],
  };
}
