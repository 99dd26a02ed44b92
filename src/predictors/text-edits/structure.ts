/**
 * What was decided about a world of texts: which texts say that a list is empty, how lists are written, what they show (sources), which
 * relations they tell of (tells), and what actions do to relations (effects). Plain data in a normal form: the same decisions are the same text.
 */
import type { Listing } from "./listing.ts";
import type { PageStructure } from "./pages/structure.ts";
import { readPages, type WrittenPages, writePages } from "./pages/written.ts";

/** Whose list it is: an argument of the action, what an earlier action of a form last named at a place, or nobody's. */
export type Owner =
  | { readonly of: "argument"; readonly at: number }
  | { readonly of: "last"; readonly key: string }
  | null;

/** Where the values of a list come from. */
export type Source =
  | { readonly from: "owner"; readonly owner: Owner }
  /** The relation as it is believed in this episode. */
  | { readonly from: "relation"; readonly relation: string; readonly owner: Owner }
  /** As it was last seen in another episode at the same place. */
  | { readonly from: "place"; readonly relation: string; readonly owner: Owner }
  /** The newest list of the relation in which the owner stands. */
  | { readonly from: "fellow"; readonly relation: string; readonly owner: Owner }
  /** What nearly every episode shows for the owner. */
  | { readonly from: "habit"; readonly relation: string; readonly owner: Owner }
  | { readonly from: "constant" };

export interface Tells {
  readonly relation: string;
  readonly owner: Owner;
}

export interface Effect {
  readonly relation: string;
  /** The argument that enters or leaves. */
  readonly item: number;
  /** The argument whose relation it is; null: nobody's. */
  readonly owner: number | null;
  readonly enters: boolean;
}

export interface Empty {
  readonly template: string;
  /** The list that is empty. */
  readonly at: number;
}

/** Keys: a template; `listKey`; `slotKey`; `eventKey`. Entries sorted by key. */
export interface Structure {
  /** Templates that are another with an empty list. */
  readonly empties: ReadonlyMap<string, Empty>;
  /** What is said of an empty list. */
  readonly emptyWords: ReadonlyMap<string, string>;
  readonly listings: ReadonlyMap<string, Listing>;
  readonly sources: ReadonlyMap<string, readonly Source[]>;
  readonly tells: ReadonlyMap<string, Tells>;
  readonly effects: ReadonlyMap<string, readonly Effect[]>;
  readonly relations: readonly string[];
  readonly attributes: readonly string[];
  /** Null where things are named by a word and a number. */
  readonly pages: PageStructure | null;
}

export const noStructure: Structure = {
  empties: new Map(),
  emptyWords: new Map(),
  listings: new Map(),
  sources: new Map(),
  tells: new Map(),
  effects: new Map(),
  relations: [],
  attributes: [],
  pages: null,
};

const between = "\u0003";

/** A list of a template. */
export function listKey(template: string, at: number): string {
  return `${at}${between}${template}`;
}

/** A list of an answer to an action. */
export function slotKey(action: string, template: string, at: number): string {
  return `${at}${between}${template}${between}${action}`;
}

/** An action with its answer. */
export function eventKey(action: string, template: string): string {
  return `${action}${between}${template}`;
}

export function partsOfEvent(key: string): readonly [action: string, template: string] {
  const at = key.indexOf(between);
  return [key.slice(0, at), key.slice(at + 1)];
}

/** An argument of a form of action, as the last one of it named it. */
export function lastKey(action: string, at: number): string {
  return `${at}${between}${action}`;
}

export function partsOfLast(key: string): readonly [at: string, action: string] {
  const at = key.indexOf(between);
  return [key.slice(0, at), key.slice(at + 1)];
}

export function ownerText(owner: Owner): string {
  return owner === null ? "" : owner.of === "argument" ? `argument ${owner.at}` : `last ${owner.key}`;
}

export function sourceText(source: Source): string {
  if (source.from === "constant") return source.from;
  const relation = source.from === "owner" ? "" : source.relation;
  return `${source.from}${between}${relation}${between}${ownerText(source.owner)}`;
}

export interface WrittenStructure {
  readonly empties: readonly (readonly [string, Empty])[];
  readonly emptyWords: readonly (readonly [string, string])[];
  readonly listings: readonly (readonly [string, Listing])[];
  readonly sources: readonly (readonly [string, readonly Source[]])[];
  readonly tells: readonly (readonly [string, Tells])[];
  readonly effects: readonly (readonly [string, readonly Effect[]])[];
  readonly relations: readonly string[];
  readonly attributes: readonly string[];
  /** Absent in versions from before there were pages. */
  readonly pages?: WrittenPages | null;
}

export function writeStructure(structure: Structure): WrittenStructure {
  return {
    empties: sorted(structure.empties),
    emptyWords: sorted(structure.emptyWords),
    listings: sorted(structure.listings),
    sources: sorted(structure.sources),
    tells: sorted(structure.tells),
    effects: sorted(structure.effects),
    relations: structure.relations,
    attributes: structure.attributes,
    pages: structure.pages === null ? null : writePages(structure.pages),
  };
}

export function readStructure(written: WrittenStructure): Structure {
  return {
    empties: new Map(written.empties),
    emptyWords: new Map(written.emptyWords),
    listings: new Map(written.listings),
    sources: new Map(written.sources),
    tells: new Map(written.tells),
    effects: new Map(written.effects),
    relations: written.relations,
    attributes: written.attributes,
    pages: written.pages == null ? null : readPages(written.pages),
  };
}

function sorted<T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
