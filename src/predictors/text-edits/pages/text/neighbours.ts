/**
 * What stands beside an argument in the text before: where a text is a row of fields with a mark between them, the field that an action names,
 * as it is written there, and the two after it (a name and a price behind a number).
 */
import type { Values } from "../../reading.ts";
import type { Told } from "./lift.ts";

/** Marks between fields: a word in brackets that texts hold many times. */
const mark = /(?<= )\[\w{2,12}\](?= )/g;

export function marksIn(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [found] of text.matchAll(mark)) counts.set(found, (counts.get(found) ?? 0) + 1);
  return counts;
}

const afterMax = 2;
const fieldCharsMin = 2;

export function neighboursOf(separator: string, text: string, args: Values): readonly Told[] {
  if (separator === "") return [];
  const found: Told[] = [];
  for (const [at, arg] of args.entries()) {
    if (arg === "" || !text.toLowerCase().includes(arg.toLowerCase())) continue;
    const fields = text.split(separator);
    const place = fields.findIndex((field) => field.trim().toLowerCase() === arg.toLowerCase());
    if (place < 0) continue;
    for (let after = 0; after <= afterMax; after++) {
      const field = fields[place + after]?.trim() ?? "";
      if (field.length >= fieldCharsMin && field !== arg)
        found.push({ name: `${at} + ${after}`, text: field, sentences: [] });
    }
  }
  return found;
}
