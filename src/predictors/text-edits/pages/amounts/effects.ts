/** What events do to the amounts that are kept: so many more or less of a thing as the action says before its name, or before another's. */
import type { ReadAction } from "../../reading.ts";
import type { Amounts, Ledger } from "./ledger.ts";

export interface LedgerRules extends Ledger {
  /** By `effectKey`: the argument that says how many, one up, and less than nothing where they go. */
  readonly effects: ReadonlyMap<string, number>;
}

/** Of the argument that names the thing. */
export function effectKey(event: string, at: number): string {
  return `${event}\u0003${at}`;
}

/** The amounts after the event; what is new comes last, and what is used up goes. */
export function amountsAfter(
  amounts: Amounts,
  effects: LedgerRules["effects"],
  event: string,
  { args }: ReadAction,
): Amounts {
  let after: Map<string, number> | null = null;
  for (const [at, name] of args.entries()) {
    const effect = effects.get(effectKey(event, at));
    const amount = effect === undefined ? Number.NaN : Number(args[Math.abs(effect) - 1]);
    if (effect === undefined || !Number.isFinite(amount)) continue;
    after ??= new Map(amounts);
    const now = (after.get(name) ?? 0) + Math.sign(effect) * amount;
    if (now > 0) after.set(name, now);
    else after.delete(name);
  }
  return after ?? amounts;
}
