/** The context hidden in a share of the episodes: at all of their steps, by the seed, others in each epoch. */
import { describe, expect, it } from "vitest";
import { contextHider } from "../../../src/predictors/neural/hidden-context.ts";
import type { Lesson } from "../../../src/predictors/neural/lesson.ts";
import { episodes, lampEpisode, switchEpisode } from "./toy.ts";

const lessons = episodes(lampEpisode, 0, 600);
const hiddenIn = (hide: (lesson: Lesson) => Lesson) =>
  new Set(lessons.flatMap((lesson) => (hide(lesson).given.context === null ? [lesson.episode] : [])));

describe("hiding the context", () => {
  it("hides it in about the share of the episodes, at all of their steps", () => {
    for (const share of [0.1, 0.3, 0.7]) {
      const hide = contextHider(1, 0, share);
      const hidden = hiddenIn(hide);
      // Four standard deviations of 600 draws.
      expect(Math.abs(hidden.size / 600 - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / 600));
      for (const lesson of lessons) expect(hide(lesson).given.context === null).toBe(hidden.has(lesson.episode));
    }
  });

  it("follows from seed and epoch alone", () => {
    const hidden = hiddenIn(contextHider(1, 0, 0.3));
    expect(hiddenIn(contextHider(1, 0, 0.3))).toEqual(hidden);
    for (const other of [contextHider(2, 0, 0.3), contextHider(1, 1, 0.3), contextHider(1, "held", 0.3)])
      expect(hiddenIn(other)).not.toEqual(hidden);
  });

  it("leaves the rest of the lesson as it is, and all of it where nothing is hidden", () => {
    const hide = contextHider(1, 0, 0.5);
    const hidden = lessons.filter((lesson) => hide(lesson).given.context === null);
    expect(hidden.length).toBeGreaterThan(0);
    for (const lesson of hidden.slice(0, 50))
      expect(hide(lesson)).toEqual({ ...lesson, given: { ...lesson.given, context: null } });
    expect(lessons.filter((lesson) => hide(lesson) !== lesson)).toEqual(hidden);
    expect(lessons.map(contextHider(1, 0, 0))).toEqual(lessons);
    const without = switchEpisode(1);
    expect(without.map(contextHider(1, 0, 0.9))).toEqual(without);
  });
});
