/**
 * What a call returns is a question answered from the state and the arguments: which of many meet a condition, how many, told by which of their
 * fields; what an argument names; a text made of names. Each kind is learnt from a few hundred steps in a toy library and foretold in another.
 */
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { createLiftedLearner } from "../../../src/predictors/lifted-edits/learning/learner.ts";
import { liftedOptions } from "../../../src/predictors/lifted-edits/options.ts";
import { publish } from "../publish.ts";
import { exactness, learnt, type Step, walk } from "./toy.ts";

type Book = { readonly title: string; readonly author: string; readonly shelf: string; readonly lent: boolean };
type Library = {
  readonly books: { readonly [id: string]: Book };
  readonly readers: { readonly [name: string]: string };
  readonly notes: { readonly [id: string]: readonly Json[] };
  readonly count: number;
  readonly shown: readonly string[];
  readonly queue: readonly { readonly [name: string]: string }[];
  readonly log: string;
  readonly due: string;
  readonly rooms: Rooms;
  readonly here: string;
  readonly result: Json;
};
type Rooms = { readonly [name: string]: { readonly kind: string; readonly inside: Rooms } };

const words = ["river", "stone", "night", "garden", "winter", "letter", "island", "glass", "shadow", "field"];
const authors = ["Ada", "Bo", "Cem", "Dia"];
const shelves = ["north", "south", "east"];
const word = (n: number): string => words[n % words.length] ?? "";

function library(episode: number): Library {
  const ids = Array.from({ length: 6 + (episode % 4) }, (_, at) => `b${100 + episode * 7 + at}`);
  return {
    books: Object.fromEntries(
      ids.map((id, at) => [
        id,
        {
          title: `The ${word(episode * 3 + at)} ${word(episode + at * 7)}`,
          author: authors[(episode + at * at) % 4] ?? "",
          shelf: shelves[(episode * 2 + at) % 3] ?? "",
          lent: (episode + at) % 3 === 0,
        },
      ]),
    ),
    readers: Object.fromEntries([0, 1, 2].map((at) => [`reader${episode * 5 + at}`, `R00${at + 1}`])),
    notes: {},
    count: 3,
    shown: [],
    queue: [],
    log: "",
    due: "",
    rooms: rooms(episode),
    here: `/hall${episode}/room${episode + 1}`,
    result: null,
  };
}

/** Two halls with two rooms each, which have the same names. */
function rooms(episode: number): Rooms {
  const room = (at: number) => ({ kind: "room", inside: {} as Rooms, size: at });
  const inside = () => ({ [`room${episode}`]: room(1), [`room${episode + 1}`]: room(2) });
  return {
    [`hall${episode}`]: { kind: "hall", inside: inside() },
    [`hall${episode + 1}`]: { kind: "hall", inside: inside() },
  };
}

type Random = { below(n: number): number };
const pick = <T>(random: Random, list: readonly T[]): T => list[random.below(list.length)] as T;
const call = (name: string, args: Record<string, Json>): Json => ({ name, arguments: args });
const booksOf = ({ books }: Library): readonly (readonly [string, Book])[] => Object.entries(books);

const two = (n: number): string => String(n).padStart(2, "0");

const kinds: { readonly [name: string]: Step<Library> } = {
  "lists of those whose field is an argument": (state, random) => {
    const shelf = pick(random, [...shelves, "attic"]);
    const found = booksOf(state).filter(([, book]) => book.shelf === shelf);
    return [call("on_shelf", { shelf }), { ...state, result: { titles: found.map(([, { title }]) => title) } }];
  },
  "lists of records of those whose text has a word, cases aside": (state, random) => {
    const query = pick(random, [...words, "RIVER", "xyz"]);
    const found = booksOf(state).filter(([, { title }]) => title.toLowerCase().includes(query.toLowerCase()));
    const result = found.map(([id, { title, author }]) => ({ id, name: title, by: author }));
    return [call("search", { query }), { ...state, result }];
  },
  "maps of what an argument lists": (state, random) => {
    const ids = booksOf(state)
      .map(([id]) => id)
      .filter(() => random.below(3) === 0);
    const found = booksOf(state).filter(([id]) => ids.includes(id));
    return [
      call("shelves_of", { ids: [...ids, "b0"] }),
      { ...state, result: Object.fromEntries(found.map(([, { title, shelf }]) => [title, `Shelf: ${shelf}`])) },
    ];
  },
  "how many there are": (state, random) => {
    const author = pick(random, authors);
    const count = booksOf(state).filter(([, book]) => book.author === author).length;
    return [call("count_of", { author }), { ...state, result: { books: count, of: author } }];
  },
  "what an argument names in a map, or an error": (state, random) => {
    const name = random.below(3) === 0 ? `nobody${random.below(900)}` : pick(random, Object.keys(state.readers));
    const id = state.readers[name];
    return [
      call("reader_id", { name }),
      { ...state, result: id === undefined ? { error: `Reader '${name}' not found.` } : { id } },
    ];
  },
  "texts of names, with what is between them": (state, random) => {
    const shelf = pick(random, shelves);
    const names = booksOf(state).flatMap(([, book]) => (book.shelf === shelf ? [book.title] : []));
    return [call("tell", { shelf }), { ...state, result: `On ${shelf}: ${names.join(", ")}.` }];
  },
  "entries whose keys were never seen, with numbers that are counted": (state, random) => {
    const name = `reader${1_000 + random.below(9_000)}`;
    const id = `R${String(state.count + 1).padStart(3, "0")}`;
    const readers = { ...state.readers, [name]: id };
    return [call("join", { name }), { ...state, readers, count: state.count + 1, result: { added: true, id } }];
  },
  "an error where nothing is found, a list where something is": (state, random) => {
    const query = `${pick(random, words)} ${random.below(2) === 0 ? "" : pick(random, words)}`.trim();
    const found = booksOf(state).flatMap(([, { title }]) => (title.includes(query) ? [title] : []));
    const result = found.length === 0 ? { error: `No book is called '${query}'.` } : { titles: found };
    return [call("find", { query }), { ...state, result }];
  },
  "the last of a list, as many as an argument says": (state, random) => {
    const text = `${word(random.below(10))} ${random.below(900)}`;
    if (random.below(2) === 0)
      return [call("show", { text }), { ...state, shown: [...state.shown, text], result: "ok" }];
    const count = 1 + random.below(3);
    return [call("last", { count }), { ...state, result: state.shown.slice(-count) }];
  },
  "lists by what they have in common, and how many kinds there are": (state, random) =>
    random.below(2) === 0
      ? [call("kinds", {}), { ...state, result: { authors: new Set(booksOf(state).map(([, b]) => b.author)).size } }]
      : [
          call("by_author", {}),
          {
            ...state,
            result: Object.fromEntries(
              authors.flatMap((author) => {
                const own = booksOf(state).flatMap(([, book]) => (book.author === author ? [book.title] : []));
                return own.length === 0 ? [] : [[author, own]];
              }),
            ),
          },
        ],
  "moments in another style, texts with more at the end, converted units": (state, random) => {
    const day = `2031-${two(1 + random.below(12))}-${two(1 + random.below(28))}`;
    const clock = `${two(random.below(24))}:${two(random.below(60))}`;
    const miles = 1 + random.below(400);
    switch (random.below(3)) {
      case 0:
        return [
          call("due", { at: `${day} ${clock}` }),
          { ...state, due: `${day}T${clock}:00`, result: `Due on ${day}.` },
        ];
      case 1:
        return [
          call("log", { text: `${word(miles)} at ${clock}; ` }),
          { ...state, log: `${state.log}${word(miles)} at ${clock}; ` },
        ];
      default:
        return [call("to_km", { miles }), { ...state, result: { km: miles * 1.609344 } }];
    }
  },
  "records with a key that is an argument, and the last one of such a key": (state, random) => {
    const to = pick(random, Object.keys(state.readers));
    const text = `${word(random.below(10))} ${random.below(900)}`;
    const at = state.queue.findLastIndex((one) => to in one);
    if (random.below(3) > 0) return [call("send", { to, text }), { ...state, queue: [...state.queue, { [to]: text }] }];
    return [call("recall", { to }), at < 0 ? state : { ...state, queue: state.queue.toSpliced(at, 1) }];
  },
  "what is where a way leads to, though others have its name": (state, random) => {
    const [hall, room] = [pick(random, Object.keys(state.rooms)), pick(random, Object.keys(rooms(0)))];
    const own = pick(random, Object.keys(state.rooms[hall]?.inside ?? {}));
    if (random.below(3) === 0)
      return [call("go", { hall, room: own }), { ...state, here: `/${hall}/${own}`, result: "ok" }];
    const [, inHall = "", inRoom = ""] = state.here.split("/");
    const there = state.rooms[inHall]?.inside[inRoom] ?? { kind: "", inside: {} };
    const name = `${room}-${random.below(90)}`;
    if (random.below(2) === 0)
      return [call("look", {}), { ...state, result: { inside: Object.keys(there.inside).sort() } }];
    const inside = { ...there.inside, [name]: { kind: "box", inside: {} } };
    const halls = {
      ...state.rooms[inHall],
      kind: "hall",
      inside: { ...state.rooms[inHall]?.inside, [inRoom]: { ...there, inside } },
    };
    return [call("put", { name }), { ...state, rooms: { ...state.rooms, [inHall]: halls }, result: "ok" }];
  },
  "entries by a key that the root says": (state, random) => {
    const [id] = pick(random, booksOf(state));
    const user = random.below(3) > 0 && state.due !== "" ? state.due : `user${random.below(9_000)}x`;
    if (user !== state.due) return [call("login", { user }), { ...state, due: user, result: "ok" }];
    const known = state.notes[user] ?? [];
    return [call("like", { id }), { ...state, notes: { ...state.notes, [user]: [...known, id] }, result: "liked" }];
  },
  "lists in maps, by a key that is an argument": (state, random) => {
    const [id] = pick(random, booksOf(state));
    const text = `${word(random.below(10))} ${word(random.below(10))} ${random.below(90)}`;
    if (random.below(3) === 0) return [call("notes_of", { id }), { ...state, result: state.notes[id] ?? [] }];
    const notes = { ...state.notes, [id]: [...(state.notes[id] ?? []), { by: "me", text }] };
    return [call("note", { id, text }), { ...state, notes, result: "ok" }];
  },
};

describe("what a call returns", () => {
  it("is learnt on from a snapshot as without one", () => {
    const steps = Object.values(kinds).flatMap((step, at) =>
      walk((episode) => library(episode + 90 * at), step, 24, at + 1),
    );
    const [a, b] = [createLiftedLearner(liftedOptions), createLiftedLearner(liftedOptions)];
    for (const one of steps.slice(0, 200)) a.learn(one);
    b.restore(a.snapshot());
    for (const one of steps.slice(200)) for (const learner of [a, b]) learner.learn(one);
    expect(publish(b).version).toBe(publish(a).version);
  });

  for (const [name, step] of Object.entries(kinds)) {
    it(`learns ${name}`, () => {
      const learner = learnt(walk(library, step, 480));
      const others = walk((episode) => library(episode + 40), step, 120, 2);
      expect(exactness(learner.current(), others)).toBeGreaterThan(0.95);
    });
  }
});
