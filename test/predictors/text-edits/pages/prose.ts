/**
 * A toy world of pages in prose: what a room holds is told in one line behind its title, by sentences that begin with three phrases in turn. Things
 * lie about, stand on tables that say so, and are asked for by short names that may mean another.
 */
import type { Transition } from "../../../../src/codec/records.ts";
import type { Random } from "../../../../src/stats/random.ts";
import { strolls } from "./strolls.ts";

export const phrases = ["Near the wall stands", "Here is", "Further on you notice"];
const rooms = ["hall", "loft", "barn", "shed", "dairy", "forge"];
const tables =
  "oak table,low bench,shelf,iron rack,stone slab,crate,high stool,old trunk,barrel,round tray,desk,sill".split(",");
const names = ["cup", "bell", "saw", "lamp", "kite", "drum", "rope", "vase", "hat", "fork", "harp", "clock"];

interface Room {
  readonly name: string;
  readonly tables: { readonly name: string; readonly on: string[] }[];
  readonly things: string[];
}

interface House {
  readonly rooms: readonly Room[];
  readonly held: string[];
  at: number;
}

function drawn(all: readonly string[], count: number, random: Random): string[] {
  const left = [...all];
  return Array.from({ length: count }, () => left.splice(random.below(left.length), 1)[0] ?? "");
}

const withArticle = (thing: string) => `${/^[aeiou]/.test(thing) ? "an" : "a"} ${thing}`;

function listed(things: readonly string[]): string {
  const named = things.map(withArticle);
  return named.length < 2 ? (named[0] ?? "") : `${named.slice(0, -1).join(", ")} and ${named.at(-1)}`;
}

function newHouse(random: Random): House {
  const made = drawn(rooms, 3, random).map(
    (name): Room => ({ name, tables: drawn(tables, 2, random).map((table) => ({ name: table, on: [] })), things: [] }),
  );
  for (const thing of drawn(names, 6, random)) made[random.below(3)]?.things.push(thing);
  return { rooms: made, held: [], at: 0 };
}

function pageOf({ rooms, at }: House): string {
  const room = rooms[at];
  const shown = [
    ...(room?.tables ?? []).map(({ name, on }) =>
      on.length === 0 ? `${withArticle(name)}, which is bare` : `${withArticle(name)} that has ${listed(on)} on it`,
    ),
    ...(room?.things ?? []).map(withArticle),
  ];
  const said = shown.map((one, place) => `${phrases[place % phrases.length]} ${one}.`);
  const ways = [at > 0 ? "A path leads south." : "", at < 2 ? "A path leads north." : ""];
  return `You stand in the ${room?.name}. ${said.join(" ")} \n${ways.filter((way) => way !== "").join(" ")}`;
}

function act(house: House, random: Random): readonly [action: string, answer: string] {
  const { rooms, held, at } = house;
  const room = rooms[at];
  const table = room?.tables[random.below(2)];
  switch (random.below(6)) {
    case 0: {
      const [thing] = room?.things.splice(random.below(Math.max(1, room.things.length)), 1) ?? [];
      if (thing === undefined) return ["look", pageOf(house)];
      held.push(thing);
      return [`take ${thing}`, `You take the ${thing}.`];
    }
    case 1: {
      const [thing] = table?.on.splice(0, 1) ?? [];
      if (thing === undefined) return ["look", pageOf(house)];
      held.push(thing);
      return [`take ${thing}`, `You take the ${thing}.`];
    }
    case 2: {
      const [thing] = held.splice(0, 1);
      if (thing === undefined || table === undefined) return ["look", pageOf(house)];
      table.on.push(thing);
      return [`put ${thing} on ${table.name}`, `You put the ${thing} on the ${table.name}.`];
    }
    case 3: {
      const to = at + (random.next() < 0.5 ? 1 : -1);
      if (to < 0 || to > 2) return [`go ${to < 0 ? "south" : "north"}`, "There is no path."];
      house.at = to;
      return [`go ${to > at ? "north" : "south"}`, pageOf(house)];
    }
    default:
      return ["look", pageOf(house)];
  }
}

export function stroll(houses: number, seed: number, length = 40): Transition[] {
  return strolls({ begin: newHouse, page: pageOf, act }, houses, seed, length);
}
