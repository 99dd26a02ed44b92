/** Pairs of whole numbers that stand beside each other: they may be positions. */
import type { Json } from "../../../json/json.ts";
import { hashText } from "../../lifted/hash.ts";
import type { Entity } from "./entity.ts";
import type { Flat } from "./flatten.ts";
import { isRowOfGrid } from "./grids.ts";

export interface Position {
  /** In words: the fields with their place in the thing. */
  readonly name: string;
  /** The fields alone: what has the same ones is told in the same terms. */
  readonly kind: string;
  readonly hash: number;
  /** What both are fields of. */
  readonly parent: readonly string[];
  /** As they are told: across and down, or down and across. */
  readonly a: number;
  readonly b: number;
}

/** Most pairs are none, which shows as they change. */
const positionsMax = 48;
/** Greater numbers are no places. */
const placeMax = 64;
const known = new WeakMap<Flat, readonly Position[]>();

export function positionsOf(entity: Entity): readonly Position[] {
  const { flat } = entity;
  const made = known.get(flat);
  if (made !== undefined) return made;
  const found = isRowOfGrid(entity) ? [] : positionsIn(flat);
  known.set(flat, found);
  return found;
}

function positionsIn({ paths, values }: Flat): readonly Position[] {
  const found: Position[] = [];
  let last: { readonly at: number; readonly parent: string } | null = null;
  for (let at = 0; at < paths.length && found.length < positionsMax; at++) {
    const [path, value] = [paths[at], values[at]];
    if (path === undefined || path.segment !== null || !isPlace(value)) continue;
    const parent = path.pointer.slice(0, -1);
    const place = parent.join("\0");
    const [first, a] = last?.parent === place ? [paths[last.at], values[last.at]] : [];
    if (first !== undefined && typeof a === "number") {
      const kind = `${fieldOf(first.pointer)}, ${fieldOf(path.pointer)}`;
      found.push({ name: `${first.text}, ${path.text}`, kind, hash: hashText(kind), parent, a, b: value });
    }
    last = { at, parent: place };
  }
  return found;
}

/** Of an element of a list with the name of the list. */
function fieldOf(pointer: readonly string[]): string {
  const last = pointer.at(-1) ?? "";
  return /^\d+$/.test(last) ? pointer.slice(-2).join(".") : last;
}

function isPlace(value: Json | undefined): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < placeMax;
}
