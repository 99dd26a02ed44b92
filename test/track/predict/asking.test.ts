/** The window of remote predictors against simulated ones: what is asked follows what is answered. */
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../src/stats/random.ts";
import { createAsking, limitMax } from "../../../src/track/predict/asking.ts";

const deadlineMs = 30_000;

interface Simulation {
  /** Steps per second, of so many episodes in turn. */
  readonly rate: number;
  readonly episodes: number;
  readonly seconds: number;
  /** Answers per second that the predictor has, and how long one takes at least. */
  readonly served: number;
  readonly latencyMs: number;
}

/** Episodes step at random; one queue in order, answers come at their stream time. */
function simulate({ rate, episodes, seconds, served, latencyMs }: Simulation) {
  const asking = createAsking(deadlineMs, 32);
  const answers: { readonly at: number; readonly episode: string; readonly step: number; readonly waited: number }[] =
    [];
  let free = 0;
  const asked: { readonly at: number; readonly episode: string; readonly step: number }[] = [];
  const waits: number[] = [];
  const steps: number[] = [];
  const random = createRandom(7);
  for (let index = 0; index < rate * seconds; index++) {
    const now = 1_000_000 + (index * 1000) / rate;
    while ((answers[0]?.at ?? Number.POSITIVE_INFINITY) <= now) {
      const answer = answers.shift();
      if (answer === undefined) break;
      waits.push(answer.waited);
      asking.answered("slow", answer.episode, answer.step, answer.at);
    }
    const number = random.below(episodes);
    const episode = `episode ${number}`;
    const step = steps[number] ?? 0;
    steps[number] = step + 1;
    if (asking.choose(["slow"], episode, step, now).length === 0) continue;
    asked.push({ at: now, episode, step });
    const begins = Math.max(now, free);
    free = begins + 1000 / served;
    answers.push({ at: begins + latencyMs, episode, step, waited: begins + latencyMs - now });
  }
  return { asked, waits, steps: rate * seconds };
}

describe("the window of a remote predictor", () => {
  it("asks about every step where answers keep up", () => {
    const { asked, steps } = simulate({ rate: 20, episodes: 8, seconds: 120, served: 40, latencyMs: 300 });
    expect(asked.length).toBe(steps);
  });

  it("asks about as many steps as are answered where steps come faster, and hears soon", () => {
    const { asked, waits } = simulate({ rate: 125, episodes: 16, seconds: 300, served: 4, latencyMs: 2_000 });
    expect(asked.length).toBeLessThan(4 * 300 * 1.15);
    expect(asked.length).toBeGreaterThan(4 * 300 * 0.9);
    expect([...waits].sort((a, b) => a - b)[Math.floor(waits.length * 0.99)]).toBeLessThan(deadlineMs * 0.7);
  });

  it("uses what a fast predictor can do", () => {
    const { asked } = simulate({ rate: 500, episodes: 64, seconds: 120, served: 200, latencyMs: 1_000 });
    expect(asked.length).toBeGreaterThan(200 * 120 * 0.9);
    expect(asked.length).toBeLessThan(200 * 120 * 1.15);
  });

  it("keeps the steps of an episode together where some are left out", () => {
    const { asked } = simulate({ rate: 100, episodes: 100, seconds: 300, served: 10, latencyMs: 500 });
    const late = asked.filter(({ at }) => at > 1_060_000);
    const follows = new Set(late.map(({ episode, step }) => `${episode} ${step}`));
    const followed = late.filter(({ episode, step }) => follows.has(`${episode} ${step - 1}`)).length;
    // Chosen by chance, one in ten would follow the step before it.
    expect(followed / late.length).toBeGreaterThan(0.6);
  });

  it("hardly asks who does not answer, and asks again when it does", () => {
    const asking = createAsking(deadlineMs, 32);
    let now = 1_000_000;
    const stepMs = 100;
    const count = (seconds: number, answers: boolean) => {
      let asked = 0;
      for (let index = 0; index < (seconds * 1000) / stepMs; index++) {
        now += stepMs;
        const step = now / stepMs;
        if (asking.choose(["down"], "e", step, now).length === 0) continue;
        asked += 1;
        if (answers) asking.answered("down", "e", step, now + 50);
      }
      return asked;
    };
    count(300, false);
    expect(count(300, false)).toBeLessThanOrEqual(4 * 11);
    count(60, true);
    expect(count(60, true)).toBe(600);
  });

  it("does not mind answers that nobody waits for, and two predictors do not mind each other", () => {
    const asking = createAsking(deadlineMs, 32);
    asking.answered("slow", "e", 3, 1_000);
    for (let step = 0; step < 100; step++) asking.choose(["slow"], "e", step, 1_000);
    expect(asking.choose(["slow"], "e", 100, 1_000)).toEqual([]);
    expect(asking.choose(["slow", "fast"], "e", 100, 1_000)).toEqual(["fast"]);
    asking.answered("slow", "e", 1_000_000, 1_000);
    expect(asking.choose(["slow"], "e", 101, 1_000)).toEqual([]);
  });

  it("goes on from its snapshot as if nothing had been", () => {
    const [whole, first] = [createAsking(deadlineMs, 32), createAsking(deadlineMs, 32)];
    const drive = (asking: ReturnType<typeof createAsking>, from: number, to: number) => {
      const chosen: number[] = [];
      for (let step = from; step < to; step++) {
        if (asking.choose(["slow"], `e${step % 7}`, step, step * 20).length > 0) chosen.push(step);
        if (step % 5 === 0) asking.answered("slow", `e${(step - 20) % 7}`, step - 20, step * 20);
      }
      return chosen;
    };
    drive(whole, 100, 3_000);
    drive(first, 100, 3_000);
    const second = createAsking(deadlineMs, 32);
    second.restore(JSON.parse(JSON.stringify(first.snapshot())));
    expect(drive(second, 3_000, 6_000)).toEqual(drive(whole, 3_000, 6_000));
  });

  it("is bounded", () => {
    const asking = createAsking(deadlineMs, 32);
    const open: number[] = [];
    let most = 0;
    for (let step = 0; step < 50_000; step++) {
      if (asking.choose(["fast"], "e", step, 1_000).length > 0) open.push(step);
      else for (const answered of open.splice(0, 2)) asking.answered("fast", "e", answered, 1_001);
      most = Math.max(most, open.length);
    }
    expect(most).toBeGreaterThan(limitMax / 2);
    expect(most).toBeLessThanOrEqual(limitMax);
  });
});
