/** Recent steps come back as they were, whatever block they are in, and what is forgotten is gone. */
import { expect, it } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { createRecent, type RecentStep } from "../../../src/predictors/lifted-edits/learning/recent.ts";

const limits = { recentMax: 2_000, recentBytesMax: 1_000_000_000 };

/** Two episodes side by side, with a state between, a context now and then, and a member that no patch can name. */
function* steps(count: number): Generator<RecentStep> {
  const states: Json[] = [at(0, 0), at(1, 0)];
  for (let n = 0; n < count; n++) {
    const before = states[n % 2] ?? null;
    const after = n % 50 === 0 ? at(n % 2, n) : { ...(before as object), turn: n, ["__proto__x"]: n };
    states[n % 2] = after;
    const middle = n % 3 === 0 ? { ...(before as object), turn: -1 - n } : null;
    yield { before, after, middle, action: `go ${n}`, context: n % 7 === 0 ? { goal: n } : null };
  }
}

function at(room: number, n: number): Json {
  const odd: Json = JSON.parse(`{"__proto__":${n}}`);
  return { room, turn: n, things: { a: { n }, b: { n: n + 1 } }, odd };
}

it("gives back every step that it holds as it was", () => {
  const recent = createRecent(limits);
  const all = [...steps(1_700)];
  for (const step of all) recent.push(step, 100);
  expect([recent.from, recent.to]).toEqual([0, 1_700]);
  for (const [number, step] of all.entries()) expect(recent.at(number)).toEqual(step);
  expect(recent.at(1_700)).toBeUndefined();
});

it("holds far less than values would take, and forgets the oldest", () => {
  const recent = createRecent(limits);
  const all = [...steps(9_000)];
  for (const step of all) recent.push(step, 400);
  expect(recent.to).toBe(9_000);
  expect(recent.to - recent.from).toBeLessThanOrEqual(limits.recentMax);
  expect(recent.at(recent.from - 1)).toBeUndefined();
  for (let number = recent.from; number < recent.to; number++) expect(recent.at(number)).toEqual(all[number]);
  expect(recent.bytes).toBeLessThan((400 * (recent.to - recent.from)) / 2);
});

it("forgets large steps before they are many enough for a block", () => {
  const recent = createRecent({ recentMax: 2_000, recentBytesMax: 10_000 });
  const all = [...steps(600)];
  for (const step of all) recent.push(step, 1_000);
  expect(recent.bytes).toBeLessThanOrEqual(12_000);
  expect(recent.to - recent.from).toBeLessThanOrEqual(10);
  for (let number = recent.from; number < recent.to; number++) expect(recent.at(number)).toEqual(all[number]);
});
