/** Spots of pages: two wordings of one thing, which events turn into each other. */
import { describe, expect, it } from "vitest";
import {
  keepSpots,
  noSpots,
  type Spots,
  spotStates,
  spotsIn,
  turned,
  turnKey,
} from "../../../../src/predictors/text-edits/pages/events/spots.ts";
import { createSpotCounts } from "../../../../src/predictors/text-edits/pages/study/study-spots.ts";
import { eventOfTest } from "./event.ts";

const full = "Hall\nA tub stands here. By the tub is a pin. How odd! You may go.";
const bare = "Hall\nA tub stands here. Nobody left anything. You may go.";

const grab = eventOfTest("grab", "pin", "tub");
const turnsOfTest = new Map([
  [
    turnKey(grab, 1),
    { to: spotStates.bare, fromSilence: false, wording: [{ separator: " ", text: "Nobody left anything." }] },
  ],
]);
const wordings = [
  [
    { separator: " ", text: "By the tub is \u0001list\u0002." },
    { separator: " ", text: "How odd!" },
  ],
];

describe("spots of a page", () => {
  it("are where two sights differ, but for what lists show and what things are called", () => {
    const [spot, ...others] = spotsIn(full, bare, ["pin", "tub"]);
    expect(others).toEqual([]);
    expect(spot?.thing).toBe("tub");
    expect(spot?.before.map(({ text }) => text)).toEqual(["By the tub is \u0001list\u0002.", "How odd!"]);
    expect(spot?.after.map(({ text }) => text)).toEqual(["Nobody left anything."]);
    expect(spotsIn(full, full.replace("a pin", "a nut and a jar"), ["pin", "tub"])).toEqual([]);
    expect(spotsIn(full, bare, [])).toEqual([]);
  });

  it("are of sentences: lines that are indented show things, and have none", () => {
    const indented = (page: string) => page.replace("\n", "\n\t");
    expect(spotsIn(indented(full), indented(bare), ["pin", "tub"])).toEqual([]);
    expect(turned({ ...noSpots, turns: turnsOfTest }, new Map(), "Hall", indented(full), grab)).toBe(indented(full));
    expect(turned({ ...noSpots, turns: turnsOfTest, wordings }, new Map(), "Hall", full, grab)).toBe(bare);
  });
});

describe("events", () => {
  const counts = createSpotCounts();
  for (const [tub, thing] of [
    ["vat", "nut"],
    ["pail", "jar"],
    ["sink", "mug"],
  ] as const) {
    const [shown, empty] = [full, bare].map((page) => page.replaceAll("tub", tub).replace("pin", thing));
    counts.add(shown ?? "", empty ?? "", [eventOfTest("grab", thing, tub)]);
    counts.add(empty ?? "", shown ?? "", [eventOfTest("stow", thing, tub)]);
    const shut = `Den\nA crate stands here, the ${tub} of old. You may go.`;
    const open = `Den\nA crate stands here, the ${tub} of old. In the ${tub} is a ${thing}. You may go.`;
    counts.add(shut, open, [{ ...eventOfTest("lift", tub), listed: [`a ${thing}`] }]);
    counts.add(open, shut, [eventOfTest("drop", tub)]);
  }
  const rules = counts.decided();
  const spots: Spots = new Map();
  const stand = "Loft\nA rack stands here. On the rack lies a cap. Well. You may go.";
  const empty = "Loft\nA rack stands here. It bears nothing. You may go.";
  keepSpots(spots, "Loft", spotsIn(stand, empty, ["rack", "cap"]));
  const turn = (page: string, event: ReturnType<typeof eventOfTest>, known = spots) =>
    turned(rules, known, page.slice(0, page.indexOf("\n")), page, event);

  it("turn the wordings that an episode has shown into each other, with what is listed now", () => {
    expect(turn(empty, eventOfTest("stow", "pen", "rack"))).toBe(stand.replace("a cap", "a pen"));
    expect(turn(stand, eventOfTest("grab", "cap", "rack"))).toBe(empty);
  });

  it("leave a list of more, or one that is there", () => {
    const more = stand.replace("a cap", "a cap and a pen");
    expect(turn(more, eventOfTest("grab", "cap", "rack"))).toBe(more);
    expect(turn(stand, eventOfTest("stow", "pen", "rack"))).toBe(stand);
    expect(turn(stand, eventOfTest("touch", "pen", "rack"))).toBe(stand);
  });

  it("bring what other worlds showed where the episode has shown nothing, and take it away", () => {
    const shut = "Cave\nThe chest is here. You may go.";
    const open = "Cave\nThe chest is here. In the chest is a gem and a map. You may go.";
    const lift = { ...eventOfTest("lift", "chest"), listed: ["a gem", "a map"] };
    expect(turn(shut, lift, new Map())).toBe(open);
    expect(turn(open, eventOfTest("drop", "chest"), new Map())).toBe(shut);
  });
});
