/**
 * Fields under another name. Where a record of a collection lacks the one field that all others had and has one that none had, with a text
 * that the lost field was seen to hold, the field was renamed: states are read under the name that rules know, and what is predicted is
 * written under the name that the state has. So nothing needs to be learnt anew, and states of both kinds may come side by side. Names are
 * taken for the whole state (copies of records stand elsewhere), and only in states where the old one is found nowhere.
 */
import type { Json } from "../../../json/json.ts";
import { isArray, isObject } from "../../../json/pointer.ts";
import { childNode, type ShapeNode } from "../../../json/shape/shape.ts";

export type Rename = readonly [known: string, now: string];

export interface Renames {
  readonly all: readonly Rename[];
  /** The state under the names that rules know. */
  read(state: Json): Json;
  /** A state under the names that rules know, as `like` is named. */
  write(state: Json, like: Json): Json;
  /** The name of a field in a state. */
  nameIn(state: Json, known: string): string;
}

export interface RenameLearner extends Renames {
  /** Looks for new ones in a state that was read. `valuesOf`: the texts that a field of the records at a place was seen to hold. */
  spot(state: Json, root: ShapeNode, valuesOf: ValuesOf): void;
  readonly evidence: ReadonlyMap<string, number>;
}

export type ValuesOf = (place: string, field: string) => { has(text: string): boolean } | undefined;

/** Bits of a mask, two a name. */
const renamesMax = 15;
const evidenceMax = 1_000;
/** Records that must agree. */
const recordsMin = 2;
/** Records at the place before, and how many of them may be otherwise: those that were read before it was known. */
const beforeMin = 20;
const otherMax = 4;

export function createRenames(known: readonly Rename[] = []): Renames {
  return renamesOf([...known]);
}

export function createRenameLearner(
  known: readonly Rename[] = [],
  evidence = new Map<string, number>(),
): RenameLearner {
  const all = [...known];
  let renames = renamesOf(all);
  const checked = new WeakSet<object>();

  function confirm(old: string, now: string, state: Json, root: ShapeNode): void {
    const name = JSON.stringify([old, now]);
    const count = (evidence.get(name) ?? 0) + 1;
    if (evidence.size < evidenceMax || count > 1) evidence.set(name, count);
    if (all.some(([from, to]) => from === old && to === now)) return;
    if (count < recordsMin || all.length >= renamesMax || holdsKey(state, old) || isOldName(root, now)) return;
    all.push([old, now]);
    renames = renamesOf(all);
  }

  function spot(value: Json, node: ShapeNode, valuesOf: ValuesOf, found: (old: string, now: string) => void): void {
    if (typeof value !== "object" || value === null || checked.has(value)) return;
    checked.add(value);
    const swap = isObject(value) && node.path.endsWith(".*") ? swapIn(value, node) : null;
    const text = swap === null || !isObject(value) ? null : value[swap[1]];
    if (swap !== null && typeof text === "string" && valuesOf(node.path, swap[0])?.has(text) === true) found(...swap);
    for (const [segment, member] of Object.entries(value)) {
      const child = childNode(node, value, segment);
      if (child !== null) spot(member, child, valuesOf, found);
    }
  }

  return {
    all,
    evidence,
    read: (state) => renames.read(state),
    write: (state, like) => renames.write(state, like),
    nameIn: (state, name) => renames.nameIn(state, name),
    spot(state, root, valuesOf) {
      spot(state, root, valuesOf, (old, now) => confirm(old, now, state, root));
    },
  };
}

/** The one field of a record that always was there and is not, and the one that never was and is. */
function swapIn(value: { readonly [key: string]: Json }, { objectForm, objects, keys }: ShapeNode): Rename | null {
  if (objectForm !== "record" || objects < beforeMin) return null;
  const fresh = Object.keys(value).filter((key) => (keys.get(key) ?? 0) <= otherMax);
  const [now] = fresh;
  if (now === undefined || fresh.length > 1) return null;
  const lost = [...keys].filter(([key, count]) => count >= objects - otherMax && !Object.hasOwn(value, key));
  const [old] = lost;
  return old === undefined || lost.length > 1 ? null : [old[0], now];
}

/** Whether a name was that of a field before there was talk of renaming. */
function isOldName({ keys, fields, each }: ShapeNode, name: string): boolean {
  if ((keys.get(name) ?? 0) > otherMax) return true;
  for (const child of fields.values()) if (isOldName(child, name)) return true;
  return each !== null && isOldName(each, name);
}

function holdsKey(value: Json, key: string): boolean {
  if (isArray(value)) return value.some((element) => holdsKey(element, key));
  if (!isObject(value)) return false;
  return Object.hasOwn(value, key) || Object.values(value).some((member) => holdsKey(member, key));
}

function renamesOf(all: readonly Rename[]): Renames {
  const bits = new Map<string, number>();
  for (const name of all.flat()) if (!bits.has(name)) bits.set(name, 1 << bits.size);
  const masks = new WeakMap<object, number>();
  const made = new Map<string, WeakMap<object, Json>>();

  /** Which of the names a value has for keys. */
  function maskOf(value: Json): number {
    if (typeof value !== "object" || value === null) return 0;
    const known = masks.get(value);
    if (known !== undefined) return known;
    let mask = 0;
    const isList = isArray(value);
    for (const [key, member] of Object.entries(value)) mask |= (isList ? 0 : (bits.get(key) ?? 0)) | maskOf(member);
    masks.set(value, mask);
    return mask;
  }

  function of(state: Json): readonly Rename[] {
    if (all.length === 0) return all;
    const mask = maskOf(state);
    const has = (name: string) => (mask & (bits.get(name) ?? 0)) !== 0;
    const here = all.filter(([old, now]) => has(now) && !has(old));
    return here.filter(([old]) => here.filter(([other]) => other === old).length === 1);
  }

  function renamed(value: Json, names: ReadonlyMap<string, string>, memo: WeakMap<object, Json>): Json {
    if (typeof value !== "object" || value === null) return value;
    const known = memo.get(value);
    if (known !== undefined) return known;
    let same = true;
    const members = Object.entries(value).map(([key, member]) => {
      const [name, next] = [names.get(key) ?? key, renamed(member, names, memo)];
      if (next !== member || (name !== key && !isArray(value))) same = false;
      return [name, next] as const;
    });
    const result = same ? value : isArray(value) ? members.map(([, next]) => next) : Object.fromEntries(members);
    memo.set(value, result);
    return result;
  }

  function rewrite(state: Json, pairs: readonly (readonly [from: string, to: string])[]): Json {
    const name = JSON.stringify(pairs);
    const memo = made.get(name) ?? new WeakMap<object, Json>();
    made.set(name, memo);
    return renamed(state, new Map(pairs), memo);
  }

  return {
    all,
    read(state) {
      const here = of(state);
      return here.length === 0
        ? state
        : rewrite(
            state,
            here.map(([old, now]) => [now, old]),
          );
    },
    write(state, like) {
      const here = of(like);
      return here.length === 0 ? state : rewrite(state, here);
    },
    nameIn: (state, known) => of(state).find(([old]) => old === known)?.[1] ?? known,
  };
}
