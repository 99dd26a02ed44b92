/**
 * Toy worlds whose answers are renderings of the state. A street: what stands ahead is told by how far it is, what is passed is told no more. A board: a
 * piece is pushed from square to square, and takes what lies there. A store: amounts are bought, used up and counted.
 */
import type { Transition } from "../../../../src/codec/records.ts";
import type { Random } from "../../../../src/stats/random.ts";
import { strolls } from "./strolls.ts";

const names = ["gate", "lamp post", "well", "elm", "milestone", "cart", "old pump", "stile"];

interface Street {
  at: number;
  coins: number;
  readonly end: number;
  readonly things: readonly { readonly name: string; readonly at: number }[];
}

function streetText({ at, coins, end, things }: Street): string {
  const ahead = things.filter((one) => one.at >= at).map((one) => `A ${one.name} stands ${one.at - at} paces ahead.`);
  const seen = ahead.length === 0 ? ["Nothing stands ahead."] : ahead;
  return [...seen, `The street ends ${end - at} paces from here.`, `You have ${coins} coins.`].join(" ");
}

function walkOn(street: Street, random: Random): readonly [action: string, answer: string] {
  const draw = random.below(6);
  if (draw === 0) return ["stand still", streetText(street)];
  if (draw === 1) {
    const paid = 1 + random.below(4);
    if (paid > street.coins) return [`pay ${paid}`, "You have too little."];
    street.coins -= paid;
    return [`pay ${paid}`, streetText(street)];
  }
  if (street.at < street.end) street.at += 1;
  return ["step forward", streetText(street)];
}

export function streets(count: number, seed: number, length = 20): Transition[] {
  const begin = (random: Random): Street => ({
    at: 0,
    coins: 10 + random.below(30),
    end: 12 + random.below(20),
    things: names
      .filter(() => random.next() < 0.4)
      .map((name) => ({ name, at: 1 + random.below(10) }))
      .sort((a, b) => a.at - b.at),
  });
  return strolls({ begin, page: streetText, act: walkOn }, count, seed, length);
}

const size = 4;
const sides = ["north", "south", "west", "east"] as const;

interface Board {
  row: number;
  column: number;
  readonly stones: Set<number>;
}

export function boardText({ row, column, stones }: Board): string {
  const rows = Array.from({ length: size }, (_, r) => {
    const squares = Array.from({ length: size }, (_, c) => {
      if (r === row && c === column) return " X ";
      return stones.has(r * size + c) ? " o " : "   ";
    });
    return `|${squares.join("|")}|`;
  });
  return `The board:\n${rows.join("\n")}\nPush on.`;
}

function push(board: Board, random: Random): readonly [action: string, answer: string] {
  const side = sides[random.below(4)] ?? "north";
  const row = board.row + (side === "south" ? 1 : side === "north" ? -1 : 0);
  const column = board.column + (side === "east" ? 1 : side === "west" ? -1 : 0);
  if (row >= 0 && row < size && column >= 0 && column < size) Object.assign(board, { row, column });
  board.stones.delete(board.row * size + board.column);
  return [`push ${side}`, boardText(board)];
}

export function boards(count: number, seed: number, length = 16): Transition[] {
  const begin = (random: Random): Board => ({
    row: random.below(size),
    column: random.below(size),
    stones: new Set(Array.from({ length: 3 }, () => random.below(size * size))),
  });
  return strolls({ begin, page: boardText, act: push }, count, seed, length);
}

const goods = ["nails", "oak planks", "rope", "red paint", "glue", "wire", "felt", "brass hinges", "putty", "twine"];

interface Shed {
  readonly kept: Map<string, number>;
}

function counted({ kept }: Shed): string {
  if (kept.size === 0) return "Shed: empty shelves.";
  return `Shed: ${[...kept].map(([name, amount]) => `<${name}> x ${amount}`).join(" ")};`;
}

function trade(shed: Shed, random: Random): readonly [action: string, answer: string] {
  const draw = random.below(4);
  if (draw === 0) return ["count", counted(shed)];
  const name = goods[random.below(goods.length)] ?? "";
  const amount = 1 + random.below(9);
  const has = shed.kept.get(name) ?? 0;
  if (draw < 3) {
    shed.kept.set(name, has + amount);
    return [`fetch ${amount} ${name}`, `Fetched ${amount} of ${name.replaceAll(" ", "_")}.`];
  }
  if (has < amount) return [`use ${amount} ${name}`, `Not enough of ${name.replaceAll(" ", "_")}.`];
  if (has === amount) shed.kept.delete(name);
  else shed.kept.set(name, has - amount);
  return [`use ${amount} ${name}`, `Used ${amount} of ${name.replaceAll(" ", "_")}.`];
}

export function sheds(count: number, seed: number, length = 30): Transition[] {
  return strolls(
    { begin: (): Shed => ({ kept: new Map() }), page: () => "You stand in a shed.", act: trade },
    count,
    seed,
    length,
  );
}
