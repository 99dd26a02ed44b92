/**
 * Where every event went (T1). Part of the store, so that at any offset the events taken equal the sum of what became of them; tests hold
 * that equation against millions of hostile events.
 */
const dispositions = ["taken", "reset", "initial", "end", "transition", "prediction", "drop", "dead"] as const;
export type Disposition = (typeof dispositions)[number];
export type Ledger = Record<Disposition, number>;

export function emptyLedger(): Ledger {
  return { taken: 0, reset: 0, initial: 0, end: 0, transition: 0, prediction: 0, drop: 0, dead: 0 };
}
