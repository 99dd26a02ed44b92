/** The belief of an episode of pages as rows: where one is, what the action names, answers, pages, and where ways lead. */
import { type BeliefRow, type BeliefTable, tableOf } from "../../belief-table.ts";
import { happeningWords } from "../believed.ts";
import type { PageBelief } from "./belief.ts";
import type { Asked } from "./choice/sources.ts";

export function believedPages(belief: PageBelief, { action }: Asked): BeliefTable {
  const isNamed = ({ thing }: BeliefRow) => action.args.some((arg) => arg !== "" && thing.includes(arg));
  const [own, others]: [BeliefRow[], BeliefRow[]] = [[], []];
  for (const row of rowsOf(belief)) (isNamed(row) ? own : others).push(row);
  return tableOf([...placeRows(belief), ...own, ...others]);
}

function* placeRows({ current, names, register }: PageBelief): Generator<BeliefRow> {
  if (current !== null) yield { thing: names.get(current) ?? current, relation: "is where one is", known: current };
  if (register !== "") yield { thing: register, relation: "was turned to last", known: "" };
}

function* rowsOf({ called, happened, read, pages, exits, told, entries }: PageBelief): Generator<BeliefRow> {
  for (const [thing, name] of called) yield { thing, relation: "is called", known: name };
  for (const [thing, [newest]] of happened)
    if (newest !== undefined) yield { thing, relation: "happened last", known: happeningWords(newest) };
  for (const { actionText, text } of [...read.values()].reverse())
    yield { thing: actionText, relation: "was answered, as believed now", known: text };
  for (const [title, text] of [...pages].reverse())
    yield { thing: title, relation: "page, as believed now", known: text };
  for (const [key, to] of exits) {
    const [from = "", action = ""] = key.split("\u0003");
    yield { thing: from, relation: `leads by "${action}" to`, known: to };
  }
  for (const { name, text } of told) yield { thing: name, relation: "context (told)", known: text };
  for (const [name, own] of entries)
    for (const [key, text] of own) yield { thing: key, relation: `${name} (told)`, known: text };
}
