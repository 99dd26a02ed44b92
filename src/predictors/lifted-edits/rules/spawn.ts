/** What comes, made from its label; what is there already does not come again. */
import type { Expression } from "../expressions/expression.ts";
import type { Site } from "../expressions/sources.ts";
import type { Birth } from "../state/assemble.ts";
import { birthOf } from "../state/births.ts";
import { buildOf, type Chooser, type Part } from "./build.ts";
import { spawnRow } from "./row-model.ts";
import type { RowSite } from "./rows.ts";

export interface Spawned {
  /** Empty where all of it is there already. */
  readonly births: readonly Birth[];
  /** What each of them was made by. */
  readonly parts: readonly (readonly Part[])[];
  /** Product of the shares of all leaves. */
  readonly share: number;
}

/** What comes is told by what is: copies as they are before. Null where it cannot be told. */
export function spawn(expression: Expression, site: Site, row: RowSite, key: string, chooser: Chooser): Spawned | null {
  if (expression[0] !== "spawn") return null;
  const births: Birth[] = [];
  const parts: (readonly Part[])[] = [];
  const collection = row.lifted.slice(spawnRow.length);
  let share = 1;
  for (const [at, born] of expression[1].entries()) {
    const made = buildOf(born, `${key} ${at}`, site, chooser);
    if (made === null) return null;
    share *= made.share;
    const birth = birthOf(made.value, born[1], collection, row.entity);
    if (birth === null) return null;
    if (isThere(birth, collection, site)) continue;
    births.push(birth);
    parts.push(made.parts);
  }
  return { births, parts, share };
}

/** A thing of the collection that is called so. */
function isThere({ owner, name }: Birth, collection: string, { scene }: Site): boolean {
  return scene.canon.named(String(name)).some((one) => one.owner === owner && one.collection?.path === collection);
}
