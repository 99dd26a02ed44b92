/** Grids of a state: rows of cells. */
import type { Json } from "../../../json/json.ts";
import { isArray } from "../../../json/pointer.ts";
import { isGridNode } from "../../../json/shape/shape.ts";
import type { Canon } from "./canon.ts";
import type { Entity } from "./entity.ts";

export interface Grid {
  readonly name: string;
  readonly hash: number;
  readonly rows: readonly Json[];
}

const gridsMax = 4;
const grids = new WeakMap<Canon, readonly Grid[]>();

export function gridsOf(canon: Canon): readonly Grid[] {
  const known = grids.get(canon);
  if (known !== undefined) return known;
  const made: Grid[] = [];
  for (const { flat } of canon.entities) {
    for (const { node, path, value } of flat.nested)
      if (isGridNode(node) && isArray(value) && made.length < gridsMax)
        made.push({ name: path.text, hash: path.hash, rows: value });
  }
  grids.set(canon, made);
  return made;
}

/** A row of a grid: what it holds are cells, not what is said of it. */
export function isRowOfGrid({ collection }: Entity): boolean {
  return collection !== null && isGridNode(collection.node);
}

/** Undefined beyond its edges. */
export function cellOf({ rows }: Grid, row: number, column: number): Json | undefined {
  const cells = rows[row];
  return typeof cells === "string" || isArray(cells) ? cells[column] : undefined;
}
