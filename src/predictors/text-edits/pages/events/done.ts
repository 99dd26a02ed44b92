/** What was done, as its answer tells it: the same however it was asked for ("take the cup", "take the red cup in the box": "You take the cup."). */
import { hole, type ReadAction } from "../../reading.ts";
import { eventKey } from "../../structure.ts";
import { verbOf } from "../grammar.ts";

export interface Done {
  /** `eventKey`, of the verb where the answer names what was done to what, else of the form of the action. */
  readonly key: string;
  /** Places of the arguments: those that the answer names come first, in its order. */
  readonly order: readonly number[];
}

const argument = new RegExp(`${hole("").slice(0, 1)}(\\d+)${hole("").slice(1)}`, "g");

/** `form`: of the answer (`formOf`). */
export function doneBy({ template, args }: ReadAction, form: string): Done {
  const named: number[] = [];
  const said = form.replace(argument, (_, at: string) => {
    const place = named.indexOf(Number(at));
    return hole(String(place >= 0 ? place : named.push(Number(at)) - 1));
  });
  const key = named.length === 0 ? eventKey(template, form) : eventKey(verbOf(template), said);
  return { key, order: [...named, ...args.map((_, at) => at).filter((at) => !named.includes(at))] };
}
