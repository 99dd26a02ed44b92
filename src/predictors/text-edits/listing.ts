/** How a list is written: in which order, and what stands before the last. The first order that nearly all that was seen obeys. */
import { numberOf, typeOf, type Values } from "./reading.ts";

export type OrderName = "type, number down" | "type, number up" | "number down" | "alphabet" | "as known";

type Compare = (a: string, b: string) => number;
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byType: Compare = (a, b) => byText(typeOf(a), typeOf(b));

const orders: Readonly<Record<Exclude<OrderName, "as known">, Compare>> = {
  "type, number down": (a, b) => byType(a, b) || numberOf(b) - numberOf(a),
  "type, number up": (a, b) => byType(a, b) || numberOf(a) - numberOf(b),
  "number down": (a, b) => numberOf(b) - numberOf(a),
  alphabet: byText,
};
export const orderNames: readonly OrderName[] = [
  "type, number down",
  "type, number up",
  "number down",
  "alphabet",
  "as known",
];

export interface Listing {
  readonly order: OrderName;
  readonly join: string;
}

export const plainListing: Listing = { order: "as known", join: ", and " };

export function ordered(values: Values, order: OrderName): Values {
  return order === "as known" || values.length < 2 ? values : [...values].sort(orders[order]);
}

export function obeys(values: Values, order: OrderName): boolean {
  if (order === "as known") return true;
  const compare = orders[order];
  for (let at = 1; at < values.length; at++) if (compare(values[at - 1] ?? "", values[at] ?? "") > 0) return false;
  return true;
}

export function written(values: Values, article: string, join: string): string {
  const named = article === "" ? values : values.map((value) => `${article} ${value}`);
  const last = named.at(-1) ?? "";
  return named.length < 2 ? last : `${named.slice(0, -1).join(", ")}${join}${last}`;
}
