/** Who stands where. Null where nothing is known to have a position. */
import { mix } from "../../lifted/hash.ts";
import type { Canon } from "../state/canon.ts";
import type { Entity } from "../state/entity.ts";
import type { Position } from "../state/positions.ts";
import { arePlaced, headingOf, type Moves, placesOf, type Step } from "./moves.ts";

export interface Occupants {
  /** Beside it in the same terms. */
  at(position: Position, step: Step): readonly Entity[];
  places(entity: Entity): readonly Position[];
  heading(entity: Entity, position: Position): Step | null;
}

/** More at one place are a heap. */
const heapMax = 8;
const nobody: readonly Entity[] = [];

export function occupantsOf(canon: Canon, moves: Moves): Occupants | null {
  if (!arePlaced(moves)) return null;
  const index = new Map<number, Entity[]>();
  for (const entity of canon.entities) {
    if (entity.collection === null) continue;
    for (const { hash, a, b } of placesOf(moves, entity)) {
      const key = mix(hash, mix(a, b));
      const list = index.get(key);
      if (list === undefined) index.set(key, [entity]);
      else if (list.length < heapMax) list.push(entity);
    }
  }
  return {
    at: ({ hash, a, b }, [da, db]) => index.get(mix(hash, mix(a + da, b + db))) ?? nobody,
    places: (entity) => placesOf(moves, entity),
    heading: (entity, position) => headingOf(moves, entity, position),
  };
}
