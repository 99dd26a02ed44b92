/**
 * The steps that were learnt from, in the order in which they came, by episode: what decisions are taken anew from, and the earlier steps of
 * episodes that go on. Bounded: beyond the limits the oldest episode is forgotten whole.
 */
import type { Transition } from "../../codec/records.ts";
import type { Json } from "../../json/json.ts";
import type { History } from "../predictor.ts";
import type { Moment } from "./beliefs.ts";
import type { TextOptions } from "./options.ts";
import type { StepTexts } from "./store.ts";

export interface KeptEpisode {
  readonly id: string;
  readonly contextText: string | null;
  readonly context: Json | null;
  /** The number of its first step. */
  readonly from: number;
  readonly steps: History[number][];
  /** The state that the last step led to. */
  nextText: string;
  chars: number;
  gone: boolean;
}

export interface Place {
  readonly episode: KeptEpisode;
  readonly at: number;
}

export interface Episodes {
  add(transition: Transition): Place | null;
  /** Earlier steps of the transition's episode. */
  historyOf(transition: Pick<Transition, "episode" | "step" | "state">): History;
  /** Places are numbered; those before `from` are forgotten. Null where the episode is gone. */
  at(number: number): Place | null;
  readonly from: number;
  readonly to: number;
  all(): readonly KeptEpisode[];
  readonly chars: number;
  written(): WrittenEpisodes;
}

export interface WrittenEpisodes {
  readonly episodes: readonly WrittenEpisode[];
  /** Places by the episode's number; each next step of it. */
  readonly order: readonly number[];
  readonly open: readonly number[];
}

interface WrittenEpisode {
  readonly id: string;
  readonly context: string | null;
  readonly from: number;
  readonly steps: readonly (readonly [state: string, action: string])[];
  readonly next: string;
}

/** Of an episode itself, in UTF-16 units. */
const episodeChars = 200;

export function createEpisodes(options: TextOptions, written?: WrittenEpisodes): Episodes {
  const { stepsMax, charsMax, episodeStepsMax, episodeCharsMax } = options;
  let places: Place[] = [];
  let from = 0;
  let chars = 0;
  const all = new Set<KeptEpisode>();
  const open = new Map<string, KeptEpisode>();

  function goingOn({ episode, step, state }: Pick<Transition, "episode" | "step" | "state">): KeptEpisode | null {
    const known = open.get(episode);
    return known !== undefined && known.from + known.steps.length === step && known.nextText === state ? known : null;
  }

  function begin({ episode: id, step, context }: Pick<Transition, "episode" | "step" | "context">): KeptEpisode {
    const made: KeptEpisode = {
      id,
      contextText: context,
      context: context === null ? null : parsed(context),
      from: step,
      steps: [],
      nextText: "",
      chars: 0,
      gone: false,
    };
    count(made, episodeChars + (context?.length ?? 0));
    all.add(made);
    open.delete(id);
    open.set(id, made);
    return made;
  }

  function count(episode: KeptEpisode, more: number): void {
    episode.chars += more;
    chars += more;
  }

  function forget(): void {
    const [oldest] = all;
    if (oldest === undefined) return;
    oldest.gone = true;
    chars -= oldest.chars;
    all.delete(oldest);
    if (open.get(oldest.id) === oldest) open.delete(oldest.id);
    let gone = places.findIndex(({ episode }) => !episode.gone);
    if (gone < 0) gone = places.length;
    places = places.slice(gone);
    from += gone;
  }

  if (written !== undefined) restore(written);

  function restore({ episodes, order, open: still }: WrittenEpisodes): void {
    const kept = episodes.map(({ id, context, from: first, steps, next }) => {
      const episode = begin({ episode: id, step: first, context });
      for (const [stateText, actionText] of steps) {
        episode.steps.push({ stateText, actionText });
        count(episode, stateText.length + actionText.length);
      }
      episode.nextText = next;
      return episode;
    });
    const counts = new Map<number, number>();
    for (const number of order) {
      const episode = kept[number];
      const at = counts.get(number) ?? 0;
      counts.set(number, at + 1);
      if (episode !== undefined) places.push({ episode, at });
    }
    open.clear();
    for (const number of still) {
      const episode = kept[number];
      if (episode !== undefined) open.set(episode.id, episode);
    }
  }

  return {
    add(transition) {
      const { state, action, nextState } = transition;
      if (state === null) return null;
      let episode = goingOn(transition);
      if (episode === null || episode.steps.length >= episodeStepsMax || episode.chars > episodeCharsMax)
        episode = begin(transition);
      const place = { episode, at: episode.steps.length };
      episode.steps.push({ stateText: state, actionText: action });
      episode.nextText = nextState;
      count(episode, state.length + action.length);
      places.push(place);
      while ((places.length > stepsMax || chars > charsMax) && all.size > 1) forget();
      return place;
    },
    historyOf: (transition) => goingOn(transition)?.steps.slice() ?? [],
    at: (number) => {
      const place = places[number - from];
      return place === undefined || place.episode.gone ? null : place;
    },
    get from() {
      return from;
    },
    get to() {
      return from + places.length;
    },
    all: () => [...all],
    get chars() {
      return chars;
    },
    written() {
      const numbers = new Map([...all].map((episode, at) => [episode, at]));
      return {
        episodes: [...all].map(({ id, contextText, from: first, steps, nextText }) => ({
          id,
          context: contextText,
          from: first,
          steps: steps.map(({ stateText, actionText }) => [stateText, actionText] as const),
          next: nextText,
        })),
        order: places.flatMap(({ episode }) => numbers.get(episode) ?? []),
        open: [...open.values()].flatMap((episode) => numbers.get(episode) ?? []),
      };
    },
  };
}

export function momentOf({ episode, at }: Place): Moment {
  const { id, from, steps, context, contextText } = episode;
  const stateText = steps[at]?.stateText ?? "null";
  return { episode: id, step: from + at, stateText, contextText, context, history: steps.slice(0, at) };
}

export function textsOf({ episode, at }: Place): StepTexts {
  const { steps, nextText } = episode;
  return { actionText: steps[at]?.actionText ?? "null", nextText: steps[at + 1]?.stateText ?? nextText };
}

function parsed(text: string): Json {
  return JSON.parse(text);
}
