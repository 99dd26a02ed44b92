/** A thing of a state: the root, or a member of one of its collections. */
import type { Json } from "../../../json/json.ts";
import type { Flat } from "./flatten.ts";
import type { Collection, Path } from "./paths.ts";

/** What an entity is wherever its container stands: made once per container, since states share what did not change. */
export interface Member {
  /** Null for the root. */
  readonly collection: Collection | null;
  readonly key: string | number;
  /** What other values call it. */
  readonly name: string | number;
  /** Further texts that name it. */
  readonly aliases: readonly string[];
  /** From the owner's value to this one, without the key or index. */
  readonly place: Path;
  /** In its array; −1 in a map. */
  readonly position: number;
  readonly flat: Flat;
  readonly value: Json;
}

/** Who lists an entity, by which list. */
export interface Listing {
  readonly list: Path;
  readonly inverse: Path;
  readonly parent: Entity;
}

export class Entity implements Member {
  readonly index: number;
  readonly collection: Collection | null;
  readonly key: string | number;
  readonly name: string | number;
  readonly aliases: readonly string[];
  /** The entity whose collection it is in. */
  readonly owner: Entity | null;
  readonly place: Path;
  readonly position: number;
  readonly flat: Flat;
  readonly value: Json;
  /** Another member of its collection, before it, has its key. */
  isTwin = false;
  /** Who lists it, by list. */
  up: readonly Listing[] = noListings;
  /** What its lists name. */
  down: readonly Entity[] = noEntities;
  #id: string | null = null;

  constructor(index: number, owner: Entity | null, member: Member) {
    this.index = index;
    this.owner = owner;
    this.collection = member.collection;
    this.key = member.key;
    this.name = member.name;
    this.aliases = member.aliases;
    this.place = member.place;
    this.position = member.position;
    this.flat = member.flat;
    this.value = member.value;
  }

  /** Unique in the state: collection, owner and key. Made when it is asked for. */
  get id(): string {
    this.#id ??= this.#makeId();
    return this.#id;
  }

  #makeId(): string {
    if (this.owner === null) return "";
    const base = `${this.owner.id}/${this.place.text}/${this.key}`;
    return this.isTwin ? `${base}#${this.index}` : base;
  }
}

const noListings: readonly Listing[] = [];
const noEntities: readonly Entity[] = [];

/** Whether the path leads just there. */
export function isAt(pointer: readonly string[], segments: readonly string[]): boolean {
  return pointer.length === segments.length && pointer.every((segment, at) => segment === segments[at]);
}

/** Whether a collection of the entity's own stands there: what is within are other things. */
export function holdsThingsAt({ flat }: Entity, segments: readonly string[]): boolean {
  return flat.nested.some(({ path }) => isAt(path.pointer, segments));
}
