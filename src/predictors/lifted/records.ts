/**
 * Track records: how often predictions of a kind were right lately. A kind is a number (what the action is, what was decided); its hits and
 * tries fade, so that a record follows. Bounded: the kind that was longest not met goes first.
 */
export interface TrackRecord {
  readonly hits: number;
  readonly tries: number;
  /** Never fades; up to `seenMax`. */
  readonly seen: number;
}

export interface Records {
  of(kind: number): TrackRecord;
  note(kind: number, hit: boolean, fade: number): void;
  /** In the order in which they would go. */
  entries(): IterableIterator<[number, TrackRecord]>;
  restore(kind: number, record: TrackRecord): void;
}

export const seenMax = 200;
const recordsMax = 20_000;
const none: TrackRecord = { hits: 0, tries: 0, seen: 0 };

export function createRecords(): Records {
  const records = new Map<number, TrackRecord>();
  return {
    of: (kind) => records.get(kind) ?? none,
    note(kind, hit, fade) {
      const { hits, tries, seen } = records.get(kind) ?? none;
      records.delete(kind);
      records.set(kind, {
        hits: short(hits * fade + (hit ? 1 : 0)),
        tries: short(tries * fade + 1),
        seen: Math.min(seenMax, seen + 1),
      });
      if (records.size <= recordsMax) return;
      const oldest = records.keys().next().value;
      if (oldest !== undefined) records.delete(oldest);
    },
    entries: () => records.entries(),
    restore: (kind, record) => void records.set(kind, record),
  };
}

/** The share of hits, with `weight` observations at the prior. */
export function rateOf({ hits, tries }: TrackRecord, prior: number, weight = 2): number {
  return (hits + weight * prior) / (tries + weight);
}

/** Four digits: records are written with every version. */
function short(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
