/**
 * What was seen at one place of the states of an environment. Places are lifted: every element of a keyed array or of a map of records is the
 * same place (`orders.*.status`), since its segment is data and says nothing of the form.
 */

import type { Json } from "../json.ts";
import { isArray, isObject } from "../pointer.ts";
import { type Forced, unforced } from "./overrides.ts";

/** How objects at a place are read. A record has fields; a map has data for keys; a collection is a map of records: entities. */
export type ObjectForm = "record" | "map" | "collection";
/**
 * How arrays at a place are read. A tuple has positions; a keyed array is a collection, of things that are told by their place where it has no key;
 * cells are a row of a grid; a list is one value that is edited.
 */
export type ArrayForm = "tuple" | "keyed" | "cells" | "list";

/** A field that might identify the elements of an array. */
export interface KeyCandidate {
  /** Arrays in which two elements shared its value. */
  broken: number;
  /** Arrays in which one lacked it. */
  lacking: number;
  /** Arrays whose set of values changed while their length did not: an identity should outlive a step. */
  unstable: number;
  /** Values seen, bounded. */
  readonly values: Set<string | number>;
}

export interface ShapeNode {
  /** Segments joined by dots; `*` stands for data. */
  readonly path: string;
  readonly depth: number;
  readonly segments: readonly string[];
  /** What configuration says of the place. */
  forced: Forced;
  readonly fields: Map<string, ShapeNode>;
  /** Elements of arrays and members of maps. */
  each: ShapeNode | null;
  objectForm: ObjectForm;
  arrayForm: ArrayForm;
  /** A value that is now a container and now none, or an object of ever other fields: it is one value, edited as a whole. */
  atomic: boolean;
  objects: number;
  arrays: number;
  scalars: number;
  nulls: number;
  /** Members over all objects here, and of what kind they were. */
  members: number;
  memberObjects: number;
  memberContainers: number;
  /** By field: in how many objects it was. */
  readonly keys: Map<string, number>;
  keysOverflow: boolean;
  /** Keys that also stood as values in objects of the place: what is said of one entry names another. */
  readonly echoed: Set<string>;
  /** Keys that actions named. */
  readonly addressed: Set<string>;
  /** Objects whose keys all named entities. */
  aliasKeyed: number;
  filled: number;
  lengthMax: number;
  lengthFirst: number;
  elementObjects: number;
  elements: number;
  readonly candidates: Map<string, KeyCandidate>;
  /** What an entry of a map holds. */
  isEntry: boolean;
  /** The field that identifies the elements of a keyed array. */
  key: string | null;
  /** Strings here that named an entity of their state, and others. */
  referenceHits: number;
  referenceMisses: number;
  /** Lists here whose references stood in no other list of the state, and those where one did. */
  exclusive: number;
  shared: number;
  /** Lists here over all states, and states that had one. */
  lists: number;
  listStates: number;
  /** Settled after each state: strings of this place name entities. */
  reference: boolean;
  /** A list of references each of which stands in one list only: its inverse is a function, so it can be kept by the element. */
  exclusiveList: boolean;
  /** Fields of a keyed array whose values name its elements. */
  aliases: readonly string[];
}

export function createNode(path: string, depth: number, segments: readonly string[] = []): ShapeNode {
  return {
    path,
    depth,
    segments,
    forced: unforced,
    fields: new Map(),
    each: null,
    objectForm: "record",
    arrayForm: "tuple",
    atomic: false,
    objects: 0,
    arrays: 0,
    scalars: 0,
    nulls: 0,
    members: 0,
    memberObjects: 0,
    memberContainers: 0,
    keys: new Map(),
    keysOverflow: false,
    echoed: new Set(),
    addressed: new Set(),
    aliasKeyed: 0,
    filled: 0,
    lengthMax: 0,
    lengthFirst: -1,
    elementObjects: 0,
    elements: 0,
    candidates: new Map(),
    isEntry: false,
    key: null,
    referenceHits: 0,
    referenceMisses: 0,
    exclusive: 0,
    shared: 0,
    lists: 0,
    listStates: 0,
    reference: false,
    exclusiveList: false,
    aliases: [],
  };
}

/** The place of a member: by name in a record, `*` where the segment is data. Null where the shape knows of none. */
export function childNode(node: ShapeNode, container: Json, segment: string): ShapeNode | null {
  if (node.atomic) return null;
  if (isArray(container)) return node.arrayForm === "tuple" ? (node.fields.get(segment) ?? null) : node.each;
  if (!isObject(container)) return null;
  return node.objectForm === "record" ? (node.fields.get(segment) ?? null) : node.each;
}

/** A place whose arrays are grids: rows of cells. */
export function isGridNode(node: ShapeNode): boolean {
  return node.arrayForm === "keyed" && node.each?.arrayForm === "cells";
}

export function pathOf(node: ShapeNode, segment: string): string {
  return node.path === "" ? segment : `${node.path}.${segment}`;
}
