/** Open loop, warm starts, groups and answers in text, on worlds where every figure can be counted by hand. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type EvaluationOptions, evaluate } from "../../../src/cli/evaluate/evaluation.ts";
import { loadConfig } from "../../../src/config.ts";
import type { Predictor, PredictorFactory, Situation } from "../../../src/predictors/predictor.ts";
import { driftline } from "../../support/driftline.ts";
import { driftlineHere } from "../../support/driftline-here.ts";

const folder = mkdtempSync(join(tmpdir(), "driftline-sequences-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A room shows a code once, in answer to the first action; every later answer repeats it. At step 4 a lamp goes out, which nobody can know. */
const steps = 6;
const answer = (code: number, step: number) => `${step === 4 ? "dark" : "light"} ${code}`;
const episodes = [7, 8, 9].flatMap((code) => [
  {
    type: "reset",
    episode: `e${code}`,
    environment: "codes",
    state: "at the door",
    agent: { name: `agent-${code % 2}` },
  },
  ...Array.from({ length: steps }, (_, step) => ({
    ...{ type: "step", episode: `e${code}`, step, action: step === 0 ? "enter" : "read it" },
    state: answer(code, step),
  })),
  { type: "end", episode: `e${code}` },
]);
const file = join(folder, "codes.jsonl");
writeFileSync(file, episodes.map((event) => JSON.stringify(event)).join("\n"));

/** Repeats what it was shown, in the light; does not know a code at first, and says 7. */
function repeating(answersFirst: boolean): PredictorFactory {
  const predict = ({ step, stateText }: Situation): ReturnType<Predictor["predict"]> => {
    if (step === 0 && !answersFirst) return { status: "abstained", reason: "not seen" };
    const code = step === 0 ? "7" : (/\d+/.exec(stateText)?.[0] ?? "?");
    return { status: "answered", next: { form: "state", stateText: JSON.stringify(`light ${code}`) }, confidence: 0.5 };
  };
  return {
    name: "repeating",
    learnt: false,
    builtin: () => ({ name: "repeating", version: "builtin", deterministic: true, predict }),
  };
}

async function evaluated(
  more: Partial<EvaluationOptions>,
  { answersFirst = true, factories = [repeating(answersFirst)] } = {},
) {
  const options = { train: [], test: [file], predictors: [], context: true, learnFromTest: false, openLoopLengths: [] };
  const { results } = await evaluate(
    { ...options, ...more },
    {
      factories,
      track: loadConfig({ flags: [], env: {}, readFile: () => null }).track,
      seconds: () => 0,
      stopped: () => false,
      progress() {},
    },
  );
  return results;
}

describe("open loop", () => {
  it("says for each length how many runs end right, and how many are right all the way", async () => {
    const [its] = await evaluated({ openLoopLengths: [1, 3, "all"] });
    expect(its?.openLoop).toEqual([
      // One step: the first of two episodes, and the dark one of each, are missed.
      { length: 1, n: 18, exact: 13 / 18, held: 13 / 18, steps: 13 / 18, heldSteps: 13 / 18, meanLength: 1 },
      // From the start one episode holds and two never know; from step 3 all miss the dark step and come right again.
      { length: 3, n: 6, exact: 4 / 6, held: 1 / 6, steps: 9 / 18, heldSteps: (3 + 3) / 6, meanLength: 3 },
      // Of a whole episode only that with code 7 is ever right: 4 steps, and 1 after the dark one.
      { length: "all", n: 3, exact: 1 / 3, held: 0, steps: 5 / 18, heldSteps: 4 / 3, meanLength: 6 },
    ]);
  });

  it("ends where the predictor does not answer", async () => {
    const [its] = await evaluated({ openLoopLengths: ["all", 2] }, { answersFirst: false });
    expect(its?.openLoop.map(({ length, held, steps }) => [length, held, steps])).toEqual([
      [2, 3 / 9, (0 + 6 + 3) / 18],
      ["all", 0, 0],
    ]);
  });
});

describe("warm starts", () => {
  it("make a curve: what was really seen first carries the rest of the episode", async () => {
    const [its] = await evaluated({ warm: [0, 1, 5] });
    expect(its?.n).toBe(18);
    expect(its?.warm).toEqual([
      {
        given: 0,
        next: { after: { n: 18, exact: 13 / 18 }, common: { n: 3, exact: 1 } },
        rest: { after: { n: 18, exact: 5 / 18 }, common: { n: 3, exact: 1 / 3 } },
      },
      {
        given: 1,
        next: { after: { n: 15, exact: 12 / 15 }, common: { n: 3, exact: 1 } },
        rest: { after: { n: 15, exact: 12 / 15 }, common: { n: 3, exact: 1 } },
      },
      {
        given: 5,
        next: { after: { n: 3, exact: 1 }, common: { n: 3, exact: 1 } },
        rest: { after: { n: 3, exact: 1 }, common: { n: 3, exact: 1 } },
      },
    ]);
  });

  it("are not scored where one number is asked for", async () => {
    const [its] = await evaluated({ warm: [5], by: ["action"] });
    expect(its).toMatchObject({ n: 3, exact: { all: 1 }, warm: [], byStep: [{ step: 5, n: 3, exact: 1 }] });
    const [streamed] = await evaluated({ warm: [5], learnFromTest: true });
    expect(streamed).toMatchObject({ n: 3, exact: { all: 1 } });
    expect(its?.by).toEqual([{ by: "action", group: "read", n: 3, abstained: 0, exact: 1, wordF1: 1 }]);
  });
});

describe("best-of", () => {
  it("is chosen by action, from what was right before, and has the words of whom it chose", async () => {
    const only = (name: string, text: string): PredictorFactory => {
      const next = { form: "state", stateText: JSON.stringify(text) } as const;
      const predict = () => ({ status: "answered", next, confidence: 0.5 }) as const;
      return { name, learnt: false, builtin: () => ({ name, version: "builtin", deterministic: true, predict }) };
    };
    const doors = join(folder, "doors.jsonl");
    const events = Array.from({ length: 40 }, (_, step) => ({
      ...{ type: "step", episode: "d", environment: "doors", step, action: step % 2 === 0 ? "open it" : "close it" },
      state: step % 2 === 0 ? "it is open" : "it is closed",
    }));
    writeFileSync(
      doors,
      [{ type: "reset", episode: "d", environment: "doors", state: "?" }, ...events]
        .map((event) => JSON.stringify(event))
        .join("\n"),
    );
    const factories = [only("opens", "it is open"), only("closes", "it is closed")];
    const results = await evaluated({ test: [doors], learnFromTest: true }, { factories });
    const of = (name: string) => results.find(({ predictor }) => predictor === name);
    expect([of("opens")?.exact.all, of("closes")?.exact.all]).toEqual([0.5, 0.5]);
    expect(of("best-of")?.exact.all).toBeGreaterThan(0.9);
    expect(of("opens")?.wordF1).toBeCloseTo((1 + 2 / 3) / 2, 12);
    expect(of("best-of")?.wordF1).toBeGreaterThan(0.95);
  });

  it("has no entry where nothing was seen by which to choose", async () => {
    const factories = [repeating(true), { ...repeating(true), name: "twin" }];
    expect((await evaluated({}, { factories })).map(({ predictor }) => predictor)).not.toContain("best-of");
  });
});

describe("answers", () => {
  it("are told apart by agent, action and kind of answer", async () => {
    const [its] = await evaluated({ by: ["agent", "action", "answer"] });
    expect(its?.by.map(({ by, group, n, exact }) => [by, group, n, exact])).toEqual([
      ["agent", "agent-1", 12, 9 / 12],
      ["agent", "agent-0", 6, 4 / 6],
      ["action", "read", 15, 12 / 15],
      ["action", "enter", 3, 1 / 3],
      ["answer", "text", 18, 13 / 18],
    ]);
    // One of two words is right of the five that are missed.
    expect(its?.wordF1).toBeCloseTo((13 + 5 / 2) / 18, 12);
  });

  it("count nothing answered as no word right", async () => {
    const [its] = await evaluated({ by: ["action"] }, { answersFirst: false });
    expect(its?.by.find(({ group }) => group === "enter")).toMatchObject({ n: 3, abstained: 3, exact: 0, wordF1: 0 });
  });
});

describe("driftline evaluate", () => {
  it("prints the tables, and context, no context and warm starts side by side", async () => {
    const args = ["evaluate", "--test", file, "--stream", "--warm", "0,2", "--contexts", "--by", "agent,answer"];
    const said = await driftline(args);
    expect(said.code, said.err).toBe(0);
    for (const line of [/warm +predictor +given/, /groups +predictor +by/, /contexts .*no context +2 given \(n\)/])
      expect(said.out).toMatch(line);
    expect(said.out).toMatch(/codes +recall +18 .*\d\d?\.\d \(12\)/);
    const rolled = await driftlineHere([
      "evaluate",
      "--test",
      file,
      "--predictor",
      "persistence",
      "--open-loop",
      "2,all",
      "--sure",
      "1",
    ]);
    expect(rolled.out).toMatch(/codes +persistence +all +3 +0\.0/);
    expect(rolled.out).toMatch(/sure +predictor +wanted +n +answered +of steps +right +confidenceMin/);
    // It is sure of nothing: it has no confidence.
    expect(rolled.out).toMatch(/codes +persistence +1 % +18 +0 +- +- +-/);
  });

  it("says what is wrong with a flag", async () => {
    for (const [flags, message] of [
      [["--open-loop", "2,most"], /--open-loop takes whole numbers from 1 to 1000, all or none/],
      [["--open-loop", "0"], /--open-loop takes/],
      [["--warm", "1,-2"], /--warm takes whole numbers from 0 to 1000/],
      [["--warm", "1.5"], /--warm takes/],
      [["--warm", ","], /--warm takes/],
      [["--by", "planet"], /--by takes agent, action, answer/],
      [["--sure", "99,0"], /--sure takes percentages above 0 and up to 100/],
      [["--sure", "most"], /--sure takes/],
      [["--contexts", "--no-context"], /leave --no-context out/],
    ] as const) {
      const said = await driftlineHere(["evaluate", "--test", file, ...flags]);
      expect(said.code, flags.join(" ")).toBe(2);
      expect(said.err).toMatch(message);
    }
  });
});
