/**
 * The context hidden in a share of the episodes (as words are dropped from what is read: Srivastava et al. 2014, of whole inputs), so that one
 * model serves situations that bring it and such that do not. An episode shows it at all of its steps or at none, as streams do; which
 * ones follows from the seed alone, and in every epoch it is others.
 */
import { hash16 } from "../../json/hash.ts";
import type { Lesson } from "./lesson.ts";

/** `round`: the epoch, or what else the lessons are read for. */
export function contextHider(seed: number, round: number | "held", share: number): (lesson: Lesson) => Lesson {
  if (share === 0) return (lesson) => lesson;
  return (lesson) => {
    if (lesson.given.context === null) return lesson;
    const rank = Number.parseInt(hash16(`${seed} ${round} context ${lesson.episode}`).slice(0, 8), 16) / 2 ** 32;
    return rank < share ? { ...lesson, given: { ...lesson.given, context: null } } : lesson;
  };
}
