/**
 * What stands around who has a position, where the state has a grid: the cells beside it, and for each cell its neighbours and how far it is from
 * who has a position. Whether a position tells across or down first is not known: both are told, and rules find which says something.
 */
import type { Json } from "../../../json/json.ts";
import { isArray } from "../../../json/pointer.ts";
import { hashText, mix } from "../../lifted/hash.ts";
import { families } from "../../lifted/tokens.ts";
import type { Entity } from "../state/entity.ts";
import { hashValue } from "../state/flatten.ts";
import { cellOf, type Grid, gridsOf, isRowOfGrid } from "../state/grids.ts";
import type { Path } from "../state/paths.ts";
import type { Position } from "../state/positions.ts";
import type { Step } from "./moves.ts";
import { isUnique, type Role } from "./roles.ts";
import { collectionOf, type Scene } from "./scene.ts";
import { short } from "./value-features.ts";
import type { Writer } from "./writer.ts";

interface Anchor {
  readonly name: string;
  readonly hash: number;
  readonly position: Position;
  readonly heading: Step | null;
  readonly owner: Entity;
}

const anchorsMax = 12;
/** How far a cell is told from who has a position. */
const nearMax = 2;
const here = hashText("cell");
const beyond = hashText("beyond");
const offset = hashText("offset");
const front = hashText("front");
const crosses = [
  [0, 0],
  [-1, 0],
  [1, 0],
  [0, -1],
  [0, 1],
] as const;
const around = [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((across) => [down, across] as const));

/** Of the situation's roles. */
export function writeSurroundings(scene: Scene, out: Writer): void {
  for (const grid of gridsOf(scene.canon)) writeAddressed(scene, grid, out);
  for (const anchor of anchorsOf(scene)) writeAround(scene, anchor, out);
}

/** Of who a row is about. */
export function writeOwnSurroundings(scene: Scene, role: Role, out: Writer): void {
  for (const anchor of anchorsAt(scene, role)) writeAround(scene, anchor, out);
}

function writeAround(scene: Scene, anchor: Anchor, out: Writer): void {
  for (const grid of gridsOf(scene.canon)) writeCross(anchor, grid, out);
  writeOthers(scene, anchor, out);
}

/** Who stands beside it. */
function writeOthers(scene: Scene, { name, hash, position, owner }: Anchor, out: Writer): void {
  for (const step of crosses) {
    for (const other of scene.occupants?.at(position, step) ?? []) {
      if (other === owner) continue;
      const what = scene.typeOf(other) ?? collectionOf(other);
      if (out.put(families.relation, mix(hash, position.hash), mix(mix(step[0], step[1]), hashText(what))))
        out.say(`${step[0]}, ${step[1]} from ${name}'s ${position.name} is a ${what}`);
    }
  }
}

/** Cells that numbers among the arguments lead to: two of them to one, one to the ends of a row and of a column. */
function writeAddressed({ action }: Scene, grid: Grid, out: Writer): void {
  const { rows, hash } = grid;
  const numbers = action.slots.filter(({ value }) => typeof value === "number").slice(0, numbersMax);
  const write = (where: number, cell: Json | undefined, what: () => string) => {
    if (out.put(families.relation, mix(hash, where), hashOf(cell))) out.say(`${what()} is ${wordsOf(cell)}`);
  };
  for (const a of numbers) {
    const at = Number(a.value);
    const ends = [cellOf(grid, 0, at), cellOf(grid, rows.length - 1, at), cellOf(grid, at, 0), endOf(rows[at])];
    for (const [end, cell] of ends.entries())
      write(mix(a.hash, end), cell, () => `the ${endWords[end]} ${a.name} of ${grid.name}`);
    for (const b of numbers)
      if (a !== b)
        write(
          mix(a.hash, b.hash),
          cellOf(grid, at, Number(b.value)),
          () => `cell ${a.name}, ${b.name} of ${grid.name}`,
        );
  }
}

const endWords = ["first of column", "last of column", "first of row", "last of row"];
const numbersMax = 4;

function endOf(row: Json | undefined): Json | undefined {
  return typeof row === "string" || isArray(row) ? row[row.length - 1] : undefined;
}

const known = new WeakMap<Scene, readonly Anchor[]>();

function anchorsOf(scene: Scene): readonly Anchor[] {
  const made = known.get(scene);
  if (made !== undefined) return made;
  const found = scene.roles
    .filter((role) => role.name === "G" || !role.far || isUnique(role))
    .flatMap((role) => anchorsAt(scene, role))
    .slice(0, anchorsMax);
  known.set(scene, found);
  return found;
}

function anchorsAt({ occupants }: Scene, { name, hash, entity }: Role): readonly Anchor[] {
  if (occupants === null) return [];
  return occupants.places(entity).map((position) => {
    return { name, hash, position, heading: occupants.heading(entity, position), owner: entity };
  });
}

function writeCross({ name, hash, position, heading }: Anchor, grid: Grid, out: Writer): void {
  for (const isTurned of [false, true]) {
    const [row, column] = downAcross([position.a, position.b], isTurned);
    const where = mix(mix(hash, position.hash), mix(grid.hash, isTurned ? 1 : 0));
    for (const [down, across] of crosses) {
      const cell = cellOf(grid, row + down, column + across);
      if (out.put(families.relation, mix(where, here), mix(mix(down, across), hashOf(cell))))
        out.say(`${placeWords(name, position, isTurned, down, across)} of ${grid.name} is ${wordsOf(cell)}`);
    }
    if (heading === null) continue;
    const [down, across] = downAcross(heading, isTurned);
    const cell = cellOf(grid, row + down, column + across);
    if (out.put(families.relation, mix(where, front), hashOf(cell)))
      out.say(`in front of ${name}'s ${position.name} in ${grid.name} is ${wordsOf(cell)}`);
  }
}

/** Told across first, or turned: down first. */
function downAcross([a, b]: Step, isTurned: boolean): Step {
  return isTurned ? [a, b] : [b, a];
}

/** Of a cell of a grid. */
export function writeCell(scene: Scene, entity: Entity, { segment }: Path, out: Writer): void {
  if (segment === null || !isRowOfGrid(entity)) return;
  const [row, column] = [entity.position, Number(segment)];
  const grid = gridsOf(scene.canon).find(({ rows }) => rows[row] === entity.value);
  if (grid === undefined) return;
  for (const [down, across] of around) {
    if (down === 0 && across === 0) continue;
    const cell = cellOf(grid, row + down, column + across);
    if (out.put(families.self, mix(here, mix(down, across)), hashOf(cell)))
      out.say(`the cell ${down} down, ${across} across from it is ${wordsOf(cell)}`);
  }
  for (const { name, hash, position, heading } of anchorsOf(scene)) {
    for (const isTurned of [false, true]) {
      const [ownRow, ownColumn] = downAcross([position.a, position.b], isTurned);
      const [down, across] = [row - ownRow, column - ownColumn];
      if (Math.abs(down) > nearMax || Math.abs(across) > nearMax) continue;
      const where = mix(mix(hash, position.hash), isTurned ? 1 : 0);
      if (out.put(families.relation, mix(where, offset), mix(down, across)))
        out.say(`it is ${placeWords(name, position, isTurned, down, across)}`);
      const [ahead, aside] = heading === null ? [] : downAcross(heading, isTurned);
      if (down === ahead && across === aside && out.put(families.relation, where, front))
        out.say(`it is in front of ${name}'s ${position.name}`);
    }
  }
  for (const { name, hash, value } of scene.action.slots) {
    if (typeof value !== "number") continue;
    writeDistance(row - value, "row", name, hash, out);
    writeDistance(column - value, "column", name, hash, out);
  }
}

/** Counted from zero or from one. */
function writeDistance(by: number, which: string, name: string, hash: number, out: Writer): void {
  if (Math.abs(by) <= 1 && out.put(families.relation, mix(hash, hashText(which)), mix(offset, by)))
    out.say(`its ${which} is argument ${name}${by === 0 ? "" : ` and ${by}`}`);
}

function hashOf(cell: Json | undefined): number {
  return cell === undefined ? beyond : hashValue(cell);
}

function wordsOf(cell: Json | undefined): string {
  return cell === undefined ? "beyond the edge" : short(cell);
}

function placeWords(name: string, { name: pair }: Position, isTurned: boolean, down: number, across: number): string {
  return `${down} down, ${across} across from ${name}'s ${pair}${isTurned ? " (down first)" : ""}`;
}
