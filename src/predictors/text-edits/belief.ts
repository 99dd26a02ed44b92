/**
 * What is believed in an episode: relations and attributes from the context, then from every step: what its action does to relations (effects),
 * and what its answer tells of them. Besides, what happened to each thing last. A pure fold over the episode's steps.
 */
import { hashText, mix } from "../lifted/hash.ts";
import { type Facts, nobody } from "./context.ts";
import type { ReadAction, ReadText, Values } from "./reading.ts";
import { eventKey, lastKey, type Owner, type Structure, slotKey } from "./structure.ts";

/** That an action was answered so, and as which argument a thing took part (0: whoever did). */
export interface Happening {
  readonly id: number;
  readonly event: number;
  readonly key: string;
  readonly at: number;
}

/** What happened to things. */
export interface Happenings {
  /** Of each thing, the newest first, each once. */
  readonly happened: Map<string, readonly Happening[]>;
  readonly happenedAtAll: Happening[];
}

export interface Belief extends Happenings {
  readonly facts: Facts;
  /** What differs from the context's: by relation, then owner. */
  readonly relations: Map<string, Map<string, Values>>;
  /** By `lastKey`. */
  readonly last: Map<string, string>;
  /** What answers told, by relation, then owner: the newest last. */
  readonly sights: Map<string, Map<string, Values>>;
  /** Names the place: episodes at the same place may share what is remembered. */
  readonly place: number;
  steps: number;
}

const happeningsMax = 10;
const happeningsAtAllMax = 16;

/** `first`: the first observation, null where it is not known. */
export function beginBelief(facts: Facts, first: string | null): Belief {
  return {
    facts,
    relations: new Map(),
    last: new Map(),
    happened: new Map(),
    happenedAtAll: [],
    sights: new Map(),
    place: placeOf(facts, first),
    steps: 0,
  };
}

/** What the context speaks of, else the first line of what was seen first. */
function placeOf({ relations }: Facts, first: string | null): number {
  const owners = new Set<string>();
  for (const byOwner of relations.values()) for (const owner of byOwner.keys()) owners.add(owner);
  owners.delete(nobody);
  if (owners.size > 0) return [...owners].sort().reduce((hash, owner) => mix(hash, hashText(owner)), 1);
  return first === null ? 0 : hashText(first.trim().split("\n", 1)[0] ?? "");
}

export function relationOf(belief: Belief, relation: string, owner: string): Values | undefined {
  return belief.relations.get(relation)?.get(owner) ?? belief.facts.relations.get(relation)?.get(owner);
}

/** Undefined where there is no such thing (yet). */
export function ownerOf(belief: Belief, owner: Owner, args: Values): string | undefined {
  if (owner === null) return nobody;
  return owner.of === "argument" ? args[owner.at] : belief.last.get(owner.key);
}

/** An answer tells of a relation: called with what was believed before. */
export type OnSight = (relation: string, owner: string, before: Values | undefined, seen: Values) => void;

export function observe(
  belief: Belief,
  structure: Structure,
  action: ReadAction,
  text: ReadText,
  onSight?: OnSight,
): void {
  belief.steps += 1;
  const { args } = action;
  const key = eventKey(action.template, text.template);
  for (const effect of structure.effects.get(key) ?? []) {
    const item = args[effect.item];
    const owner = effect.owner === null ? nobody : args[effect.owner];
    if (item === undefined || owner === undefined) continue;
    const before = relationOf(belief, effect.relation, owner);
    if (before === undefined && owner !== nobody) continue;
    const without = (before ?? []).filter((one) => one !== item);
    setRelation(belief, effect.relation, owner, effect.enters ? [...without, item] : without);
  }
  note(belief, key, args);
  for (let at = 0; at < text.lists.length; at++) {
    const tells = structure.tells.get(slotKey(action.template, text.template, at));
    const owner = tells === undefined ? undefined : ownerOf(belief, tells.owner, args);
    if (tells === undefined || owner === undefined) continue;
    const seen = text.lists[at] ?? [];
    onSight?.(tells.relation, owner, relationOf(belief, tells.relation, owner), seen);
    setRelation(belief, tells.relation, owner, seen);
    const sights = under(belief.sights, tells.relation);
    sights.delete(owner);
    sights.set(owner, seen);
  }
  nameArguments(belief, action);
}

/** From here on these are what an action of this form last named. */
export function nameArguments(belief: Belief, { template, args }: ReadAction): void {
  for (let at = 0; at < args.length; at++) belief.last.set(lastKey(template, at), args[at] ?? "");
}

export function note(belief: Happenings, key: string, args: Values): void {
  const event = hashText(key);
  for (let at = 0; at < args.length; at++) {
    const thing = args[at] ?? "";
    const others = (belief.happened.get(thing) ?? []).filter((one) => one.event !== event);
    const now = { id: mix(event, at + 1), event, key, at };
    belief.happened.set(thing, [now, ...others.slice(0, happeningsMax - 1)]);
  }
  const { happenedAtAll } = belief;
  const known = happenedAtAll.findIndex((one) => one.event === event);
  if (known >= 0) happenedAtAll.splice(known, 1);
  else if (happenedAtAll.length >= happeningsAtAllMax) happenedAtAll.pop();
  happenedAtAll.unshift({ id: mix(event, 0), event, key, at: -1 });
}

function setRelation(belief: Belief, relation: string, owner: string, values: Values): void {
  under(belief.relations, relation).set(owner, values);
}

function under<T>(map: Map<string, Map<string, T>>, name: string): Map<string, T> {
  const known = map.get(name);
  if (known !== undefined) return known;
  const made = new Map<string, T>();
  map.set(name, made);
  return made;
}
