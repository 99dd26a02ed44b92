/** Learns which action is answered with amounts, how they are written, and what events do to them: from two such answers and what was done between. */
import { mostOf } from "../../most.ts";
import type { ReadAction } from "../../reading.ts";
import { effectKey, type LedgerRules } from "./effects.ts";
import { type Amounts, amountsIn, type Ledger, ledgerOf } from "./ledger.ts";

export interface LedgerTexts {
  add(action: string, text: string): void;
  decided(): Ledger | null;
}

const actionsMax = 64;
const textsMax = 200;
const textsMin = 8;
const textCharsMax = 2_000;

/** Of actions of one word. */
export function createLedgerTexts(): LedgerTexts {
  const texts = new Map<string, { readonly numbered: Set<string>; readonly empty: Map<string, number> }>();
  return {
    add(action, text) {
      if (/\s/.test(action) || text.length > textCharsMax) return;
      const own = texts.get(action) ?? { numbered: new Set(), empty: new Map() };
      if (!texts.has(action) && texts.size >= actionsMax) return;
      texts.set(action, own);
      if (!/\d/.test(text)) own.empty.set(text, (own.empty.get(text) ?? 0) + 1);
      else if (own.numbered.size < textsMax) own.numbered.add(text);
    },
    decided() {
      for (const [action, { numbered, empty }] of texts) {
        const [none] = mostOf(empty, "");
        const ledger = numbered.size < textsMin ? null : ledgerOf(action, [...numbered], none);
        if (ledger !== null) return ledger;
      }
      return null;
    },
  };
}

export interface LedgerCounts {
  begin(): void;
  add(actionText: string, action: ReadAction, event: string, text: string): void;
  decided(): LedgerRules["effects"];
}

const eventsMax = 20_000;
const seenMin = 2;
const share = 0.6;

export function createLedgerCounts(ledger: Ledger | null): LedgerCounts {
  const counts = new Map<string, Map<number, number>>();
  let known: Amounts = new Map();
  let since: { readonly event: string; readonly args: readonly string[] }[] = [];

  function count(key: string, effect: number): void {
    const own = counts.get(key) ?? new Map<number, number>();
    if (!counts.has(key) && counts.size >= eventsMax) return;
    counts.set(key, own);
    own.set(effect, (own.get(effect) ?? 0) + 1);
  }

  /** Only of what one event alone named it is known what did it. */
  function compare(now: Amounts): void {
    for (const { event, args } of since)
      for (const [at, name] of args.entries()) {
        if (since.filter((other) => other.args.includes(name)).length > 1) continue;
        const change = (now.get(name) ?? 0) - (known.get(name) ?? 0);
        if (change === 0) count(effectKey(event, at), 0);
        for (const [of, amount] of args.entries())
          if (change !== 0 && Number(amount) === Math.abs(change))
            count(effectKey(event, at), Math.sign(change) * (of + 1));
      }
  }

  return {
    begin() {
      known = new Map();
      since = [];
    },
    add(actionText, { args }, event, text) {
      if (ledger === null) return;
      const now = actionText === ledger.actionText ? amountsIn(ledger, text) : null;
      if (now === null) {
        if (args.length > 0) since.push({ event, args });
        return;
      }
      compare(now);
      known = now;
      since = [];
    },
    decided() {
      const effects = new Map<string, number>();
      for (const [key, own] of counts) {
        const [effect, times] = mostOf(own, 0);
        if (effect !== 0 && times >= seenMin && times > share * ((own.get(0) ?? 0) + times)) effects.set(key, effect);
      }
      return effects;
    },
  };
}
