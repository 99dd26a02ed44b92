/**
 * Worlds that are drawn: boards of cells, walls, who stands where and in front of what. Nothing in a state says which numbers are positions, which
 * words are directions, or whether rows come first: all of it is found.
 */
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { createLiftedLearner } from "../../../src/predictors/lifted-edits/learning/learner.ts";
import { liftedOptions } from "../../../src/predictors/lifted-edits/options.ts";
import { situationOfTransition } from "../../support/transitions.ts";
import { exactness, learnt, type Step, walk } from "./toy.ts";

type Board = { readonly board: readonly (readonly string[])[]; readonly turn: string; readonly said: string };

/** Stones fall upon each other; a column that is full takes none. */
const drop: Step<Board> = ({ board, turn }, random) => {
  const column = random.below(5);
  const row = board.findLastIndex((cells) => cells[column] === "");
  const action = { name: "drop", arguments: { column } };
  if (row < 0) return [action, { board, turn, said: "refused" }];
  const next = board.map((cells, at) => (at === row ? cells.with(column, turn) : cells));
  return [action, { board: next, turn: turn === "red" ? "blue" : "red", said: "dropped" }];
};
const emptyBoard = (): Board => ({ board: Array.from({ length: 3 }, () => Array(5).fill("")), turn: "red", said: "" });

type Cave = { readonly rows: readonly string[]; readonly miner: Miner };
type Miner = { readonly column: number; readonly row: number; readonly faces: string; readonly stones: number };

const ways: { readonly [word: string]: readonly [down: number, across: number] } = {
  north: [-1, 0],
  south: [1, 0],
  west: [0, -1],
  east: [0, 1],
};

function cave(episode: number): Cave {
  const wall = (at: number) => (episode * 7 + at * 5) % 4 === 0;
  const inner = Array.from({ length: 4 }, (_, row) =>
    Array.from({ length: 5 }, (_, column) => (row === 1 && column === 1 ? "." : wall(row * 5 + column) ? "#" : ".")),
  );
  const rows = ["=======", ...inner.map((cells) => `=${cells.join("")}=`), "======="];
  return { rows, miner: { column: 2, row: 2, faces: "south", stones: 0 } };
}

/** The miner turns, and goes where nothing is; what is in front of him he takes away, but for the outer wall. */
const mine: Step<Cave> = ({ rows, miner }, random) => {
  const word = Object.keys(ways)[random.below(4)] ?? "north";
  const isDigging = random.below(4) === 0;
  const [down, across] = ways[isDigging ? miner.faces : word] ?? [0, 0];
  const [row, column] = [miner.row + down, miner.column + across];
  const cell = rows[row]?.[column];
  if (!isDigging) {
    const to = cell === "." ? { row, column } : {};
    return [
      { name: "go", arguments: { to: word } },
      { rows, miner: { ...miner, faces: word, ...to } },
    ];
  }
  if (cell !== "#") return [{ name: "dig" }, { rows, miner }];
  const line = rows[row] ?? "";
  const dug = rows.with(row, `${line.slice(0, column)}.${line.slice(column + 1)}`);
  return [{ name: "dig" }, { rows: dug, miner: { ...miner, stones: miner.stones + 1 } }];
};

type Robot = { readonly id: string; readonly x: number; readonly y: number; readonly holds: string | null };
type Yard = {
  readonly robots: readonly Robot[];
  readonly boxes: readonly { readonly id: string; x: number; y: number }[];
};

const yard = (episode: number): Yard => ({
  robots: ["rob", "ann", "kim"].map((id, at) => ({ id, x: 3 * at + 1, y: (episode + at) % 3, holds: null })),
  boxes: Array.from({ length: 9 }, (_, at) => ({ id: `box-${at}`, x: (at + episode) % 9, y: (at * at + episode) % 4 })),
});

/** Each robot has an argument of its own name. It takes the box on which it stands. */
const drive: Step<Yard> = ({ robots, boxes }, random) => {
  const moves = ["left", "right", "up", "down", "take", "take"];
  const chosen = robots.map(({ id }) => [id, moves[random.below(moves.length)] ?? ""] as const);
  const next = robots.map((robot, at): Robot => {
    const move = chosen[at]?.[1] ?? "";
    const [dx, dy] = move === "left" ? [-1, 0] : move === "right" ? [1, 0] : move === "up" ? [0, -1] : [0, 1];
    if (move === "take") {
      const box = boxes.find(({ x, y }) => x === robot.x && y === robot.y);
      return box === undefined ? robot : { ...robot, holds: box.id };
    }
    const [x, y] = [robot.x + dx, robot.y + dy];
    return x < 0 || y < 0 ? robot : { ...robot, x, y };
  });
  return [
    { name: "tick", arguments: Object.fromEntries(chosen) },
    { robots: next, boxes },
  ];
};

type Seats = { readonly seats: readonly { readonly free: boolean; readonly by: string }[] };
const seats = (): Seats => ({ seats: Array.from({ length: 3 }, () => ({ free: true, by: "" })) });

/** What is asked for each seat stands at its place in a list. */
const sit: Step<Seats> = ({ seats }, random) => {
  const asked = seats.map(() => ["ann", "bob", "nobody"][random.below(3)] ?? "");
  const next = seats.map((seat, at) => (asked[at] === "nobody" ? seat : { free: false, by: asked[at] ?? "" }));
  return [{ name: "seat", arguments: { guests: asked } }, { seats: next }];
};

describe("what is drawn", () => {
  it("a board: the cell that an argument leads to and what is below it, and who has the turn", () => {
    const rules = learnt(walk(emptyBoard, drop, 500)).current();
    expect(exactness(rules, walk(emptyBoard, drop, 240, 7))).toBeGreaterThan(0.95);
  });

  it("a map in texts: walls stop who walks, and what is in front of him is dug away", () => {
    const others = walk(cave, mine, 600, 7);
    const rules = learnt(walk(cave, mine, 2_400)).current();
    expect(exactness(rules, others)).toBeGreaterThan(0.95);
    const dug = others.filter(({ action, state, nextState }) => action === '{"name":"dig"}' && state !== nextState);
    expect(dug.length).toBeGreaterThan(20);
    expect(exactness(rules, dug)).toBeGreaterThan(0.9);
  });

  it("things with positions: each goes by its own argument, and takes what stands where it stands", () => {
    const others = walk(yard, drive, 300, 7);
    const rules = learnt(walk(yard, drive, 1_500)).current();
    expect(exactness(rules, others)).toBeGreaterThan(0.95);
  });

  it("records without names: each is the same one by its place, and so is what a list says of it", () => {
    const rules = learnt(walk(seats, sit, 400)).current();
    expect(exactness(rules, walk(seats, sit, 200, 7))).toBeGreaterThan(0.95);
  });

  it("is known alike by a learner that was restored", () => {
    const [first, others] = [walk(cave, mine, 1_200), walk(cave, mine, 200, 7)];
    const learner = learnt(first);
    const restored = createLiftedLearner(liftedOptions);
    restored.restore(learner.snapshot());
    const said = (one: typeof learner) =>
      others.map(
        (transition): Json => JSON.parse(JSON.stringify(one.current().predict(situationOfTransition(transition)))),
      );
    expect(said(restored)).toEqual(said(learner));
  });
});
