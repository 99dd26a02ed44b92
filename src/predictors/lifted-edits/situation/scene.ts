/** A situation as the rules see it: entities, action, roles, and what was learnt of the environment that features depend on. */
import type { Json } from "../../../json/json.ts";
import type { EntryKeys } from "../expressions/entry-keys.ts";
import type { Canon } from "../state/canon.ts";
import type { Entity } from "../state/entity.ts";
import type { Path, Paths } from "../state/paths.ts";
import { type ParsedAction, parseAction } from "./action.ts";
import { type AlternateKeys, withAlternateKeys } from "./alternate-keys.ts";
import { type Kinds, kindOf } from "./kinds.ts";
import type { Moves } from "./moves.ts";
import { type Occupants, occupantsOf } from "./occupants.ts";
import { contextRoles, entityRoles, type Marks, type Role, type TypeOf } from "./roles.ts";

/** What learning knows of an environment beside its rules. */
export interface Lore extends Moves {
  /** Grows with what was learnt. */
  readonly revision: number;
  /** Words that are values of attributes that change: literals of actions. */
  readonly vocabulary: ReadonlySet<string>;
  /** By collection (empty for the root): lifted paths that were seen to change. */
  readonly mutable: ReadonlyMap<string, ReadonlySet<string>>;
  /** By collection and type: paths that were seen to appear. */
  readonly appearing: ReadonlyMap<string, ReadonlySet<string>>;
  /** By collection: the attribute that says what type a thing is. */
  readonly types: ReadonlyMap<string, Path>;
  /** By collection: the kinds of its things, where no attribute says them. */
  readonly kinds: ReadonlyMap<string, Kinds>;
  /** Collections and types of things that were seen to go. */
  readonly leaving: ReadonlyMap<string, ReadonlySet<string>>;
  /** By collection and type of who they come to: collections of things that come. */
  readonly anchors: ReadonlyMap<string, ReadonlySet<string>>;
  /** Keyed arrays that list their things as a walk through what contains what. */
  readonly walked: ReadonlySet<string>;
  /** In those: things that nothing lists, by name without numbers, and what they follow as its parts. */
  readonly parts: ReadonlyMap<string, string>;
  /** By collection: attributes that wander from one of its things to another. */
  readonly marks: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names that came, and how often. */
  readonly comers: ReadonlyMap<string, number>;
  /** What arguments call things by beside their names. */
  readonly keys: AlternateKeys;
  /** By collection and lifted path of an entry: where the keys of new entries come from. */
  readonly entries: ReadonlyMap<string, ReadonlyMap<string, EntryKeys>>;
}

export interface Scene {
  readonly canon: Canon;
  readonly state: Json;
  readonly action: ParsedAction;
  readonly context: Json | null;
  readonly lore: Lore;
  /** Null where nothing is known to have a position. */
  readonly occupants: Occupants | null;
  readonly roles: readonly Role[];
  readonly byName: ReadonlyMap<string, Role>;
  entityRoles(entity: Entity): readonly Role[];
  typeOf(entity: Entity): string | null;
}

export function createScene(
  canon: Canon,
  state: Json,
  action: Json,
  context: Json | null,
  lore: Lore,
  paths: Paths,
): Scene {
  const parsed = withAlternateKeys(parseAction(action, canon, lore.vocabulary), lore.keys, canon);
  const types: (string | null | undefined)[] = [];
  const typeOf: TypeOf = (entity) => {
    let type = types[entity.index];
    if (type === undefined) {
      type = typeIn(entity, lore);
      types[entity.index] = type;
    }
    return type;
  };
  const occupants = occupantsOf(canon, lore);
  const roles = contextRoles(canon, parsed, typeOf, marksOf(lore, paths), occupants);
  const byName = new Map<string, Role>();
  for (const role of roles) if (!byName.has(role.name)) byName.set(role.name, role);
  const around: (readonly Role[] | undefined)[] = [];
  return {
    canon,
    state,
    action: parsed,
    context,
    lore,
    occupants,
    roles,
    byName,
    typeOf,
    entityRoles(entity) {
      const known = around[entity.index];
      if (known !== undefined) return known;
      const made = entityRoles(canon, parsed, entity, occupants);
      around[entity.index] = made;
      return made;
    },
  };
}

const marked = new WeakMap<Lore, { readonly revision: number; readonly paths: Paths; readonly marks: Marks }>();
/** Attributes of a collection that may tell one of its things apart. */
const marksMax = 8;

function marksOf(lore: Lore, paths: Paths): Marks {
  const known = marked.get(lore);
  if (known !== undefined && known.revision === lore.revision && known.paths === paths) return known.marks;
  const marks = new Map<string, Path[]>();
  for (const [collection, texts] of lore.marks)
    marks.set(collection, [...texts].flatMap((text) => paths.find(text) ?? []).slice(0, marksMax));
  marked.set(lore, { revision: lore.revision, paths, marks });
  return marks;
}

export function typeIn(entity: Entity, lore: Lore): string | null {
  if (entity.collection === null) return null;
  const path = lore.types.get(entity.collection.path);
  if (path === undefined) return kindOf(entity, lore.kinds.get(entity.collection.path));
  const value = entity.flat.at(path);
  return typeof value === "string" ? value : null;
}

export function collectionOf(entity: Entity): string {
  return entity.collection?.path ?? "";
}
