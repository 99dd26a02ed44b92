/** What is read of a page: the things it shows, which of them is meant, what ties them, and what is seen from elsewhere. */
import { describe, expect, it } from "vitest";
import { type Links, mentionsIn, noLinks, tie } from "../../../../src/predictors/text-edits/pages/events/links.ts";
import {
  courseKeys,
  movedWithin,
  readCourse,
  toldBy,
} from "../../../../src/predictors/text-edits/pages/events/numbers.ts";
import { createFinder, identityOf } from "../../../../src/predictors/text-edits/pages/naming/referents.ts";
import {
  blocksOf,
  createPresenceCounts,
  seenFrom,
  seenThere,
} from "../../../../src/predictors/text-edits/pages/places.ts";
import { createLinkCounts } from "../../../../src/predictors/text-edits/pages/study/study-links.ts";
import { nodesOf } from "../../../../src/predictors/text-edits/pages/text/nodes.ts";

const page = [
  "The shed. You see:",
  "\tyourself",
  "\ta bench. On the bench is: a tin (holding red paint, a nail), a lamp, which is off.",
  "\ta crate. The crate lid is shut.",
  "\ta shelf. On the shelf is: nothing.",
  "\ta tin (holding nothing)",
  "\ta rack. On the rack is: a tin (holding glue).",
  "\tA book (Hamlet) by a poet",
  "Ways:",
  "\tA door to the yard (that is shut)",
].join("\n");

describe("things of a page", () => {
  const nodes = nodesOf(page);
  const named = (name: string) => nodes.find((one) => one.name === name);

  it("are a tree by colons, brackets and commas; relative clauses and sentences about the same thing go on", () => {
    expect(named("bench")?.kids.map(({ name }) => name)).toEqual(["tin", "lamp"]);
    expect(named("tin")?.kids.map(({ name }) => name)).toEqual(["red paint", "nail"]);
    expect(named("lamp")?.head).toBe("a …, which is off");
    expect(named("crate")?.head).toBe("a …. The … lid is shut");
    expect(named("shelf")).toMatchObject({ holds: true, kids: [] });
    expect(named("book (Hamlet)")).toBeDefined();
    expect(named("door to the yard")?.head).toBe("A … (that is shut)");
  });

  it("have the text that shows them, and what stands before what they hold", () => {
    expect(named("tin")?.text).toBe("a tin (holding red paint, a nail)");
    expect(named("bench")?.opening).toBe("a bench. On the bench is:");
    expect(named("lamp")?.text).toBe("a lamp, which is off");
  });

  it("have longer names where they have an article, but for prose", () => {
    const [poster, order] = ["poster of the seven seas and their ships", "look at the seven seas and their ships"];
    const [first, ...others] = nodesOf(`Wall:\n\ta ${poster}\n\t${order}`);
    expect(first?.name).toBe(poster);
    expect(others).toEqual([]);
    expect(nodesOf(`Wall\n${`You see a ${poster}`}.\n\na ${poster} is here`)).toEqual([]);
    expect(nodesOf(`Wall:\n\ta rope\n\ta ${poster}`)[1]?.name).toBe(poster);
  });

  it("are few and short in any text", () => {
    expect(nodesOf("((((: (: , ".repeat(4_000)).length).toBeLessThan(20_000);
    expect(nodesOf("one line").length).toBe(1);
  });
});

describe("what an argument means", () => {
  const finder = createFinder();
  const meant = (...args: string[]) => finder.find([page], args)[0];

  it("is the thing named so, then one with it in its name, then one that it names, then one by its words", () => {
    expect(meant("crate")?.node.name).toBe("crate");
    expect(meant("hamlet")?.node.name).toBe("book (Hamlet)");
    expect(meant("lamp switch")?.node.name).toBe("lamp");
    expect(meant("yard door")?.node.name).toBe("door to the yard");
    expect(meant("moon")).toBeNull();
  });

  it("is the one that another argument holds, and may be several", () => {
    expect(meant("tin")?.count).toBe(3);
    expect(meant("tin", "rack")?.node.parent?.name).toBe("rack");
    expect(meant("tin", "bench")?.node.parent?.name).toBe("bench");
  });

  it("is the one that holds another argument, or nothing, or that stands in what another argument names", () => {
    expect(meant("tin", "nail")?.node.parent?.name).toBe("bench");
    expect(meant("tin", "nothing")?.node.kids).toEqual([]);
    const bag = "You carry:\n\ta crate, which is red";
    const found = (...args: string[]) => finder.find([page, bag], args, ["shed", "list bag"])[0];
    expect(found("crate")?.text).toBe(0);
    expect(found("crate", "list bag")?.text).toBe(1);
    expect(found("crate", "shed")?.text).toBe(0);
  });

  it("is told apart by place and by what holds it; a door is the same from both sides", () => {
    const at = (here: string | null, roaming: string[] = []) => ({
      here,
      places: new Set(["shed", "yard"]),
      roaming: new Set(roaming),
    });
    const door = meant("door") ?? null;
    const back = finder.find(["The yard.\n\tA door to the shed (that is shut)"], ["door"])[0] ?? null;
    expect(identityOf("door", door, at("shed"))).toBe(identityOf("door", back, at("yard")));
    const crate = meant("crate") ?? null;
    expect(identityOf("crate", crate, at("shed"))).not.toBe(identityOf("crate", crate, at("yard")));
    expect(identityOf("crate", crate, at("shed", ["crate"]))).toBe(identityOf("crate", crate, at("yard", ["crate"])));
    expect(identityOf("yard", crate, at("shed"))).toBe("yard");
  });
});

describe("ends that answers tie", () => {
  const rules = { ...noLinks, ends: new Set(["plug of", "socket of"]), clears: new Set(["is loose"]) };

  it("are taken until words free them, on both sides", () => {
    const links: Links = new Map();
    const say = (text: string, called: string[], step: number) =>
      tie(links, rules, mentionsIn(text, called), called, step);
    say("plug of lamp now fits socket of wall", ["lamp", "wall"], 1);
    expect([...(links.get("lamp")?.keys() ?? [])]).toEqual(["plug of"]);
    expect(links.get("wall")?.get("socket of")?.other).toBe("lamp");
    say("You put lamp near wall", ["lamp", "wall"], 2);
    expect(links.get("lamp")?.size).toBe(1);
    say("lamp is loose", ["lamp"], 3);
    expect(links.get("lamp")).toBeUndefined();
    expect(links.get("wall")?.size).toBe(0);
  });

  it("an argument that is the words of another's end is none", () => {
    const all = mentionsIn("plug of lamp now fits socket of wall", ["plug", "lamp", "wall"]);
    expect(all.map(({ at, words }) => [at, words])).toEqual([
      [1, "plug of"],
      [2, "socket of"],
    ]);
  });

  it("are learnt: words of both places, words after which an end is taken anew, things that are one everywhere", () => {
    const counts = createLinkCounts();
    const tied = (a: string, one: string, b: string, other: string) =>
      mentionsIn(`end ${a} of ${one} fits end ${b} of ${other}`, [one, other]);
    for (let episode = 0; episode < 12; episode++) {
      let step = 0;
      const add = (all: ReturnType<typeof mentionsIn>, ...things: string[]) => counts.add(episode, all, things, step++);
      add(tied("a", "pin", "b", "hook"), "pin @ hall", "hook @ hall");
      add(tied("b", "rod", "a", "bar"), "rod @ hall", "bar @ hall");
      add(mentionsIn("You see pin", ["pin"]), "pin @ hall");
      add(tied("b", "pin", "a", "ring"), "pin @ hall", "ring @ hall");
      add(mentionsIn("hook is off", ["hook"]), "hook @ hall");
      add(tied("b", "hook", "a", "knob"), "hook @ hall", "knob @ hall");
      add(tied("a", "ring", "b", "cord"), "ring @ yard", "cord @ yard");
      add(mentionsIn("ring turns round", ["ring"]), "ring @ yard");
      add(tied(episode % 2 === 0 ? "a" : "b", "ring", "a", "rail"), "ring @ yard", "rail @ yard");
      add(tied("a", "me", "b", "post"), "me @ hall", "post @ hall");
      add(tied("b", "me", "a", "gate"), "me @ yard", "gate @ yard");
    }
    const { ends, clears, roaming } = counts.decided();
    expect([...ends].sort()).toEqual(["a of", "b of"]);
    expect([...clears]).toEqual(["is off"]);
    expect([...roaming]).toEqual(["me"]);
  });
});

describe("what frees a thing", () => {
  it("may be that the other was freed, and then other words have not", () => {
    const counts = createLinkCounts();
    const tied = (a: string, one: string, b: string, other: string) =>
      mentionsIn(`end ${a} of ${one} fits end ${b} of ${other}`, [one, other]);
    for (let episode = 0; episode < 24; episode++) {
      let step = 0;
      const add = (all: ReturnType<typeof mentionsIn>, ...things: string[]) => counts.add(episode, all, things, step++);
      add(tied("b", "nut", "a", "bolt"), "nut", "bolt");
      add(mentionsIn("nut is off", ["nut"]), "nut");
      add(tied("b", "nut", "a", "axle"), "nut", "axle");
      add(tied("a", "pin", "b", "hook"), "pin", "hook");
      add(mentionsIn("You pass pin", ["pin"]), "pin");
      // Every other time it is still tied, and its other end is taken.
      if (episode % 3 > 0) add(mentionsIn("hook is off", ["hook"]), "hook");
      add(tied(episode % 3 > 0 ? "a" : "b", "pin", "b", "rail"), "pin", "rail");
    }
    expect([...counts.decided().clears]).toEqual(["is off"]);
  });
});

describe("pages of places", () => {
  it("are seen from elsewhere without what shows who is there", () => {
    const counts = createPresenceCounts();
    for (let seen = 0; seen < 30; seen++) {
      counts.add(`Hall ${seen}\n\tyourself\n\ta chair`, true);
      counts.add(`Hall ${seen}\n\ta chair`, false);
    }
    const presence = counts.decided();
    expect([...presence]).toEqual(["\tyourself"]);
    expect(seenFrom({ presence }, page)).not.toContain("yourself");
    expect(seenThere({ presence }, seenFrom({ presence }, page))).toBe(page);
  });

  it("have blocks of lines, as they stand and one behind the other", () => {
    const told = new Map(blocksOf(page, "0").map(({ name, text }) => [name, text]));
    expect(told.get("0 block 1")).toBe("\tA door to the yard (that is shut)");
    expect(told.get("0 listed 1")).toBe("A door to the yard (that is shut)");
    expect(told.get("0 block 0")?.split("\n").length).toBe(7);
  });
});

describe("numbers that go on", () => {
  const none = { words: "", from: 0, readings: [] };
  const course = (values: readonly [at: number, value: number][]) =>
    values.reduce<ReturnType<typeof readCourse>>(
      (before, [at, value]) => readCourse(`It is ${value}.`, at, before ?? undefined),
      null,
    ) ?? undefined;

  it("straight, whatever is rounded down", () => {
    const readings = [0, 1, 2, 4, 5, 7].map((at) => [at, Math.floor(0.4 + 1.7 * at)] as [number, number]);
    expect(movedWithin(course(readings), 9)).toBe(`It is ${Math.floor(0.4 + 1.7 * 9)}.`);
    expect(movedWithin(course(readings.slice(0, 2)), 9)).toBeNull();
    expect(movedWithin(course([...readings, [8, 90]]), 9)).toBeNull();
  });

  it("as their last readings would have been told", () => {
    const told = (...values: number[]) =>
      Object.fromEntries(toldBy(course(values.map((value, at) => [at, value])) ?? none));
    expect(told(4, 4, 4)).toMatchObject({ "as they were": 2 });
    expect(told(1, 4, 9, 14)).toMatchObject({ "as they were": 0, "as the last two": 1 });
    expect(told(1, 4, 7, 10)).toMatchObject({ "as the last two": 2, evenly: 2 });
    const both = readCourse("from 1 to 2", 1, readCourse("from 1 to 2", 0, undefined) ?? undefined);
    expect(toldBy(both ?? none)).toEqual([]);
  });

  it("are remembered by what was asked and the last two", () => {
    const [one, two] =
      courseKeys(
        course([
          [0, 5],
          [1, 8],
        ]),
        "ask",
        2,
      ) ?? [];
    expect(
      courseKeys(
        course([
          [0, 4],
          [1, 8],
        ]),
        "ask",
        2,
      )?.[0],
    ).toBe(one);
    expect(
      courseKeys(
        course([
          [0, 4],
          [1, 8],
        ]),
        "ask",
        2,
      )?.[1],
    ).not.toBe(two);
    expect(
      courseKeys(
        course([
          [0, 5],
          [1, 8],
        ]),
        "ask again",
        2,
      )?.[0],
    ).not.toBe(one);
  });
});
