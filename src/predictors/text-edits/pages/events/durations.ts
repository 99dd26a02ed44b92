/**
 * How long events take, in the time of their world: some actions take none, others let it pass. Counted in what it takes to read a number that moves,
 * by the verb with the first line of its answer, and by that line alone, whatever was asked.
 */
import type { ReadAction } from "../../reading.ts";
import { verbOf } from "../grammar.ts";

/** By `durationKeys`. */
export type Durations = ReadonlyMap<string, number>;

interface Times {
  readonly durations: Durations;
  /** Answers, by `formOf`, after which no time has passed where nothing else is known. */
  readonly refusals: ReadonlySet<string>;
}

/** Of the verb, and of all verbs. */
export function durationKeys({ template }: ReadAction, form: string): readonly [own: string, all: string] {
  const [line = ""] = form.split("\n", 1);
  return [`${verbOf(template)}\u0003${line}`, `\u0003${line}`];
}

export function durationOf({ durations, refusals }: Times, action: ReadAction, form: string): number {
  const [own, all] = durations.size === 0 ? ["", ""] : durationKeys(action, form);
  return durations.get(own) ?? durations.get(all) ?? Number(!refusals.has(form));
}
