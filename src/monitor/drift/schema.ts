/**
 * The schema of an environment: which places its states and actions have (`/orders/…/status:string`) and which words stand there, learnt from
 * scores. It settles after so many episodes; what comes afterwards is news: a new, gone or retyped place, a new word of a closed set. A state that
 * has a new place, or lacks one that every state had, is odd. Versioned by content; accepted news makes a new version. Bounded.
 */
import type { Score, StepShape } from "../../codec/records.ts";
import { hash16 } from "../../json/hash.ts";

export type NewsKind = "new" | "gone" | "retyped" | "value";
export interface News {
  readonly kind: NewsKind;
  readonly place: string;
  /** Event time of the first state with it, epoch ms. */
  readonly at: number;
  readonly episode: string;
  episodes: number;
}
export interface SchemaView {
  readonly version: string;
  readonly settled: boolean;
  readonly episodes: number;
  readonly places: readonly string[];
  readonly news: readonly News[];
}

/** Where the states of one open episode stand. */
export interface SchemaPosition {
  readonly odd: Set<string>;
  readonly missing: Set<string>;
  /** News that this episode was counted for. */
  readonly told: Set<string>;
}
export interface PlainPosition {
  readonly odd: readonly string[];
  readonly missing: readonly string[];
  readonly told: readonly string[];
}

export interface Schema {
  /** Moves the position by a step's shape; true where the step's action, or its state before or after it, has a form that is news. */
  step(position: SchemaPosition, score: Score): boolean;
  /** An episode is over. */
  ended(): void;
  /** What is news is usual from here on. */
  accept(): void;
  view(): SchemaView;
  snapshot(): PlainSchema;
  restore(plain: PlainSchema): void;
}
export interface PlainSchema {
  readonly episodes: number;
  readonly known: readonly string[];
  readonly constants: readonly string[] | null;
  readonly words: readonly (readonly [string, PlainWords | null])[];
  readonly news: readonly News[];
}

interface Words {
  readonly set: Set<string>;
  /** Times that a word was written here, and that since the last new one. */
  writes: number;
  calm: number;
}
interface PlainWords extends Omit<Words, "set"> {
  readonly set: readonly string[];
}

/** A closed set of words has few; a place with more holds anything. */
const wordsMax = 16;
/** It is taken for closed once so many were written, and nothing new among the later half of them. */
const closedWrites = 100;
const placesMax = 2_048;
const newsMax = 64;
/** Odd places that one episode is followed for. */
const positionMax = 64;

export function newPosition(): SchemaPosition {
  return { odd: new Set(), missing: new Set(), told: new Set() };
}
export function plainPosition({ odd, missing, told }: SchemaPosition): PlainPosition {
  return { odd: [...odd], missing: [...missing], told: [...told] };
}
export function positionFrom({ odd, missing, told }: PlainPosition): SchemaPosition {
  return { odd: new Set(odd), missing: new Set(missing), told: new Set(told) };
}

export function createSchema(episodesWanted: number): Schema {
  let known = new Set<string>();
  /** Places that every state had; null before the first state. */
  let constants: Set<string> | null = null;
  /** By place: its words; null where there are too many to be a closed set. */
  let words = new Map<string, Words | null>();
  let news = new Map<string, News>();
  let episodes = 0;
  let version: string | null = null;
  const settled = () => episodes >= episodesWanted;

  function learn(shape: StepShape, actionName: string): void {
    for (const place of shape.added) know(place);
    for (const place of shape.action) know(actionPlace(actionName, place));
    if (shape.whole) keepConstants(shape);
    if (constants !== null) for (const place of shape.gone) constants.delete(place);
    for (const value of shape.values) learnWord(value);
  }

  function know(place: string): void {
    if (known.has(place) || known.size >= placesMax) return;
    known.add(place);
    version = null;
  }

  function keepConstants({ added, gone }: StepShape): void {
    // `added` holds the places of the state before and after: constant is what both have.
    const had = new Set(added);
    for (const place of gone) had.delete(place);
    constants = constants === null ? had : new Set([...constants].filter((place) => had.has(place)));
  }

  function learnWord(value: string): void {
    const [place, word] = splitWord(value);
    const known = words.get(place);
    if (known === null) return;
    if (known === undefined) {
      if (words.size < placesMax) words.set(place, { set: new Set([word]), writes: 1, calm: 0 });
      return;
    }
    known.writes += 1;
    known.calm = known.set.has(word) ? known.calm + 1 : 0;
    known.set.add(word);
    if (known.set.size > wordsMax) words.set(place, null);
  }

  function isNewWord(place: string, word: string): boolean {
    const known = words.get(place);
    if (known === undefined || known === null || known.writes < closedWrites) return false;
    return known.calm * 2 >= known.writes && !known.set.has(word);
  }

  function tell(kind: NewsKind, place: string, position: SchemaPosition, score: Score): void {
    const key = `${kind} ${place}`;
    if (position.told.has(key) || position.told.size >= positionMax) return;
    position.told.add(key);
    const one = news.get(key);
    if (one !== undefined) one.episodes += 1;
    else if (news.size < newsMax) news.set(key, { kind, place, at: score.time, episode: score.episode, episodes: 1 });
  }

  function compare(position: SchemaPosition, shape: StepShape, score: Score): boolean {
    const { odd, missing } = position;
    const wasOdd = odd.size + missing.size > 0 && !shape.whole;
    if (shape.whole) {
      odd.clear();
      missing.clear();
      const had = new Set(shape.added);
      for (const place of constants ?? []) if (!had.has(place)) miss(place);
    }
    for (const place of shape.added) {
      missing.delete(place);
      if (known.has(place) || odd.size >= positionMax) continue;
      odd.add(place);
      tell(isRetyped(place, known) ? "retyped" : "new", place, position, score);
    }
    for (const place of shape.gone) {
      odd.delete(place);
      if (constants?.has(place) === true) miss(place);
    }
    let strange = false;
    for (const place of shape.action) {
      const whole = actionPlace(score.actionName, place);
      if (known.has(whole) || !knowsAction(score.actionName)) continue;
      strange = true;
      tell("new", whole, position, score);
    }
    for (const value of shape.values) {
      const [place, word] = splitWord(value);
      if (isNewWord(place, word)) tell("value", value, position, score);
      else learnWord(value);
    }
    return strange || wasOdd || odd.size + missing.size > 0;

    function miss(place: string): void {
      if (missing.size >= positionMax) return;
      missing.add(place);
      tell("gone", place, position, score);
    }
  }

  /** An action that is new altogether is a matter of the action mix. */
  function knowsAction(name: string): boolean {
    return known.has(actionPlace(name, "/name:string"));
  }

  return {
    step(position, score) {
      const { shape } = score;
      if (shape === null) return false;
      if (settled()) return compare(position, shape, score);
      learn(shape, score.actionName);
      return false;
    },
    ended() {
      episodes += 1;
    },
    accept() {
      for (const { kind, place } of news.values()) {
        if (kind === "gone") {
          known.delete(place);
          constants?.delete(place);
        } else if (kind === "value") learnWord(place);
        else know(place);
      }
      news = new Map();
      version = null;
    },
    view() {
      version ??= hash16([...known].sort().join("\n"));
      return { version, settled: settled(), episodes, places: [...known].sort(), news: [...news.values()] };
    },
    snapshot: () => ({
      episodes,
      known: [...known],
      constants: constants === null ? null : [...constants],
      words: [...words].map(([place, its]) => [place, its === null ? null : { ...its, set: [...its.set] }]),
      news: [...news.values()].map((one) => ({ ...one })),
    }),
    restore(plain) {
      episodes = plain.episodes;
      known = new Set(plain.known);
      constants = plain.constants === null ? null : new Set(plain.constants);
      words = new Map(
        plain.words.map(([place, its]) => [place, its === null ? null : { ...its, set: new Set(its.set) }]),
      );
      news = new Map(plain.news.map((one) => [`${one.kind} ${one.place}`, { ...one }]));
      version = null;
    },
  };
}

function actionPlace(name: string, place: string): string {
  return `${name} ${place}`;
}

function splitWord(value: string): readonly [place: string, word: string] {
  const at = value.lastIndexOf("=");
  return [value.slice(0, at), value.slice(at + 1)];
}

function isRetyped(place: string, known: ReadonlySet<string>): boolean {
  const path = place.slice(0, place.lastIndexOf(":") + 1);
  return types.some((type) => known.has(path + type));
}
const types = ["string", "number", "boolean", "null", "object", "array"];
