/**
 * Who goes first where threads are more than processors: learning, which has time, waits between records while other threads fold theirs. The
 * priorities of the system do not do it: a thread of low priority that runs keeps its processor for milliseconds, by which others are late.
 */

/** A batch is about to be folded, and so many full ones of its partition without a break; what is returned is called when it is done. */
export type Begin = (fullInRow: number) => () => void;

/** Batches that are being folded, by the place of each thread that says so. */
export type Folding = Int32Array<SharedArrayBuffer>;

export function createFolding(places: number): Folding {
  return new Int32Array(new SharedArrayBuffer(places * Int32Array.BYTES_PER_ELEMENT));
}

/** For a thread that goes first. It begins with nothing, whatever one before it in the same place had in hand. */
export function createGoFirst(folding: Folding, place: number): Begin {
  Atomics.store(folding, place, 0);
  return () => {
    Atomics.add(folding, place, 1);
    return () => void Atomics.sub(folding, place, 1);
  };
}

/** Work that is shorter is not interrupted. */
const workSeconds = 0.001;
/** What passed since the last pause may have been idle: no more of it counts as work. */
const workSecondsMax = 0.02;
/** Nobody waits for longer than so many times what he has worked: a fifth of the time is left to him, whatever others do. */
const patience = 4;
/** Who is so many full batches behind (20,000 records as it comes) waits for nobody until he has caught up. */
const fullInRowMax = 40;
const lookMs = 1;

export interface GiveWayDeps {
  /** Monotonic seconds. */
  readonly seconds: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Lets other work of the same thread have its turn. */
  readonly breathe: () => Promise<void> | null;
}

/** For a thread that goes after the others: `breathe` waits while they fold, too. */
export function createGiveWay(folding: Folding, { seconds, sleep, breathe }: GiveWayDeps) {
  let since = seconds();
  let mayWait = true;
  const othersFold = () => folding.some((_, place) => Atomics.load(folding, place) > 0);

  async function wait(until: number): Promise<void> {
    while (othersFold() && seconds() < until) await sleep(lookMs);
    since = seconds();
  }

  const begin: Begin = (fullInRow) => {
    mayWait = fullInRow < fullInRowMax;
    return () => {};
  };
  return {
    begin,
    breathe(): Promise<void> | null {
      const now = seconds();
      const worked = Math.min(now - since, workSecondsMax);
      if (worked < workSeconds) return breathe();
      since = now;
      return mayWait && othersFold() ? wait(now + patience * worked) : breathe();
    },
  };
}
