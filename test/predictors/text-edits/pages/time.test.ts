/** Time: how long events take is learnt from numbers that move evenly, and what was done is the same however it was asked for. */
import { describe, expect, it } from "vitest";
import { doneBy } from "../../../../src/predictors/text-edits/pages/events/done.ts";
import { durationKeys, durationOf } from "../../../../src/predictors/text-edits/pages/events/durations.ts";
import { noPages } from "../../../../src/predictors/text-edits/pages/structure.ts";
import { createDurationCounts } from "../../../../src/predictors/text-edits/pages/study/study-durations.ts";
import { readPages, writePages } from "../../../../src/predictors/text-edits/pages/written.ts";
import { hole } from "../../../../src/predictors/text-edits/reading.ts";

const asked = (template: string, ...args: string[]) => ({ template, args });
const watch = asked(`watch ${hole("0")}`, "boat");
const form = (text: string) => text.replace("boat", hole("0"));

describe("how long events take", () => {
  const counts = createDurationCounts();
  let time = 0;
  const act = (
    action: { readonly template: string; readonly args: readonly string[] },
    text: string,
    takes: number,
  ) => {
    time += takes;
    const said = text === "" ? `the boat is at mile ${Math.round(2.3 * time)}` : text;
    counts.add(action.args.join(), durationKeys(action, form(said)), said);
  };
  const [nap, list, row] = [asked("nap"), asked("list"), asked("row")];
  for (let trip = 0; trip < 10; trip++) {
    counts.begin();
    time = trip;
    for (let step = 0; step < 12; step++) act(watch, "", 1);
    for (const [other, text, takes] of [
      [nap, "You sleep.", 7],
      [list, "You have:\n\ta cup", 0],
      [row, "You row.", 1],
    ] as const) {
      act(other, text, takes);
      act(watch, "", 1);
      act(watch, "", 1);
    }
    // Of several at once the one that was seen least is judged by what the others take.
    act(row, "You row.", 1);
    act(asked("rest"), "You rest.", 4);
    act(watch, "", 1);
  }
  const durations = counts.decided();
  const took = (action: { readonly template: string; readonly args: readonly string[] }, text: string) =>
    durationOf({ durations, refusals: new Set(["You cannot."]) }, action, text);

  it("is what a number went on further meanwhile, in readings of it", () => {
    expect(took(nap, "You sleep.")).toBe(7);
    expect(took(list, "You have:\n\ta lamp")).toBe(0);
    expect(took(row, "You row.")).toBe(1);
    expect(took(asked("rest"), "You rest.")).toBe(4);
  });

  it("is told by the answer alone where the verb is new, and else one, but of what is refused", () => {
    expect(took(asked("doze"), "You sleep.")).toBe(7);
    expect(took(asked("sing"), "You sing.")).toBe(1);
    expect(took(asked("sing"), "You cannot.")).toBe(0);
  });

  it("is not learnt where numbers move unevenly", () => {
    const uneven = createDurationCounts();
    const fall = (at: number) => at * at;
    for (let trip = 0; trip < 4; trip++) {
      uneven.begin();
      for (let at = 0; at < 20; at++) {
        uneven.add("boat", durationKeys(watch, ""), `the boat is at mile ${fall(at)}`);
        if (at % 4 === 3) uneven.add("", durationKeys(nap, "You sleep."), "You sleep.");
      }
    }
    expect([...uneven.decided().keys()]).toEqual([]);
  });

  it("goes with a version, and is absent in older ones", () => {
    const written = writePages({ ...noPages, durations });
    expect(readPages(JSON.parse(JSON.stringify(written))).durations).toEqual(durations);
    const { durations: _, ...before } = written;
    expect(readPages(before).durations.size).toBe(0);
  });
});

describe("what was done", () => {
  const [short, long] = [
    asked(`take ${hole("0")}`, "cup"),
    asked(`take ${hole("0")} in ${hole("1")} from ${hole("2")}`, "tea", "cup", "shelf"),
  ];

  it("is told by the answer: what it names comes first, in its order", () => {
    expect(doneBy(short, `You take the ${hole("0")}.`).order).toEqual([0]);
    const done = doneBy(long, `You take the ${hole("1")}.`);
    expect(done.order).toEqual([1, 0, 2]);
    expect(done.key).toBe(doneBy(short, `You take the ${hole("0")}.`).key);
    expect(doneBy(long, `From the ${hole("2")} you take the ${hole("1")}, the ${hole("2")} is bare.`).order).toEqual([
      2, 1, 0,
    ]);
  });

  it("is told by the action where the answer names nothing", () => {
    expect(doneBy(long, "Taken.").key).not.toBe(doneBy(short, "Taken.").key);
    expect(doneBy(long, "Taken.").order).toEqual([0, 1, 2]);
  });
});
