/**
 * The example memory: transitions that a prompt may show. It learns from nothing but the past: a situation's history ends with the step that
 * led to it, so each situation of an episode tells the outcome of the step before (P1). What comes from arm `world_model` teaches nobody (P6).
 * Bounded in entries and bytes; the oldest go first, but for the first three of each environment, which `paper` shows.
 */
import { hash16 } from "../../json/hash.ts";
import type { RemoteSituation } from "../remote.ts";
import type { Example } from "./chat.ts";
import { createIndex, type Index, wordsOf } from "./similarity.ts";

export interface ExampleMemory {
  /** Takes from the situation what it tells of the step before. */
  gather(situation: RemoteSituation): void;
  add(example: Example): void;
  /** The first `count` of the situation's environment. */
  fixed(situation: RemoteSituation, count: number): readonly Example[];
  /** The most similar by words of action and state; of other environments only where its own has too few. The most similar comes last. */
  similar(situation: RemoteSituation, count: number): readonly Example[];
  readonly entries: number;
  readonly bytes: number;
}

export interface ExampleLimits {
  readonly entriesMax: number;
  readonly bytesMax: number;
  /** A transition with longer texts is left out. In UTF-16 units. */
  readonly charactersMax: number;
}

interface Entry {
  readonly example: Example;
  readonly key: string;
  readonly bytes: number;
}

/** An environment's own share: postings are searched per environment. */
interface Shelf {
  readonly index: Index;
  /** By id, oldest first. */
  readonly entries: Map<number, Entry>;
  /** The first of all, for ever. */
  readonly first: Example[];
}

/** Environments whose first examples are kept; beyond it the environment that came first is forgotten with all its examples. */
const environmentsMax = 1_000;
const firstKept = 3;
/** An action's word counts as much as so many words of the state. */
const actionWeight = 3;
const actionWordsMax = 64;
const stateWordsMax = 200;

export function createExampleMemory({ entriesMax, bytesMax, charactersMax }: ExampleLimits): ExampleMemory {
  const shelves = new Map<string, Shelf>();
  const keys = new Set<string>();
  /** Which shelf holds the entry; in order of age over all shelves. */
  const ages = new Map<number, Shelf>();
  let bytes = 0;
  let nextId = 0;

  function add(example: Example): void {
    const { environment, stateText, actionText, nextText } = example;
    const characters = stateText.length + actionText.length + nextText.length;
    if (characters > charactersMax) return;
    const key = hash16(JSON.stringify([environment, stateText, actionText, nextText]));
    if (keys.has(key)) return;
    const shelf = shelfOf(environment);
    if (shelf.first.length < firstKept) shelf.first.push(example);
    keys.add(key);
    // Engines hold such texts in one or two bytes a unit, and the words of the index beside them.
    const entry = { example, key, bytes: 2 * characters };
    const id = nextId++;
    shelf.entries.set(id, entry);
    shelf.index.add(id, wordsOfExample(stateText, actionText));
    ages.set(id, shelf);
    bytes += entry.bytes;
    while (ages.size > entriesMax || bytes > bytesMax) forgetOldest();
  }

  function shelfOf(environment: string): Shelf {
    const known = shelves.get(environment);
    if (known !== undefined) return known;
    const shelf: Shelf = { index: createIndex(), entries: new Map(), first: [] };
    shelves.set(environment, shelf);
    const [oldest] = shelves.keys();
    if (shelves.size > environmentsMax && oldest !== undefined) {
      for (const id of [...(shelves.get(oldest)?.entries.keys() ?? [])]) forget(id);
      shelves.delete(oldest);
    }
    return shelf;
  }

  function forgetOldest(): void {
    const [oldest] = ages.keys();
    if (oldest !== undefined) forget(oldest);
  }

  function forget(id: number): void {
    const shelf = ages.get(id);
    const entry = shelf?.entries.get(id);
    ages.delete(id);
    if (shelf === undefined || entry === undefined) return;
    shelf.entries.delete(id);
    shelf.index.remove(id);
    keys.delete(entry.key);
    bytes -= entry.bytes;
  }

  function search(shelf: Shelf, situation: RemoteSituation, words: readonly string[], count: number) {
    const isWanted = (id: number) => isPast(shelf.entries.get(id)?.example, situation);
    return shelf.index.search(words, count, isWanted).flatMap((id) => shelf.entries.get(id)?.example ?? []);
  }

  return {
    gather({ arm, environment, episode, step, history, stateText }) {
      const last = history.at(-1);
      if (arm === "world_model" || last === undefined) return;
      const { stateText: before, actionText } = last;
      add({ environment, episode, step: step - 1, stateText: before, actionText, nextText: stateText });
    },
    add,
    fixed(situation, count) {
      const first = shelves.get(situation.environment)?.first ?? [];
      return first.filter((example) => isPast(example, situation)).slice(0, count);
    },
    similar(situation, count) {
      const words = wordsOfExample(situation.stateText, situation.actionText);
      const own = shelves.get(situation.environment);
      const found = own === undefined ? [] : [...search(own, situation, words, count)];
      for (const [environment, shelf] of shelves) {
        if (found.length >= count) break;
        if (environment !== situation.environment) found.push(...search(shelf, situation, words, count - found.length));
      }
      return found.reverse();
    },
    get entries() {
      return ages.size;
    },
    get bytes() {
      return bytes;
    },
  };
}

/** Not what the conversation shows anyhow, and never a step that was not over: situations may come a second time. */
function isPast(example: Example | undefined, { episode, step, history }: RemoteSituation): boolean {
  return example !== undefined && (example.episode !== episode || example.step < step - history.length);
}

function wordsOfExample(stateText: string, actionText: string): readonly string[] {
  const action = wordsOf(actionText, actionWordsMax).map((word) => `action ${word}`);
  const state = wordsOf(stateText, stateWordsMax);
  return [...Array.from({ length: actionWeight }, () => action).flat(), ...state];
}
