/** Learners are given an episode's context with every step. */
import { expect, it } from "vitest";
import { createContexts } from "../../src/learn/contexts.ts";
import { transitionOf } from "../support/transitions.ts";

const step = (episode: string, context: string | null) => ({ ...transitionOf("a", "go", "b"), episode, context });

it("completes later steps with the context that came with the first", () => {
  const contexts = createContexts();
  expect(contexts.complete(step("e", null)).context).toBeNull();
  expect(contexts.complete(step("e", '{"goal":"x"}')).context).toBe('{"goal":"x"}');
  expect(contexts.complete(step("e", null)).context).toBe('{"goal":"x"}');
  expect(contexts.complete(step("f", null)).context).toBeNull();
});

it("remembers across a restart", () => {
  const before = createContexts();
  before.complete(step("e", '"c"'));
  const after = createContexts();
  after.restore(before.snapshot());
  expect(after.complete(step("e", null)).context).toBe('"c"');
});

it("forgets the oldest beyond its bounds, in episodes and in characters", () => {
  const contexts = createContexts();
  for (let at = 0; at < 10_001; at++) contexts.complete(step(`e${at}`, '"c"'));
  expect(contexts.complete(step("e0", null)).context).toBeNull();
  expect(contexts.complete(step("e1", null)).context).toBe('"c"');
  const large = `"${"x".repeat(20 * 1_048_576)}"`;
  contexts.complete(step("large", large));
  contexts.complete(step("larger", large));
  expect(contexts.complete(step("large", null)).context).toBeNull();
  expect(contexts.complete(step("larger", null)).context).toBe(large);
});
