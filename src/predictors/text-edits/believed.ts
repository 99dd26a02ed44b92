/** The belief of an episode as rows: what the action names first, then what changed last, then what the context told. */
import { type BeliefRow, type BeliefTable, tableOf } from "../belief-table.ts";
import type { Belief, Happening } from "./belief.ts";
import { nobody } from "./context.ts";
import { type ReadAction, shownTemplate, type Values } from "./reading.ts";
import { partsOfEvent, partsOfLast } from "./structure.ts";

const nobodyWords = "(no owner)";

export function believed(belief: Belief, { args }: ReadAction): BeliefTable {
  const [own, others]: [BeliefRow[], BeliefRow[]] = [[], []];
  for (const row of rowsOf(belief)) (args.includes(row.thing) ? own : others).push(row);
  return tableOf([...own, ...others]);
}

function* rowsOf({ facts, relations, happened, last }: Belief): Generator<BeliefRow> {
  for (const [relation, byOwner] of relations)
    for (const [owner, values] of byOwner) yield { thing: named(owner), relation, known: listWords(values) };
  for (const [thing, [newest]] of happened)
    if (newest !== undefined) yield { thing, relation: "happened last", known: happeningWords(newest) };
  for (const [key, thing] of last) {
    const [at, template] = partsOfLast(key);
    yield { thing, relation: "named last", known: `as <${at}> of ${shownTemplate(template)}` };
  }
  for (const [relation, byOwner] of facts.relations)
    for (const [owner, values] of byOwner)
      if (relations.get(relation)?.has(owner) !== true)
        yield { thing: named(owner), relation: `${relation} (told)`, known: listWords(values) };
  for (const [name, byOwner] of facts.attributes)
    for (const [owner, value] of byOwner) yield { thing: owner, relation: `${name} (told)`, known: value };
}

function named(owner: string): string {
  return owner === nobody ? nobodyWords : owner;
}

function listWords(values: Values): string {
  return values.length === 0 ? "nothing" : values.join(", ");
}

export function happeningWords({ key, at }: Happening): string {
  const [action, template] = partsOfEvent(key);
  return `as <${at}> of "${shownTemplate(action)}" → "${shownTemplate(template)}"`;
}
