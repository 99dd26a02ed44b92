/**
 * A toy world of pages: houses whose rooms are told in whole pages, with doors that open and things that are carried about. Nothing in it is
 * named by a word and a number, and each house is another.
 */
import type { Transition } from "../../../../src/codec/records.ts";
import type { Random } from "../../../../src/stats/random.ts";
import { strolls } from "./strolls.ts";

const roomNames = ["kitchen", "cellar", "attic", "study", "pantry", "garden"];
const thingNames = ["brass key", "old coin", "apple", "red ball", "iron pot", "silver spoon"];
const doorNames = ["oak door", "iron gate", "glass door", "curtain"];
const moods = ["It smells of tea.", "It is cold here.", "Dust lies everywhere.", "A clock ticks.", "You like it here."];

interface House {
  /** From south to north. */
  readonly rooms: { readonly name: string; readonly mood: string; readonly things: string[] }[];
  /** The door to the north of each room, and whether it is open. */
  readonly doors: { readonly name: string; isOpen: boolean }[];
  readonly held: string[];
  at: number;
  found: number;
}

function shuffled(all: readonly string[], random: Random): string[] {
  const left = [...all];
  return all.map(() => left.splice(random.below(left.length), 1)[0] ?? "");
}

function newHouse(random: Random): House {
  const rooms = shuffled(roomNames, random)
    .slice(0, 3)
    .map((name) => ({ name, mood: moods[random.below(moods.length)] ?? "", things: [] as string[] }));
  for (const thing of shuffled(thingNames, random).slice(0, 4)) rooms[random.below(3)]?.things.push(thing);
  const doors = shuffled(doorNames, random)
    .slice(0, 2)
    .map((name) => ({ name, isOpen: false }));
  return { rooms, doors, held: [], at: 0, found: 0 };
}

const withArticle = (thing: string) => `${/^[aeiou]/.test(thing) ? "an" : "a"} ${thing}`;

function listed(things: readonly string[]): string {
  const named = things.map(withArticle);
  return named.length < 2 ? (named[0] ?? "") : `${named.slice(0, -1).join(", ")} and ${named.at(-1)}`;
}

function wayOf(door: House["doors"][number] | undefined, way: string): string {
  return `The ${door?.name} to the ${way} is ${door?.isOpen === true ? "open" : "shut"}.`;
}

function pageOf({ rooms, doors, at }: House): string {
  const room = rooms[at];
  const ways = [at < 2 ? wayOf(doors[at], "north") : "", at > 0 ? wayOf(doors[at - 1], "south") : ""];
  const things =
    room === undefined || room.things.length === 0 ? "" : `\n\nThere is ${listed(room.things)} on the floor.`;
  return `== ${room?.name} ==\nYou are in the ${room?.name}. ${room?.mood}\n\n${ways.filter((way) => way !== "").join(" ")}${things}`;
}

function act(house: House, random: Random): readonly [action: string, answer: string] {
  const { rooms, doors, held, at } = house;
  const here = rooms[at]?.things ?? [];
  const way = random.next() < 0.5 ? "north" : "south";
  const between = doors[way === "north" ? at : at - 1];
  const to = way === "north" ? at + 1 : at - 1;
  switch (random.below(6)) {
    case 0:
      return ["look", pageOf(house)];
    case 1:
      return ["inventory", held.length === 0 ? "You carry nothing." : `You carry: ${listed(held)}.`];
    case 2: {
      const [thing] = here.splice(random.below(Math.max(1, here.length)), 1);
      if (thing === undefined) return ["look", pageOf(house)];
      held.push(thing);
      house.found += 1;
      return [`take ${thing}`, `You take the ${thing}.\n\n\nYou have found ${house.found} things.`];
    }
    case 3: {
      const [thing] = held.splice(random.below(Math.max(1, held.length)), 1);
      if (thing === undefined) return ["inventory", "You carry nothing."];
      here.push(thing);
      return [`drop ${thing}`, `You drop the ${thing}.`];
    }
    default:
      if (to < 0 || to > 2) return [`go ${way}`, "There is no way."];
      if (between !== undefined && !between.isOpen) {
        between.isOpen = true;
        return [`open ${between.name}`, `You open the ${between.name}.`];
      }
      house.at = to;
      return [`go ${way}`, pageOf(house)];
  }
}

export function visit(houses: number, seed: number, length = 30): Transition[] {
  return strolls({ begin: newHouse, page: pageOf, act }, houses, seed, length);
}
