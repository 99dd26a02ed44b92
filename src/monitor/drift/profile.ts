/** What many passages were like together: errors per (agent, action), per place, per episode mean. Adds up; one of a baseline, one of what came since. */
import type { Passage } from "./passage.ts";

export const actionsMax = 512;
export const agentsMax = 64;
export const placesMax = 512;

/** Steps, wrong ones, and the sum of the errors that the predictor expected. */
export type Cell = [steps: number, wrong: number, expected: number];

export interface Profile {
  passages: number;
  /** Of passage means: their sum and the sum of their squares. */
  sum: number;
  squares: number;
  steps: number;
  wrong: number;
  oddSteps: number;
  oddWrong: number;
  /** By `cellKey`. */
  readonly cells: Map<number, Cell>;
  readonly fields: Map<number, number>;
  since: number;
  until: number;
}

export interface PlainProfile extends Omit<Profile, "cells" | "fields"> {
  readonly cells: readonly (readonly [number, Cell])[];
  readonly fields: readonly (readonly [number, number])[];
}

export function cellKey(agent: number, action: number): number {
  return agent * (actionsMax + 1) + action;
}
export function agentOf(key: number): number {
  return Math.floor(key / (actionsMax + 1));
}
export function actionOf(key: number): number {
  return key % (actionsMax + 1);
}

export function emptyProfile(): Profile {
  return {
    passages: 0,
    sum: 0,
    squares: 0,
    steps: 0,
    wrong: 0,
    oddSteps: 0,
    oddWrong: 0,
    cells: new Map(),
    fields: new Map(),
    since: 0,
    until: 0,
  };
}

export function addPassage(profile: Profile, passage: Passage): void {
  const mean = passage.steps === 0 ? 0 : passage.wrong / passage.steps;
  if (profile.passages === 0) profile.since = passage.time;
  profile.passages += 1;
  profile.sum += mean;
  profile.squares += mean * mean;
  profile.steps += passage.steps;
  profile.wrong += passage.wrong;
  profile.oddSteps += passage.oddSteps;
  profile.oddWrong += passage.oddWrong;
  profile.until = passage.time;
  const { cells, fields } = passage;
  for (let at = 0; at < cells.length; at += 4) {
    const [action = 0, steps = 0, wrong = 0, expected = 0] = cells.slice(at, at + 4);
    addCell(profile.cells, cellKey(passage.agent, action), [steps, wrong, expected]);
  }
  for (let at = 0; at < fields.length; at += 2) addField(profile.fields, fields[at] ?? 0, fields[at + 1] ?? 0);
}

export function profileOf(passages: readonly Passage[]): Profile {
  const profile = emptyProfile();
  for (const passage of passages) addPassage(profile, passage);
  return profile;
}

/** Oldest first. */
export function mergedProfiles(profiles: readonly Profile[]): Profile {
  const all = emptyProfile();
  for (const one of profiles) {
    if (one.passages === 0) continue;
    if (all.passages === 0) all.since = one.since;
    all.until = one.until;
    all.passages += one.passages;
    all.sum += one.sum;
    all.squares += one.squares;
    all.steps += one.steps;
    all.wrong += one.wrong;
    all.oddSteps += one.oddSteps;
    all.oddWrong += one.oddWrong;
    for (const [key, cell] of one.cells) addCell(all.cells, key, cell);
    for (const [key, count] of one.fields) addField(all.fields, key, count);
  }
  return all;
}

/** Mean of the passage means, and its standard error: passages are independent, their steps are not. */
export function errorOf({ passages, sum, squares }: Pick<Profile, "passages" | "sum" | "squares">): {
  readonly mean: number;
  readonly standardError: number;
} {
  if (passages === 0) return { mean: 0, standardError: 0 };
  const mean = sum / passages;
  const variance = Math.max(0, squares / passages - mean * mean);
  return { mean, standardError: Math.sqrt(variance / passages) };
}

export function plainProfile(profile: Profile): PlainProfile {
  return { ...profile, cells: [...profile.cells], fields: [...profile.fields] };
}
export function profileFrom(plain: PlainProfile): Profile {
  return {
    ...plain,
    cells: new Map(plain.cells.map(([key, cell]) => [key, [...cell]])),
    fields: new Map(plain.fields),
  };
}

function addCell(cells: Map<number, Cell>, key: number, [steps, wrong, expected]: Cell): void {
  const known = cells.get(key);
  if (known === undefined) {
    cells.set(key, [steps, wrong, expected]);
    return;
  }
  known[0] += steps;
  known[1] += wrong;
  known[2] += expected;
}

function addField(fields: Map<number, number>, key: number, count: number): void {
  fields.set(key, (fields.get(key) ?? 0) + count);
}
