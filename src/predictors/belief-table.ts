/** What a predictor believes at a step, as a table for people: of which thing, in which relation, what. Bounded. */

export interface BeliefRow {
  readonly thing: string;
  readonly relation: string;
  readonly known: string;
}

export interface BeliefTable {
  readonly rows: readonly BeliefRow[];
  /** Rows that were left out. */
  readonly left: number;
}

const rowsMax = 80;
/** In UTF-16 units. */
const nameCharsMax = 200;
const knownCharsMax = 600;

/** Of the rows, what matters most first. */
export function tableOf(rows: Iterable<BeliefRow>): BeliefTable {
  const shown: BeliefRow[] = [];
  let left = 0;
  for (const { thing, relation, known } of rows) {
    if (shown.length < rowsMax)
      shown.push({
        thing: short(thing, nameCharsMax),
        relation: short(relation, nameCharsMax),
        known: short(known, knownCharsMax),
      });
    else left += 1;
  }
  return { rows: shown, left };
}

function short(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max)}… (${text.length - max} characters more)`;
}
