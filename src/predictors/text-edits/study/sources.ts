/**
 * Where the lists of each answer come from. One that always shows an argument is that argument; one that agrees with a relation of the context
 * shows that relation and tells of it; any other shows a relation of its own that only answers tell of (latent), under the owner whose
 * consecutive sights agree most.
 */
import { type Belief, beginBelief, nameArguments, relationOf } from "../belief.ts";
import { nobody } from "../context.ts";
import { type ReadAction, shownTemplate, type Values } from "../reading.ts";
import { sameList } from "../remembered.ts";
import { listKey, type Owner, ownerText, type Source, slotKey, type Tells } from "../structure.ts";
import { likeness, type StudiedEpisode, type Walk } from "./episode.ts";

/** A list that is an argument nearly always is nothing else. */
const argumentShare = 0.995;
const relationLikeness = 0.6;
/** Sights under an owner must agree so much more than sights under none, of which each owner is given so many: few sights prove little. */
const ownerGain = 0.05;
const sightsGiven = 3;
const lastMax = 32;

interface Candidate {
  readonly owner: Owner;
  /** Null: the owner itself. */
  readonly relation: string | null;
  tries: number;
  exact: number;
  likeness: number;
}

interface Slot {
  readonly template: string;
  readonly at: number;
  seen: number;
  readonly candidates: Map<string, Candidate>;
  /** Agreement of consecutive sights, by owner. */
  readonly sights: Map<string, { readonly owner: Owner; tries: number; likeness: number }>;
}

export interface Sources {
  readonly sources: Map<string, readonly Source[]>;
  readonly tells: Map<string, Tells>;
}

export function* sourcesOf(episodes: readonly StudiedEpisode[]): Walk<Sources> {
  const slots = new Map<string, Slot>();
  for (const { facts, first, steps } of episodes) {
    const belief = beginBelief(facts, first);
    const before = new Map<string, Values>();
    for (const { action, text } of steps) {
      for (const [at, values] of text.lists.entries()) {
        const key = slotKey(action.template, text.template, at);
        const slot = slots.get(key) ?? newSlot(text.template, at);
        slots.set(key, slot);
        count(slot, values, belief, action, before);
      }
      nameArguments(belief, action);
    }
    yield steps.length;
  }
  const found: Sources = { sources: new Map(), tells: new Map() };
  for (const [key, slot] of slots) decide(key, slot, found);
  return found;
}

function newSlot(template: string, at: number): Slot {
  return { template, at, seen: 0, candidates: new Map(), sights: new Map() };
}

function ownersOf(belief: Belief, args: Values): readonly (readonly [Owner, string])[] {
  const owners: (readonly [Owner, string])[] = args.map((arg, at) => [{ of: "argument", at }, arg]);
  for (const [key, thing] of belief.last) {
    if (owners.length >= args.length + lastMax) break;
    owners.push([{ of: "last", key }, thing]);
  }
  return owners;
}

function count(slot: Slot, values: Values, belief: Belief, { args }: ReadAction, before: Map<string, Values>): void {
  slot.seen += 1;
  for (const [owner, thing] of [...ownersOf(belief, args), [null, nobody] as const]) {
    const text = ownerText(owner);
    if (owner !== null) {
      const itself = candidate(slot, text, owner, null);
      itself.tries += 1;
      itself.exact += Number(sameList(values, [thing]));
    }
    for (const relation of belief.facts.relations.keys()) {
      const known = relationOf(belief, relation, thing);
      if (known === undefined) continue;
      const its = candidate(slot, `${relation}\u0003${text}`, owner, relation);
      its.tries += 1;
      its.likeness += likeness(known, values);
    }
    const place = `${listKey(slot.template, slot.at)}\u0003${text}\u0003${thing}`;
    const earlier = before.get(place);
    if (earlier !== undefined) {
      const sight = slot.sights.get(text) ?? { owner, tries: 0, likeness: 0 };
      slot.sights.set(text, sight);
      sight.tries += 1;
      sight.likeness += likeness(earlier, values);
    }
    before.set(place, values);
  }
}

function candidate({ candidates }: Slot, key: string, owner: Owner, relation: string | null): Candidate {
  const known = candidates.get(key);
  if (known !== undefined) return known;
  const made = { owner, relation, tries: 0, exact: 0, likeness: 0 };
  candidates.set(key, made);
  return made;
}

function decide(key: string, slot: Slot, { sources, tells }: Sources): void {
  const all = [...slot.candidates.values()];
  const itself = best(
    all.filter(({ relation, tries }) => relation === null && tries >= 0.5 * slot.seen),
    ({ exact, tries }) => exact / tries,
    1_000,
  );
  const constant: Source = { from: "constant" };
  const isItself: readonly Source[] = itself === null ? [] : [{ from: "owner", owner: itself.one.owner }];
  if (itself !== null && itself.share >= argumentShare) {
    sources.set(key, [...isItself, constant]);
    return;
  }
  const known = best(
    all.filter(({ relation, tries }) => relation !== null && tries >= 0.3 * slot.seen),
    (one) => one.likeness / one.tries,
    100,
  );
  if (known !== null && known.share >= relationLikeness && known.one.relation !== null) {
    const told: Tells = { relation: known.one.relation, owner: known.one.owner };
    tells.set(key, told);
    sources.set(key, [{ from: "relation", ...told }, ...isItself, constant]);
    return;
  }
  const told: Tells = { relation: latentName(slot), owner: latentOwner(slot) };
  tells.set(key, told);
  const latent = (["relation", "place", "fellow", "habit"] as const).map((from): Source => ({ from, ...told }));
  sources.set(key, [...latent, ...isItself, constant]);
}

/** The greatest share, rounded; of equal ones arguments before others. */
function best(
  candidates: readonly Candidate[],
  shareOf: (one: Candidate) => number,
  steps: number,
): { readonly one: Candidate; readonly share: number } | null {
  let found: { readonly one: Candidate; readonly share: number; readonly rank: number } | null = null;
  for (const one of candidates) {
    const share = shareOf(one);
    const rank = 2 * Math.round(share * steps) + Number(one.owner?.of === "argument");
    if (found === null || rank > found.rank) found = { one, share, rank };
  }
  return found;
}

function latentOwner({ sights }: Slot): Owner {
  const without = sights.get("");
  const base = without === undefined ? 1 : without.likeness / without.tries;
  let [owner, least]: [Owner, number] = [null, base + ownerGain];
  for (const one of sights.values()) {
    if (one.owner === null) continue;
    const share = (one.likeness + sightsGiven * base) / (one.tries + sightsGiven);
    if (share > least + (one.owner.of === "argument" ? 0 : 0.01)) [owner, least] = [one.owner, share];
  }
  return owner;
}

const nameCharsMax = 120;

/** Latent relations are named by the text that shows them. */
function latentName({ template, at }: Slot): string {
  return `list ${at + 1} of "${shownTemplate(template).slice(0, nameCharsMax)}"`;
}
