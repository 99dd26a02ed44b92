/** What may happen to the events of an episode, case by case: each has a named reason, and nothing is lost (T1, T2). */
import { describe, expect, it } from "vitest";
import { blankInteraction } from "../../../src/codec/blank-interaction.ts";
import { codecs } from "../../../src/codec/codecs.ts";
import { action, createTrackBench, end, observation, prediction, reset, step } from "../../support/track.ts";

const qualities = (bench: ReturnType<typeof createTrackBench>) =>
  bench.out.transitions.map((one) => `${one.step}:${one.quality}`);
const reasons = (bench: ReturnType<typeof createTrackBench>) => bench.out.dead.map((one) => one.reason);

describe("an episode in order", () => {
  it("gives one transition per step, from steps and from actions with observations alike", () => {
    const bench = createTrackBench();
    for (const event of [reset(), step(0), action(1), observation(1), step(2), end()]) bench.send(event);
    expect(qualities(bench)).toEqual(["0:ok", "1:ok", "2:ok"]);
    expect(bench.out.transitions.map((one) => [one.state, one.nextState])).toEqual([
      ['{"n":0}', '{"n":1}'],
      ['{"n":1}', '{"n":2}'],
      ['{"n":2}', '{"n":3}'],
    ]);
    expect(bench.out.outcomes).toMatchObject([{ ending: "end", success: true, steps: 3, scored: 3 }]);
  });

  it("takes RFC 6902 patches against the current state and writes the difference", () => {
    const bench = createTrackBench();
    bench.send(reset({ state: { list: [1, 2], gone: true } }));
    bench.send(
      step(0, {
        patch: [
          { op: "add", path: "/list/-", value: 3 },
          { op: "remove", path: "/gone" },
        ],
      }),
    );
    expect(bench.out.transitions[0]?.nextState).toBe('{"list":[1,2,3]}');
    expect(bench.out.transitions[0]?.patch).toBe(
      '[{"op":"remove","path":"/gone"},{"op":"add","path":"/list/2","value":3}]',
    );
  });

  it("writes the whole state where the difference has more operations than a patch may have", () => {
    // A list that moved by one was 5 MB of operations, which no patch of ours could apply and no broker took.
    const list = (at: number) => Array.from({ length: 1_001 }, (_, n) => (n + at) % 7);
    const bench = createTrackBench({ predictors: ["recall"] });
    bench.send(reset({ state: { list: list(0) } }));
    bench.send(step(0, { state: { list: list(1) } }));
    bench.send(step(1, { state: { list: [...list(1), 8] } }));
    const [whole, added] = bench.out.transitions.map(({ patch }) => JSON.parse(patch ?? "null"));
    expect(whole).toEqual([{ op: "replace", path: "", value: { list: list(1) } }]);
    expect(added).toEqual([{ op: "add", path: "/list/1001", value: 8 }]);
  });

  it("numbers steps itself where events have no numbers, and says that a retry may double them", () => {
    const bench = createTrackBench();
    for (const event of [reset(), action(null), observation(null), step(null)]) bench.send(event);
    expect(qualities(bench)).toEqual(["0:ok", "1:ok"]);
    expect(bench.out.transitions.map((one) => one.flags)).toEqual([["unidentified"], ["unidentified"]]);
  });

  it("takes the first full state from the first observation where the reset has none", () => {
    const bench = createTrackBench();
    bench.send({ type: "reset", episode: "e", environment: "w" });
    for (const event of [
      observation(null, { state: "A room." }),
      action(null),
      observation(null, { state: "A hall." }),
    ])
      bench.send(event);
    expect(bench.out.transitions).toMatchObject([
      { state: '"A room."', nextState: '"A hall."', quality: "ok", kind: "observation" },
    ]);
  });

  it("shows the context on the first transition alone", () => {
    const bench = createTrackBench();
    for (const event of [reset({ context: { goal: 1 } }), step(0), step(1)]) bench.send(event);
    expect(bench.out.transitions.map((one) => one.context)).toEqual(['{"goal":1}', null]);
  });

  it("keeps an intermediate patch that applies, and flags one that does not", () => {
    const bench = createTrackBench();
    bench.send(reset());
    bench.send(step(0, { intermediatePatch: [{ op: "replace", path: "/n", value: 9 }] }));
    bench.send(step(1, { intermediatePatch: [{ op: "remove", path: "/nowhere" }] }));
    expect(bench.out.transitions.map((one) => [one.intermediatePatch, one.flags])).toEqual([
      ['[{"op":"replace","path":"/n","value":9}]', []],
      [null, ["intermediate-failed"]],
    ]);
  });
});

describe("redelivery and conflict", () => {
  it("takes a redelivered event once, also by its id", () => {
    const bench = createTrackBench();
    for (const event of [reset(), reset(), step(0), step(0), step(null, { id: "x" }), step(null, { id: "x" })])
      bench.send(event);
    expect(qualities(bench)).toEqual(["0:ok", "1:ok"]);
    expect(bench.drops("duplicate")).toBe(3);
  });

  it("makes a dead letter of another body under the same identity", () => {
    const bench = createTrackBench();
    for (const event of [reset(), step(0), step(0, { action: "stay" }), action(1), action(1, { action: "stay" })])
      bench.send(event);
    expect(reasons(bench)).toEqual(["conflict", "conflict"]);
    expect(qualities(bench)).toEqual(["0:ok"]);
  });

  it("makes a dead letter of another reset while the episode runs, which goes on", () => {
    const bench = createTrackBench();
    for (const event of [reset(), step(0), reset({ state: { n: 7 } }), step(1)]) bench.send(event);
    expect(reasons(bench)).toEqual(["reset-running"]);
    expect(qualities(bench)).toEqual(["0:ok", "1:ok"]);
  });

  it("drops what comes after the end, and a whole redelivered episode changes nothing", () => {
    const bench = createTrackBench();
    const whole = [reset(), step(0), step(1), end()];
    for (const event of [...whole, step(2), ...whole]) bench.send(event);
    expect(qualities(bench)).toEqual(["0:ok", "1:ok"]);
    expect(bench.out.outcomes).toHaveLength(1);
    expect(bench.drops("after-end")).toBe(4);
    expect(bench.drops("duplicate")).toBe(1);
  });

  it("makes a dead letter of a new reset under the id of an ended episode", () => {
    const bench = createTrackBench();
    for (const event of [reset(), end(), reset({ state: { n: 5 } })]) bench.send(event);
    expect(reasons(bench)).toEqual(["conflict"]);
  });

  it("forgets ended episodes after ten minutes", () => {
    const bench = createTrackBench();
    for (const event of [reset(), end()]) bench.send(event);
    bench.wait(700_000);
    for (const event of [reset(), step(0)]) bench.send(event);
    expect(qualities(bench)).toEqual(["0:ok"]);
  });
});

describe("disorder and gaps", () => {
  it("puts near events in order: an observation before its action, a later step before an earlier one", () => {
    const bench = createTrackBench();
    for (const event of [reset(), observation(0), action(0), step(2), step(1), end()]) bench.send(event);
    expect(qualities(bench)).toEqual(["0:ok", "1:ok", "2:ok"]);
    expect(bench.out.dead).toEqual([]);
  });

  it("waits for the reset too", () => {
    const bench = createTrackBench();
    for (const event of [step(0), reset(), step(1)]) bench.send(event);
    expect(qualities(bench)).toEqual(["0:ok", "1:ok"]);
  });

  it("flags the step across missing ones, does not score it, and goes on", () => {
    const bench = createTrackBench();
    for (const event of [reset(), step(0), step(3), step(4)]) bench.send(event);
    expect(qualities(bench)).toEqual(["0:ok"]);
    bench.wait(10_001);
    bench.tick();
    expect(qualities(bench)).toEqual(["0:ok", "3:gap", "4:ok"]);
    expect(bench.out.scores.map((one) => one.entries.length > 0)).toEqual([true, false, true]);
  });

  it("skips at once when more waits than the reorder buffer holds", () => {
    const bench = createTrackBench({ reorderEventsMax: 4 });
    bench.send(reset());
    for (let number = 2; number < 7; number++) bench.send(step(number));
    expect(qualities(bench)).toEqual(["2:gap", "3:ok", "4:ok", "5:ok", "6:ok"]);
  });

  it("counts an action without observation when the next one comes", () => {
    const bench = createTrackBench();
    for (const event of [reset(), action(null), action(null), observation(null)]) bench.send(event);
    expect(bench.drops("action-without-observation")).toBe(1);
    expect(qualities(bench)).toEqual(["1:gap"]);
  });

  it("makes a dead letter of an observation whose action never comes; its full state mends the episode", () => {
    const bench = createTrackBench();
    for (const event of [reset(), observation(0)]) bench.send(event);
    bench.wait(10_001);
    bench.send(step(1));
    expect(reasons(bench)).toEqual(["observation-without-action"]);
    expect(bench.out.transitions).toMatchObject([{ step: 1, quality: "ok", state: '{"n":1}' }]);
  });

  it("takes a step whose action and observation came too, all of them early: once, and what is left over is counted", () => {
    const bench = createTrackBench();
    bench.send(reset());
    for (const event of [action(1), observation(1), step(1), action(2, { action: "other" })]) bench.send(event);
    bench.send(step(0));
    expect(bench.out.transitions.map((one) => one.step)).toEqual([0, 1]);
    expect(bench.drops("stale-step")).toBe(1);
    bench.send({ type: "end", episode: "e" });
    bench.wait(20_000);
    bench.tick();
    expect(bench.out.outcomes).toMatchObject([{ ending: "end", steps: 2 }]);
    expect(bench.out.dead).toEqual([]);
  });

  it("refuses step numbers far ahead and drops those behind", () => {
    const bench = createTrackBench();
    for (const event of [reset(), step(5_000), step(0), step(1), action(0, { action: "other" })]) bench.send(event);
    expect(reasons(bench)).toEqual(["beyond-window"]);
    expect(bench.drops("stale-step")).toBe(1);
  });

  it("lets an end wait for events before it", () => {
    const bench = createTrackBench();
    for (const event of [reset(), action(0), end()]) bench.send(event);
    expect(bench.out.outcomes).toEqual([]);
    bench.send(observation(0));
    expect(bench.out.outcomes).toMatchObject([{ ending: "end", steps: 1 }]);
  });
});

describe("broken states", () => {
  it("makes a dead letter of a patch that does not apply; the episode is broken until the next full state", () => {
    const bench = createTrackBench();
    const nowhere = [{ op: "replace", path: "/nowhere/at/all", value: 1 }];
    for (const event of [
      reset(),
      step(0, { patch: nowhere }),
      step(1, { patch: [{ op: "replace", path: "/n", value: 2 }] }),
      step(2),
      step(3),
    ])
      bench.send(event);
    expect(reasons(bench)).toEqual(["patch-failed", "no-base-state"]);
    expect(qualities(bench)).toEqual(["2:broken", "3:ok"]);
  });

  it("does not let a patch reach prototypes", () => {
    const bench = createTrackBench();
    bench.send(reset());
    for (const [number, path] of ["/__proto__/polluted", "/constructor/prototype/polluted"].entries()) {
      bench.send(step(2 * number, { patch: [{ op: "add", path, value: true }] }));
      bench.send(step(2 * number + 1));
    }
    expect(reasons(bench)).toEqual(["patch-failed", "patch-failed"]);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });
});

describe("agents that join midway, strangers and silence", () => {
  it("opens an episode by any event that names its environment, at its step", () => {
    const bench = createTrackBench();
    for (const event of [step(7, { environment: "w" }), step(8)]) bench.send(event);
    expect(bench.out.transitions.map((one) => [one.step, one.quality, one.flags])).toEqual([
      [7, "no-state", ["midway"]],
      [8, "ok", ["midway"]],
    ]);
  });

  it("makes dead letters of events whose episode nobody opens in time", () => {
    const bench = createTrackBench();
    for (const event of [step(0), prediction(0), end()]) bench.send(event);
    bench.wait(10_001);
    bench.tick();
    expect(reasons(bench)).toEqual(["unknown-episode", "unknown-episode", "unknown-episode"]);
  });

  it("never opens an episode by a prediction", () => {
    const bench = createTrackBench();
    bench.send(prediction(0, { environment: "w" }));
    bench.wait(10_001);
    bench.tick();
    expect(reasons(bench)).toEqual(["unknown-episode"]);
  });

  it("makes a dead letter of an event that names another environment", () => {
    const bench = createTrackBench();
    for (const event of [reset(), step(0, { environment: "v" })]) bench.send(event);
    expect(reasons(bench)).toEqual(["environment-mismatch"]);
  });

  it("closes silent episodes as abandoned, or as done where the environment said so", () => {
    const bench = createTrackBench();
    for (const event of [reset(), step(0), reset({ episode: "f" }), step(0, { episode: "f", done: true, reward: 1 })])
      bench.send(event);
    bench.wait(1_800_001);
    bench.tick();
    expect(bench.out.outcomes.map((one) => [one.episode, one.ending, one.reward])).toEqual([
      ["e", "abandoned", null],
      ["f", "done", 1],
    ]);
  });

  it("closes the episode idle for longest when there are too many", () => {
    const bench = createTrackBench({ episodesMax: 3 });
    for (let number = 0; number < 5; number++) bench.send(reset({ episode: `e${number}` }));
    expect(bench.out.outcomes.map((one) => one.episode)).toEqual(["e0", "e1"]);
  });
});

describe("predictions by others", () => {
  it("are scored ahead when they come before the truth, whatever their place", () => {
    const bench = createTrackBench();
    for (const event of [
      reset(),
      prediction(1),
      action(0),
      prediction(0, { confidence: 0.9 }),
      observation(0),
      step(1),
    ])
      bench.send(event);
    const theirs = bench.out.scores.map((one) => one.entries.find((entry) => entry.predictor === "theirs"));
    expect(theirs).toMatchObject([
      { exact: true, ahead: true, version: "unversioned", confidence: 0.9 },
      { exact: true, ahead: true },
    ]);
  });

  it("are scored behind, as a further record, when they come after the truth in time", () => {
    const bench = createTrackBench();
    for (const event of [reset(), step(0), prediction(0, { state: { n: 9 }, model: "v2" })]) bench.send(event);
    expect(bench.out.scores.map((one) => [one.first, one.entries.length])).toEqual([
      [true, 4],
      [false, 1],
    ]);
    expect(bench.out.scores[1]?.entries[0]).toMatchObject({
      predictor: "theirs",
      version: "v2",
      exact: false,
      ahead: false,
    });
  });

  it("are dropped when they come too late", () => {
    const bench = createTrackBench();
    for (const event of [reset(), step(0)]) bench.send(event);
    bench.wait(30_001);
    bench.send(prediction(0));
    expect(bench.drops("prediction-late")).toBe(1);
  });

  it("are missing where one who has predicted does not, and the outcome waits for the deadline", () => {
    const bench = createTrackBench();
    for (const event of [reset(), prediction(0), step(0), step(1), end()]) bench.send(event);
    expect(bench.out.outcomes).toEqual([]);
    bench.wait(30_001);
    bench.tick();
    expect(bench.out.scores.at(-1)).toMatchObject({
      step: 1,
      first: false,
      entries: [{ predictor: "theirs", status: "missing" }],
    });
    expect(bench.out.outcomes).toMatchObject([
      { predictors: expect.arrayContaining([{ predictor: "theirs", steps: 1, wrong: 0 }]) },
    ]);
  });

  it("end what waited for them: the outcome comes with the last answer, and what is answered again is dropped", () => {
    const bench = createTrackBench({}, undefined, ["big"]);
    for (const event of [reset(), step(0), step(1), end()]) bench.send(event);
    bench.wait(5_000);
    bench.send({ ...prediction(1), predictor: "big" });
    expect(bench.out.outcomes).toEqual([]);
    bench.send({ ...prediction(0), predictor: "big" });
    expect(bench.out.outcomes).toMatchObject([
      { ending: "end", predictors: expect.arrayContaining([{ predictor: "big", steps: 2, wrong: 0 }]) },
    ]);
    // Who answers late does not make the episode longer.
    const last = bench.out.transitions.at(-1)?.time ?? Number.NaN;
    expect((bench.out.outcomes[0]?.time ?? Number.NaN) - last).toBeLessThan(1_000);
    bench.send({ ...prediction(0), predictor: "big" });
    expect(bench.out.outcomes).toHaveLength(1);
    expect(bench.out.dead).toEqual([]);
  });

  it("are late where a configured remote predictor does not answer, and it is asked by a situation", () => {
    const bench = createTrackBench({ environments: { w: { remote: ["big"] } } });
    for (const event of [reset(), step(0), end()]) bench.send(event);
    expect(bench.out.situations).toHaveLength(1);
    bench.wait(30_001);
    bench.tick();
    expect(bench.out.scores.at(-1)?.entries).toMatchObject([{ predictor: "big", status: "late" }]);
  });

  it("are expected of our own remote predictors for what they were asked alone, and counted where they were not", () => {
    const bench = createTrackBench({ predictWindow: 32 }, undefined, ["big"]);
    bench.send(reset());
    bench.send(step(0));
    bench.send({ ...prediction(0), predictor: "big" });
    // Nothing else is answered: soon there is no room for more.
    for (let at = 1; at <= 60; at++) bench.send(step(at));
    bench.send(end());
    const asked = bench.out.situations.length;
    expect(asked).toBeGreaterThan(16);
    expect(asked).toBeLessThan(40);
    expect(bench.out.situations.every(({ predictors }) => predictors.join() === "big")).toBe(true);
    expect(bench.recorder.count(`driftline_predict_unasked_total{predictor="big"}`)).toBe(61 - asked);
    bench.wait(30_001);
    bench.tick();
    const statuses = bench.out.scores.flatMap(({ entries }) =>
      entries.filter(({ predictor }) => predictor === "big").map(({ status }) => status),
    );
    expect(statuses).toEqual(["answered", ...Array.from({ length: asked - 1 }, () => "late")]);
  });

  it("are taken in time of a step that was asked about, however many others have followed", () => {
    const bench = createTrackBench({ predictWindow: 4 }, undefined, ["big"]);
    bench.send(reset());
    for (let at = 0; at < 40; at++) bench.send(step(at));
    const [first] = bench.out.situations;
    expect(first?.step).toBe(0);
    bench.send({ ...prediction(0), predictor: "big" });
    expect(bench.drops("prediction-late")).toBe(0);
    expect(bench.out.scores.at(-1)).toMatchObject({ step: 0, entries: [{ predictor: "big", status: "answered" }] });
    // Nobody was asked about this one, and many have followed.
    bench.send({ ...prediction(20), predictor: "other" });
    expect(bench.drops("prediction-late")).toBe(1);
  });

  it("are asked for of real steps alone", () => {
    const bench = createTrackBench({}, undefined, ["big"]);
    for (const event of [{ ...reset(), arm: "world_model" }, step(0), step(1), end()]) bench.send(event);
    expect(bench.out.transitions).toHaveLength(2);
    expect(bench.out.situations).toEqual([]);
    bench.wait(30_001);
    bench.tick();
    expect(bench.out.scores.flatMap(({ entries }) => entries).filter(({ predictor }) => predictor === "big")).toEqual(
      [],
    );
  });

  it("are asked for after a restart as before it", async () => {
    const [whole, restarted] = [
      createTrackBench({ predictWindow: 32 }, undefined, ["big"]),
      createTrackBench({ predictWindow: 32 }, undefined, ["big"]),
    ];
    for (const bench of [whole, restarted]) {
      bench.send(reset());
      for (let at = 0; at < 20; at++) bench.send(step(at));
    }
    await restarted.restart();
    for (const bench of [whole, restarted]) for (let at = 20; at < 60; at++) bench.send(step(at));
    expect(restarted.out.situations.length).toBe(whole.out.situations.length);
  });

  it("doubled are taken once; another body is a conflict", () => {
    const bench = createTrackBench();
    for (const event of [reset(), prediction(0), prediction(0), prediction(0, { state: { n: 3 } }), step(0)])
      bench.send(event);
    expect(bench.drops("duplicate")).toBe(1);
    expect(reasons(bench)).toEqual(["conflict"]);
    expect(bench.out.scores[0]?.entries.filter((entry) => entry.predictor === "theirs")).toHaveLength(1);
  });

  it("of steps that are not scored, or never come, are counted", () => {
    const bench = createTrackBench();
    for (const event of [
      reset(),
      prediction(0),
      prediction(5),
      step(0, { patch: [{ op: "remove", path: "/x" }] }),
      end(),
    ])
      bench.send(event);
    expect(bench.drops("prediction-unscored")).toBe(2);
  });

  it("may be patches against the state before; one that does not apply has failed", () => {
    const bench = createTrackBench();
    for (const event of [
      reset(),
      prediction(0, { patch: [{ op: "replace", path: "/n", value: 1 }] }),
      prediction(0, { predictor: "other", patch: [{ op: "remove", path: "/x" }] }),
      step(0),
    ]) {
      bench.send(event);
    }
    const entries = bench.out.scores[0]?.entries ?? [];
    expect(entries.find((entry) => entry.predictor === "theirs")).toMatchObject({ exact: true });
    expect(entries.find((entry) => entry.predictor === "other")).toMatchObject({ status: "failed", exact: null });
  });
});

describe("bad records", () => {
  it("takes no control record from a producer: the pipeline writes them without a key", () => {
    const bench = createTrackBench();
    bench.send(codecs.interaction.encode({ ...blankInteraction, type: "tick" }), "e");
    bench.send(codecs.interaction.encode({ ...blankInteraction, type: "model" }), "e");
    expect(bench.out.dead.map(({ reason }) => reason)).toEqual(["invalid", "invalid"]);
  });

  it("are dead letters with the original bytes and a reason", () => {
    const bench = createTrackBench();
    const cases: readonly (readonly [Uint8Array, string])[] = [
      [Buffer.from("not json"), "undecodable"],
      [Buffer.from("{"), "undecodable"],
      [Buffer.from([0xc3, 0x01, 1, 2]), "undecodable"],
      [Buffer.from([0x00, 0, 0, 0, 1]), "no-registry"],
      [Buffer.from([0x7b, 0xff, 0xfe]), "undecodable"],
      [Buffer.from('{"type":"dance","episode":"e"}'), "invalid"],
      [Buffer.from('{"type":"end","episode":"e","colour":1}'), "invalid"],
      [Buffer.from('{"type":"end","episode":"e","__proto__":{}}'), "invalid"],
      [Buffer.from('{"type":"tick","episode":"e"}'), "invalid"],
      [Buffer.from(`{"type":"end","episode":"e","meta":${"[".repeat(80)}${"]".repeat(80)}}`), "too-large"],
      [Buffer.from(JSON.stringify({ ...end(), time: bench.now() + 600_000 })), "clock"],
    ];
    for (const [bytes] of cases) bench.send(bytes);
    expect(reasons(bench)).toEqual(cases.map(([, reason]) => reason));
    expect(
      bench.out.dead.map((one) =>
        Buffer.from(one.value).equals(Buffer.from(cases[bench.out.dead.indexOf(one)]?.[0] ?? [])),
      ),
    ).not.toContain(false);
  });
});

describe("a restart from the snapshot", () => {
  it("goes on in the middle of everything as if nothing had happened", async () => {
    const events = [
      reset({ context: "c" }),
      prediction(1),
      action(0),
      step(2),
      reset({ episode: "f", state: "text" }),
      observation(0),
      step(1),
      prediction(0),
      step(0, { episode: "g" }),
      action(3),
      end(),
      observation(3),
      step(0, { episode: "f", state: "more text" }),
    ];
    const [plain, restarted] = [createTrackBench(), createTrackBench()];
    for (const event of events) {
      plain.send(event);
      restarted.send(event);
      await restarted.restart();
    }
    for (const bench of [plain, restarted]) {
      bench.wait(2_000_000);
      bench.tick();
    }
    expect(restarted.out).toEqual(plain.out);
    expect(plain.out.transitions).toHaveLength(5);
  });
});
