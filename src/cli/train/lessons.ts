/** Event files as lessons for `neural`: folded by track's own code, as `evaluate` does; each with as many earlier steps as are wanted. */
import { hash16 } from "../../json/hash.ts";
import type { Json } from "../../json/json.ts";
import { isTeaching } from "../../learn/logic.ts";
import type { LearntEnvironment } from "../../predictors/neural/file.ts";
import { answerOf, type Lesson } from "../../predictors/neural/lesson.ts";
import type { History } from "../../predictors/predictor.ts";
import type { TrackOptions } from "../../track/options.ts";
import { type FoldSummary, foldFiles, type Step } from "../evaluate/steps.ts";

export interface Lessons {
  readonly lessons: readonly Lesson[];
  readonly summary: FoldSummary;
}

export interface LessonDeps {
  readonly track: TrackOptions;
  /** False: the context is neither shown nor learnt from. */
  readonly context: boolean;
  readonly historySteps: number;
  readonly stopped: () => boolean;
  readonly progress: (done: number, total: number, events: number) => void;
}

interface OpenEpisode {
  readonly earlier: { readonly stateText: string; readonly actionText: string }[];
  readonly context: Json | null;
}

export async function readLessons(files: readonly string[], deps: LessonDeps): Promise<Lessons> {
  const lessons: Lesson[] = [];
  const open = new Map<string, OpenEpisode>();
  const summary = await foldFiles(
    files,
    { track: deps.track, context: deps.context },
    {
      step(step) {
        const { situation } = step;
        const episode = open.get(situation.episode) ?? { earlier: [], context: situation.context };
        open.set(situation.episode, episode);
        if (isTeaching(step.transition)) lessons.push(lessonOf(step, episode, deps.historySteps));
        episode.earlier.push({ stateText: situation.stateText, actionText: situation.actionText });
      },
      ended: (episode) => void open.delete(episode),
      progress: deps.progress,
      stopped: deps.stopped,
    },
  );
  return { lessons, summary };
}

function lessonOf({ situation, transition }: Step, { earlier, context }: OpenEpisode, historySteps: number): Lesson {
  const { kind, environment, episode, task, state, stateText, action } = situation;
  const at = earlier.length;
  const next = kind === "observation" ? transition.nextState : (transition.patch ?? "[]");
  return {
    environment,
    episode,
    group: task ?? episode,
    given: {
      kind,
      state,
      stateText,
      action,
      context,
      get history(): History {
        return earlier.slice(Math.max(0, at - historySteps), at);
      },
    },
    answer: answerOf(kind, JSON.parse(next)),
  };
}

/** Whole episodes in an order of the seed, until there are `stepsMax` steps. The order of what is left stays. */
export function sampleOf(lessons: readonly Lesson[], stepsMax: number, seed: number): readonly Lesson[] {
  if (lessons.length <= stepsMax) return lessons;
  const taken = firstGroups(lessons, (lesson) => lesson.episode, stepsMax, `${seed} sample`);
  return lessons.filter((lesson) => taken.has(lesson.episode));
}

/** A share of the groups (tasks, where there are some) is held out: early stopping and calibration look at it. */
export function splitOf(
  lessons: readonly Lesson[],
  share: number,
  stepsMax: number,
  seed: number,
): { readonly learnt: readonly Lesson[]; readonly held: readonly Lesson[] } {
  const wanted = Math.min(stepsMax, Math.ceil(lessons.length * share));
  const taken = firstGroups(lessons, (lesson) => lesson.group, wanted, `${seed} held`);
  return {
    learnt: lessons.filter((lesson) => !taken.has(lesson.group)),
    held: lessons.filter((lesson) => taken.has(lesson.group)),
  };
}

/** Every n-th, so that at most `max` are left. */
export function thinned(lessons: readonly Lesson[], max: number): readonly Lesson[] {
  const stride = Math.max(1, Math.ceil(lessons.length / max));
  return lessons.filter((_, at) => at % stride === 0);
}

export function environmentsOf(lessons: readonly Lesson[]): readonly LearntEnvironment[] {
  const found = new Map<string, { kind: "state" | "observation"; steps: number; episodes: Set<string> }>();
  for (const { environment, episode, given } of lessons) {
    const one = found.get(environment) ?? { kind: given.kind, steps: 0, episodes: new Set<string>() };
    found.set(environment, one);
    one.steps += 1;
    one.episodes.add(episode);
  }
  return [...found].map(([name, { kind, steps, episodes }]) => ({ name, kind, steps, episodes: episodes.size }));
}

/** What is learnt from, as a hash: a resumed training must learn from the same. */
export function hashOf(lessons: readonly Lesson[]): string {
  return hash16(
    lessons.map(({ episode, given, answer }) => hash16(`${episode}\0${given.stateText}\0${answer}`)).join(),
  );
}

function firstGroups(
  lessons: readonly Lesson[],
  groupOf: (lesson: Lesson) => string,
  steps: number,
  salt: string,
): ReadonlySet<string> {
  const sizes = new Map<string, number>();
  for (const lesson of lessons) sizes.set(groupOf(lesson), (sizes.get(groupOf(lesson)) ?? 0) + 1);
  const ranked = [...sizes]
    .map(([group, size]) => ({ group, size, rank: hash16(`${salt} ${group}`) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  const taken = new Set<string>();
  let sum = 0;
  for (const { group, size } of ranked) {
    // One group is always left to learn from.
    if (sum >= steps || taken.size === ranked.length - 1) break;
    taken.add(group);
    sum += size;
  }
  return taken;
}
