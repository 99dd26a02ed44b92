/** Lore as it is learnt: what changes, appears, comes and goes, which attribute says the type, which words are values. Bounded. */
import type { Json } from "../../../json/json.ts";
import { isObject } from "../../../json/pointer.ts";
import { type EntryKeys, learnEntryKeys } from "../expressions/entry-keys.ts";
import { arraysOf, partByName, walkOrder, wholeOf } from "../rules/order.ts";
import { goneRow, spawnRow } from "../rules/row-model.ts";
import { type AlternateKey, learnAlternateKeys, type Tally } from "../situation/alternate-keys.ts";
import { noteComer } from "../situation/comers.ts";
import { createKinds, type Kinds, learnKind } from "../situation/kinds.ts";
import { learnMoves, type MovesDraft } from "../situation/moves.ts";
import { isAbsent, plainName } from "../situation/roles.ts";
import { collectionOf, type Scene, typeIn } from "../situation/scene.ts";
import type { Arrival } from "../state/births.ts";
import type { Canon } from "../state/canon.ts";
import type { Changes } from "../state/changes.ts";
import type { Entity } from "../state/entity.ts";
import { isRowOfGrid } from "../state/grids.ts";
import type { Path, Paths } from "../state/paths.ts";
import { add, addTyped, mapsMax, retype } from "./typed.ts";

const vocabularyMax = 2_000;
const wordCharsMax = 40;
const typesMax = 200;

interface TypeCandidate {
  readonly path: Path;
  readonly values: Map<string, number>;
  count: number;
  changes: number;
  /** States with several of the collection, and those in which they differ. */
  states: number;
  varied: number;
}

export interface CollectionCounts {
  count: number;
  readonly candidates: Map<string, TypeCandidate>;
}

export interface LoreLearner {
  readonly lore: LoreDraft;
  readonly counts: LoreCounts;
  /** What attributes say of the things of a state. Things that were looked at before are skipped. */
  look(canon: Canon): void;
  /** How things went from one state to the next. */
  learnMoves(before: Canon, after: Canon): void;
  /** Returns what changed for the first time: lifted paths by collection. */
  learn(before: Canon, changes: Changes, arrivals: readonly Arrival[]): ReadonlyMap<string, ReadonlySet<string>>;
  /** What actions say of the keys of new entries, and of which attributes are keys. */
  learnKeys(scene: Scene, changes: Changes, paths: Paths): void;
  forgetCounted(): void;
}

export interface LoreDraft extends MovesDraft {
  revision: number;
  readonly vocabulary: Set<string>;
  readonly mutable: Map<string, Set<string>>;
  readonly appearing: Map<string, Set<string>>;
  readonly types: Map<string, Path>;
  readonly kinds: Map<string, Kinds>;
  readonly leaving: Map<string, Set<string>>;
  readonly anchors: Map<string, Set<string>>;
  readonly walked: Set<string>;
  readonly parts: Map<string, string>;
  readonly marks: Map<string, Set<string>>;
  readonly comers: Map<string, number>;
  readonly keys: Map<string, readonly AlternateKey[]>;
  readonly entries: Map<string, Map<string, EntryKeys>>;
}

export function emptyLore(): LoreDraft {
  return {
    revision: 0,
    vocabulary: new Set(),
    mutable: new Map(),
    appearing: new Map(),
    types: new Map(),
    kinds: new Map(),
    leaving: new Map(),
    anchors: new Map(),
    walked: new Set(),
    parts: new Map(),
    marks: new Map(),
    strides: new Map(),
    headings: new Map(),
    comers: new Map(),
    keys: new Map(),
    entries: new Map(),
  };
}

/** What was counted beside the lore itself. */
export interface LoreCounts {
  /** States looked at. */
  states: number;
  readonly collections: Map<string, CollectionCounts>;
  readonly walks: Tally;
}

export function createLoreLearner(
  lore: LoreDraft = emptyLore(),
  counts: LoreCounts = { states: 0, collections: new Map(), walks: new Map() },
): LoreLearner {
  const { collections, walks } = counts;
  let counted = new WeakSet<object>();

  function countTypes(entity: Entity): void {
    if (entity.collection === null || counted.has(entity.flat) || isRowOfGrid(entity)) return;
    counted.add(entity.flat);
    const { path: name } = entity.collection;
    countKinds(name, entity.flat.paths);
    const known = collections.get(name) ?? { count: 0, candidates: new Map<string, TypeCandidate>() };
    collections.set(name, known);
    known.count += 1;
    const { paths, values } = entity.flat;
    for (let at = 0; at < paths.length; at++) {
      const [path, value] = [paths[at], values[at]];
      if (path === undefined || typeof value !== "string" || value.length > wordCharsMax) continue;
      if (entity.flat.nodes[at]?.reference === true) continue;
      const before = known.candidates.get(path.text);
      // What names its entity is no type, but where the only thing of a type is called by it.
      if (before === undefined && (value === entity.name || value === entity.key)) continue;
      const candidate = before ?? {
        path,
        values: new Map<string, number>(),
        count: 0,
        changes: 0,
        states: 0,
        varied: 0,
      };
      if (known.candidates.size < 64) known.candidates.set(path.text, candidate);
      candidate.count += 1;
      if (candidate.values.size <= typesMax) candidate.values.set(value, (candidate.values.get(value) ?? 0) + 1);
    }
    // Often at first, ever more rarely later: the choice settles.
    if (Number.isInteger(Math.log2(known.count)) && known.count >= 4) choose(name, known);
  }

  function countKinds(collection: string, paths: Iterable<Path>): void {
    const known = lore.kinds.get(collection) ?? createKinds();
    if (lore.kinds.size < mapsMax) lore.kinds.set(collection, known);
    for (const [was, is] of learnKind(known, paths))
      for (const typed of [lore.appearing, lore.leaving, lore.anchors]) retype(lore, typed, collection, was, is);
  }

  function choose(name: string, { count, candidates }: CollectionCounts): void {
    let best: TypeCandidate | null = null;
    for (const candidate of candidates.values()) {
      const { size } = candidate.values;
      if (candidate.varied * 2 <= candidate.states) continue;
      const steady = candidate.changes <= 0.02 * candidate.count;
      if (!steady || candidate.count < 0.99 * count || size < 2 || size > typesMax || size > count / 4) continue;
      if (best === null || size > best.values.size) best = candidate;
    }
    if (best === null) lore.types.delete(name);
    else lore.types.set(name, best.path);
  }

  /** A type tells things of one state apart: what they all share says nothing. */
  function countVariety(canon: Canon): void {
    const byCollection = new Map<string, Entity[]>();
    for (const entity of canon.entities) {
      if (entity.collection === null) continue;
      const list = byCollection.get(entity.collection.path) ?? [];
      byCollection.set(entity.collection.path, list);
      if (list.length < 16) list.push(entity);
    }
    for (const [name, entities] of byCollection) {
      if (entities.length < 2) continue;
      for (const candidate of collections.get(name)?.candidates.values() ?? []) {
        candidate.states += 1;
        const first = entities[0]?.flat.at(candidate.path);
        if (entities.some((entity) => entity.flat.at(candidate.path) !== first)) candidate.varied += 1;
      }
    }
  }

  /** A thing that is mostly seen as a part is one also where that cannot be seen. */
  function countPart(part: Entity, whole: Entity | null): void {
    const name = plainName(String(part.name));
    const seen = walks.get(`part ${name}`) ?? { kept: 0, broken: 0 };
    if (walks.size >= mapsMax) return;
    walks.set(`part ${name}`, seen);
    if (whole === null) seen.broken += 1;
    else seen.kept += 1;
    if (whole !== null && seen.kept >= 3 && seen.kept > 2 * seen.broken)
      lore.parts.set(name, plainName(String(whole.name)));
    else if (seen.kept <= 2 * seen.broken) lore.parts.delete(name);
  }

  function countWalks(canon: Canon): void {
    for (const [{ path }, elements] of arraysOf(canon)) {
      if (elements.length < 3 || !elements.some((element) => element.up.length > 0)) continue;
      const walk = walks.get(path) ?? { kept: 0, broken: 0 };
      walks.set(path, walk);
      const whole = wholeOf(elements);
      const order = walkOrder(elements, (part, previous) => {
        const found = whole(part, previous);
        countPart(part, found);
        return found ?? partByName(part, elements, lore.parts);
      });
      if (order.every((element, at) => element === elements[at])) walk.kept += 1;
      else walk.broken += 1;
      if (walk.kept >= 3 && walk.broken < 0.05 * walk.kept) lore.walked.add(path);
      else lore.walked.delete(path);
    }
  }

  return {
    lore,
    counts,
    look(canon) {
      if (counted.has(canon)) return;
      counted.add(canon);
      for (const entity of canon.entities) countTypes(entity);
      counts.states += 1;
      // Every state at first, a share of them later: what holds of all states holds of these.
      if (counts.states > allStates && counts.states % laterStates !== 0) return;
      countWalks(canon);
      countVariety(canon);
    },
    learn(before, { changes, gone }, arrivals) {
      const fresh = new Map<string, Set<string>>();
      const noteChange = (entity: Entity, lifted: string) => {
        const collection = collectionOf(entity);
        if (lore.mutable.get(collection)?.has(lifted) === true) return;
        add(lore.mutable, collection, lifted);
        add(fresh, collection, lifted);
      };
      for (const { entity, path, old, value } of changes) {
        noteChange(entity, path.lifted);
        if (entity.collection !== null && old === undefined && !isRowOfGrid(entity))
          countKinds(collectionOf(entity), [...entity.flat.paths, path]);
        const candidate = collections.get(collectionOf(entity))?.candidates.get(path.text);
        if (candidate !== undefined) candidate.changes += 1;
        if (old === undefined) addTyped(lore, lore.appearing, collectionOf(entity), typeIn(entity, lore), path.text);
        for (const word of [old, value]) {
          if (typeof word !== "string" || word.length < 2 || word.length > wordCharsMax || before.isNamed(word))
            continue;
          if (lore.vocabulary.size < vocabularyMax && !path.text.startsWith("^")) lore.vocabulary.add(word);
        }
      }
      for (const { entity, path, old, value } of changes)
        if (
          isAbsent(old) &&
          !isRowOfGrid(entity) &&
          !path.text.startsWith("^") &&
          hasWandered(changes, entity, path, value)
        )
          addMark(lore, collectionOf(entity), path.text);
      for (const entity of gone) {
        noteChange(entity, goneRow);
        addTyped(lore, lore.leaving, collectionOf(entity), typeIn(entity, lore), goneRow);
      }
      for (const { anchor, collection, born } of arrivals) {
        for (const { value } of born)
          if (isObject(value) && typeof value["key"] === "string") noteComer(lore.comers, value["key"]);
        noteChange(anchor, `${spawnRow}${collection}`);
        addTyped(lore, lore.anchors, collectionOf(anchor), typeIn(anchor, lore), collection);
      }
      return fresh;
    },
    learnMoves(before, after) {
      if (learnMoves(lore, before, after)) lore.revision += 1;
    },
    learnKeys(scene, { changes }, paths) {
      if (learnEntryKeys(lore.entries, scene, changes, paths)) lore.revision += 1;
      if (learnAlternateKeys(lore.keys, walks, scene.action, scene.canon)) lore.revision += 1;
    },
    forgetCounted() {
      counted = new WeakSet();
    },
  };
}

/** What came to one thing of a collection has left another of it. */
function hasWandered(changes: Changes["changes"], to: Entity, path: Path, came: Json | undefined): boolean {
  if (isAbsent(came)) return false;
  return changes.some(
    ({ entity, path: where, old, value }) =>
      where === path && isAbsent(value) && old === came && entity !== to && entity.collection === to.collection,
  );
}

function addMark(lore: LoreDraft, collection: string, text: string): void {
  if (collection === "" || lore.marks.get(collection)?.has(text) === true) return;
  lore.revision += 1;
  add(lore.marks, collection, text);
}

const allStates = 1_000;
const laterStates = 8;
