/** What became of the rows of a step: by entity the paths that changed, what is gone, and what came. */
import type { Json } from "../../../json/json.ts";
import { goneRow, spawnRow } from "../rules/row-model.ts";
import { collectionOf } from "../situation/scene.ts";
import type { arrivalsOf, Newcomer } from "../state/births.ts";
import type { Changes } from "../state/changes.ts";
import type { Entity } from "../state/entity.ts";

export type RowChange =
  | { readonly kind: "value"; readonly value: Json | undefined }
  | {
      readonly kind: "arrival";
      readonly born: readonly Newcomer[];
    };

export interface Truth {
  readonly byEntity: ReadonlyMap<Entity, ReadonlyMap<string, RowChange>>;
  /** By collection: lifted paths that changed somewhere in this step. */
  readonly paths: ReadonlyMap<string, ReadonlySet<string>>;
  readonly gone: ReadonlySet<Entity>;
}

export function truthOf({ changes, gone }: Changes, arrivals: ReturnType<typeof arrivalsOf>): Truth {
  const byEntity = new Map<Entity, Map<string, RowChange>>();
  const paths = new Map<string, Set<string>>();
  const note = (entity: Entity, text: string, lifted: string, change: RowChange | null) => {
    const known = byEntity.get(entity) ?? new Map<string, RowChange>();
    byEntity.set(entity, known);
    if (change !== null) known.set(text, change);
    const changed = paths.get(collectionOf(entity)) ?? new Set<string>();
    paths.set(collectionOf(entity), changed);
    changed.add(lifted);
  };
  for (const { entity, path, value } of changes) note(entity, path.text, path.lifted, { kind: "value", value });
  for (const entity of gone) note(entity, goneRow, goneRow, null);
  for (const { anchor, collection, born } of arrivals) {
    note(anchor, `${spawnRow}${collection}`, `${spawnRow}${collection}`, { kind: "arrival", born });
  }
  return { byEntity, paths, gone: new Set(gone) };
}
