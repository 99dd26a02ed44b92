/**
 * Which tasks were met in other episodes: a game that is played again shows what it showed before, and what is remembered of it is right far
 * more often than in a game that is new. So where lists are remembered by place, what an answer rests on is judged apart for
 * the two; readings of pages keep by themselves apart what other worlds have shown. Bounded: what was met first goes first.
 */
import type { Evidence } from "../lifted/confidence.ts";
import { hashText, mix } from "../lifted/hash.ts";

/** Hashes of a task and of the episode that met it first. */
export type WrittenTask = readonly [task: number, episode: number];

interface Of {
  readonly task: string | null;
  readonly episode: string;
}

export interface Tasks {
  note(of: Of): void;
  /** The same evidence, of another kind where the task was met before. */
  judged(evidence: Evidence, of: Of): Evidence;
  readonly size: number;
  written(): readonly WrittenTask[];
}

const tasksMax = 4_000;

export function createTasks(known: readonly WrittenTask[] = []): Tasks {
  const met = new Map<number, number>(known);
  return {
    note({ task, episode }) {
      if (task === null || met.has(hashText(task))) return;
      met.set(hashText(task), hashText(episode));
      const [oldest] = met.keys();
      if (met.size > tasksMax && oldest !== undefined) met.delete(oldest);
    },
    judged(evidence, { task, episode }) {
      const first = task === null ? undefined : met.get(hashText(task));
      return first === undefined || first === hashText(episode) ? evidence : again(evidence);
    },
    get size() {
      return met.size;
    },
    written: () => [...met],
  };
}

/** What was asked for is the same; what answers it is another pattern. */
function again(evidence: Evidence): Evidence {
  const { pattern, whole } = evidence;
  return { ...evidence, pattern: mix(pattern, metBefore), whole: mix(whole, metBefore) };
}

const metBefore = 0x6d6574;
