/** A text that lists things with their amounts ("You have: rope (2) nail (30)"), read and written in the words that its world has for it. */
import { hole, type ReadAction, type Values } from "../../reading.ts";
import { amount, type Grammar } from "../grammar.ts";
import type { Told } from "../text/lift.ts";
import { commonStart } from "../text/words.ts";

export interface Ledger {
  /** The action that it answers. */
  readonly actionText: string;
  /** Before the first thing; between an amount and the next thing; between a thing and its amount; behind the last amount. */
  readonly head: string;
  readonly between: string;
  readonly close: string;
  readonly tail: string;
  /** What is said where there is nothing. */
  readonly empty: string;
}

/** By name, in the order in which they are listed. */
export type Amounts = ReadonlyMap<string, number>;

const digits = /^\d+/;
const thingsMax = 128;

/** Null where the text is written otherwise. */
export function amountsIn({ head, between, close, tail, empty }: Ledger, text: string): Amounts | null {
  const amounts = new Map<string, number>();
  if (text === empty) return amounts;
  if (!text.startsWith(head)) return null;
  for (let from = head.length; amounts.size < thingsMax; ) {
    const end = text.indexOf(close, from);
    const number = end < 0 ? null : digits.exec(text.slice(end + close.length));
    if (number === null || end === from) return null;
    amounts.set(text.slice(from, end), Number(number[0]));
    const rest = end + close.length + number[0].length;
    if (text.slice(rest) === tail) return amounts;
    if (!text.startsWith(between, rest)) return null;
    from = rest + between.length;
  }
  return null;
}

export function writtenAmounts({ head, between, close, tail, empty }: Ledger, amounts: Amounts): string {
  if (amounts.size === 0) return empty;
  return head + [...amounts].map(([name, amount]) => `${name}${close}${amount}`).join(between) + tail;
}

/** How such texts are written; null: they are not all of one kind. `empty`: the answer without a number that was given most. */
export function ledgerOf(actionText: string, texts: readonly string[], empty: string): Ledger | null {
  const starts: string[] = [];
  const gaps: string[] = [];
  const tails = new Set<string>();
  for (const text of texts) {
    const parts = text.split(/\d+/);
    starts.push(parts[0] ?? "");
    gaps.push(...parts.slice(1, -1));
    tails.add(parts.at(-1) ?? "");
  }
  const [tail = "", ...others] = tails;
  if (gaps.length === 0 || others.length > 0) return null;
  const between = gaps.reduce((a, b) => a.slice(0, commonStart(a, b)));
  const close = gaps.reduce(commonEnd);
  const head = starts.reduce((a, b) => a.slice(0, commonStart(a, b)));
  const ledger = { actionText, head, between, close, tail, empty };
  if (between === "" || close === "") return null;
  const isRead = (text: string) => {
    const amounts = amountsIn(ledger, text);
    return amounts !== null && writtenAmounts(ledger, amounts) === text;
  };
  return texts.every(isRead) ? ledger : null;
}

function commonEnd(a: string, b: string): string {
  let count = 0;
  while (count < Math.min(a.length, b.length) && a.at(-1 - count) === b.at(-1 - count)) count += 1;
  return a.slice(a.length - count);
}

/** Amounts that an action says, each before the name of what it is of: arguments, in the order of the action. */
export function amountsAsked({ template }: ReadAction): readonly { readonly amount: number; readonly of: number }[] {
  return [...template.matchAll(pairs)].map(([, amount, of]) => ({ amount: Number(amount), of: Number(of) }));
}

/** What stands for amounts, which may be too short to be told apart from other words, in what is said of them. */
export function amountsTold({ hasAmounts = false }: Grammar, args: Values): readonly Told[] {
  if (!hasAmounts) return [];
  return args.flatMap((arg, at) =>
    amount.test(arg) ? [{ name: `${amountName}${at}`, text: arg, sentences: [] }] : [],
  );
}

/** Which argument the name of a hole means; null where it means something else. */
export function amountOf(name: string): number | null {
  return name.startsWith(amountName) ? Number(name.slice(amountName.length)) : null;
}

const amountName = "amount ";
const [open, shut] = [hole("").slice(0, 1), hole("").slice(1)];
const pairs = new RegExp(`${open}(\\d+)${shut} ${open}(\\d+)${shut}`, "g");
