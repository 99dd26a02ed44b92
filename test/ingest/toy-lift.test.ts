/** The sample's scripted drift: events that ingest takes, and an alarm with the right cause that recovers once the lift is mended. */
import { describe, expect, it } from "vitest";
import { validateEvent } from "../../src/codec/events.ts";
import type { Alarm } from "../../src/codec/records.ts";
import { type LiftAct, type LiftEvent, liftEpisode } from "../../src/ingest/toy-lift.ts";
import { createDrift } from "../../src/monitor/drift/drift.ts";
import { defaultsOf } from "../support/defaults.ts";
import { endOf } from "../support/drift.ts";
import { entryOf, scoreOf } from "../support/scores.ts";

const { drift: options } = defaultsOf().monitor;

function watchScript(script: readonly (readonly [LiftAct, number])[]) {
  const alarms: (Alarm & { readonly at: number })[] = [];
  let number = 0;
  const raise = (alarm: Alarm) => void alarms.push({ ...alarm, at: number });
  const drift = createDrift({ options, own: new Set(), raise, lost() {} });
  for (const [act, episodes] of script)
    for (const end = number + episodes; number < end; number++) play(liftEpisode(number, act));

  function play(events: readonly LiftEvent[]): void {
    const text = (value: unknown) => JSON.stringify(value);
    const predictions = events.filter(({ type }) => type === "prediction");
    const steps = events.filter(({ type }) => type === "step");
    const episode = String(events[0]?.["episode"]);
    for (const [step, event] of steps.entries()) {
      const exact = text(predictions[step]?.["state"]) === text(event["state"]);
      const score = scoreOf(step, number, [entryOf("toy-simulator", exact, { confidence: null })], {
        ...{ environment: "toy-lift", episode, step, actionName: String(event["action"]), truth: "t" },
      });
      drift.score(score, number);
    }
    drift.outcome(endOf(episode, steps.length, "toy-lift"), number);
  }
  return alarms;
}

describe("the toy lift", () => {
  it("is made of events that ingest takes, and is the same each time", () => {
    for (const act of ["usual", "changed", "mended"] as const) {
      const events = liftEpisode(3, act);
      for (const event of events) expect(validateEvent(event)).toMatchObject({ ok: true });
      expect(liftEpisode(3, act)).toEqual(events);
    }
  });

  it("drifts as the script says: one alarm, cause model, within the changed act; it recovers when the lift is mended", () => {
    const alarms = watchScript([
      ["usual", 102],
      ["changed", 90],
      ["mended", 200],
    ]);
    expect(alarms.map(({ status, cause }) => [status, cause])).toEqual([
      ["open", "model"],
      ["recovered", "model"],
    ]);
    expect(alarms[0]?.at).toBeGreaterThanOrEqual(102);
    expect(alarms[0]?.at).toBeLessThan(150);
    expect(Math.abs((alarms[0]?.since ?? 0) - 102)).toBeLessThanOrEqual(20);
  });

  it("raises no alarm while nothing changes", () => {
    expect(watchScript([["usual", 600]])).toEqual([]);
  });
});
