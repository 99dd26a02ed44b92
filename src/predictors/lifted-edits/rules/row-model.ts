/** The rules of one path: a compiled forest and the expressions that its labels stand for. */
import { type Forest, placesAsked } from "../../lifted/forest.ts";
import { type OrderedLabels, placesPinned } from "../../lifted/ordered-labels.ts";
import type { Places } from "../../lifted/tokens.ts";
import type { Expression } from "../expressions/expression.ts";

export interface RowModel {
  readonly key: string;
  readonly forest: Forest;
  /** By label index of the forest. Behind those, ordered ones that the forest does not know. */
  readonly expressions: readonly Expression[];
  /** Absent where nobody ordered anything. */
  readonly ordered?: OrderedLabels;
}

/** Control characters: no field's name is cut by accident. */
const unit = "\u001f";
const part = "\u001e";

/** The key of a path's rows: collection and lifted path; the root's collection is empty. */
export function rowKey(collection: string, lifted: string): string {
  return `${collection}${unit}${lifted}`;
}

export function splitKey(key: string): { readonly collection: string; readonly lifted: string } {
  const cut = key.indexOf(unit);
  return { collection: key.slice(0, cut), lifted: key.slice(cut + 1) };
}

/** The place in the states that a row's path stands for. */
export function placeOfKey(key: string): string {
  const { collection, lifted } = splitKey(key.split(part, 1)[0] ?? key);
  const path = lifted.startsWith("^") ? lifted.slice(1) : lifted;
  if (path.startsWith("@")) return collection;
  return collection === "" ? path : `${collection}.${path}`;
}

export const goneRow = "@gone";
export const spawnRow = "@spawn ";

/** The rows of a leaf of a new value. */
export function leafKey(key: string, skeleton: string, leaf: string): string {
  return `${key}${part}${skeleton}${part}${leaf}`;
}

/** The row that a key is of, and the leaf of a new value that it stands for; null where it stands for the row. */
export function leafOfKey(key: string): { readonly row: string; readonly leaf: string | null } {
  const [row = key, , leaf = null] = key.split(part);
  return { row, leaf };
}

/** The models of an environment, by collection and lifted path, so that no key is made while predicting. */
export class RowModels {
  readonly #byCollection = new Map<string, Map<string, RowModel>>();
  readonly #byKey = new Map<string, RowModel>();
  readonly #asked = new Map<string, Places>();

  set(model: RowModel): void {
    this.#byKey.set(model.key, model);
    const { collection, lifted } = splitKey(model.key);
    const ofOrders = model.ordered === undefined ? 0 : placesPinned(model.ordered);
    this.#asked.set(collection, this.asked(collection) | placesAsked(model.forest) | ofOrders);
    if (model.key.includes(part)) return;
    const known = this.#byCollection.get(collection) ?? new Map<string, RowModel>();
    known.set(lifted, model);
    this.#byCollection.set(collection, known);
  }

  of(collection: string): ReadonlyMap<string, RowModel> | undefined {
    return this.#byCollection.get(collection);
  }

  /** What the rules of a collection, and of new values in it, may ask of. */
  asked(collection: string): Places {
    return this.#asked.get(collection) ?? 0;
  }

  get(key: string): RowModel | undefined {
    return this.#byKey.get(key);
  }

  all(): IterableIterator<RowModel> {
    return this.#byKey.values();
  }

  get size(): number {
    return this.#byKey.size;
  }
}
