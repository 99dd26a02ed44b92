/**
 * What is known of how things move: which pairs of numbers are positions (they change by one, one of them at a time), and where words point: an
 * attribute ("facing": "left") that goes with steps in one direction each time. So it is known what is in front, also where nothing moves.
 */
import type { Canon } from "../state/canon.ts";
import type { Entity } from "../state/entity.ts";
import { type Position, positionsOf } from "../state/positions.ts";

/** By how much both numbers of a position change. */
export type Step = readonly [a: number, b: number];

export interface Moves {
  /** By which fields tell a position: steps of one in the first, in the second, and other changes. */
  readonly strides: ReadonlyMap<string, readonly number[]>;
  /** By attribute and word: steps that went with it, by direction. */
  readonly headings: ReadonlyMap<string, readonly number[]>;
}

/** As they are learnt. */
export interface MovesDraft extends Moves {
  readonly strides: Map<string, readonly number[]>;
  readonly headings: Map<string, readonly number[]>;
}

const steps: readonly Step[] = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
];
const stridesMax = 64;
const headingsMax = 256;
const wordCharsMax = 24;
const stridesMin = 4;
const seenMin = 3;
/** Who is carried elsewhere now and then has a position all the same. */
const shareMin = 0.9;

/** Learns from a step. What a thing says of itself afterwards goes with how it moved. True where another pair is held to be a position now. */
export function learnMoves({ strides, headings }: MovesDraft, before: Canon, after: Canon): boolean {
  let isOther = false;
  for (const entity of before.entities) {
    const old = positionsOf(entity);
    const then = old.length === 0 ? undefined : after.like(entity);
    if (then === undefined || then.flat === entity.flat) continue;
    for (const now of positionsOf(then)) {
      const was = old.find(({ name }) => name === now.name);
      if (was === undefined || (was.a === now.a && was.b === now.b)) continue;
      const at = steps.findIndex(([a, b]) => now.a === was.a + a && now.b === was.b + b);
      const held = isPosition(strides.get(now.kind));
      noteStride(strides, now.kind, at);
      isOther ||= held !== isPosition(strides.get(now.kind));
      if (at >= 0) for (const key of wordsBeside(then, now)) noteHeading(headings, key, at);
    }
  }
  return isOther;
}

function noteStride(strides: MovesDraft["strides"], kind: string, at: number): void {
  const [a = 0, b = 0, other = 0] = strides.get(kind) ?? [];
  if (!strides.has(kind) && strides.size >= stridesMax) return;
  strides.set(kind, [a + Number(at === 0 || at === 1), b + Number(at >= 2), other + Number(at < 0)]);
}

function noteHeading(headings: MovesDraft["headings"], key: string, at: number): void {
  const tally = headings.get(key) ?? steps.map(() => 0);
  if (!headings.has(key) && headings.size >= headingsMax) return;
  headings.set(
    key,
    tally.map((count, index) => count + Number(index === at)),
  );
}

function isPosition([a = 0, b = 0, other = 0]: readonly number[] = []): boolean {
  return a > 0 && b > 0 && a + b >= stridesMin && a + b >= shareMin * (a + b + other);
}

/** Whether anything is known to be a position. */
export function arePlaced({ strides }: Moves): boolean {
  for (const counts of strides.values()) if (isPosition(counts)) return true;
  return false;
}

/** Where a thing stands, as far as it is known to be told. */
export function placesOf({ strides }: Moves, entity: Entity): readonly Position[] {
  return positionsOf(entity).filter(({ kind }) => isPosition(strides.get(kind)));
}

/** Where it points; null where nothing says so. */
export function headingOf({ headings }: Moves, entity: Entity, position: Position): Step | null {
  for (const key of headings.size === 0 ? [] : wordsBeside(entity, position)) {
    const tally = headings.get(key) ?? [];
    const most = Math.max(0, ...tally);
    const all = tally.reduce((sum, count) => sum + count, 0);
    if (most >= seenMin && most >= shareMin * all) return steps[tally.indexOf(most)] ?? null;
  }
  return null;
}

/** Texts of the record that the position is of, or is in. */
function* wordsBeside({ collection, flat }: Entity, { parent }: Position): Generator<string> {
  for (let at = 0; at < flat.paths.length; at++) {
    const [path, value] = [flat.paths[at], flat.values[at]];
    if (path === undefined || typeof value !== "string" || value.length > wordCharsMax) continue;
    const beside = path.pointer.slice(0, -1);
    const isBeside = beside.length <= parent.length && beside.length >= parent.length - 1;
    if (isBeside && beside.every((segment, index) => segment === parent[index]))
      yield `${collection?.path ?? ""} ${path.text} ${value}`;
  }
}
