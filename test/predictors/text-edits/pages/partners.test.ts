/** What the context names together with a thing. */
import { describe, expect, it } from "vitest";
import { situationOf } from "../../../../src/predictors/situation.ts";
import { toldOf } from "../../../../src/predictors/text-edits/pages/text/lift.ts";
import { partnersOf } from "../../../../src/predictors/text-edits/pages/text/partners.ts";
import { transitionOf } from "../../../support/transitions.ts";
import { learnt } from "../toy.ts";

const words = new Set(["from", "into"]);
const of = (goal: string, thing: string) => partnersOf(toldOf("goal", goal), words, thing);

describe("what the context names together with a thing", () => {
  it("stands before a function word and the thing, with its article", () => {
    expect(of("Go west. Then take the ring from the old box.", "old box")).toEqual([{ word: "from", text: "a ring" }]);
    expect(of("Take the opal ring from within the shut box.", "box")).toEqual([{ word: "from", text: "an opal ring" }]);
    expect(of("Take the ring from the box and put the pin into the box.", "box")).toEqual([
      { word: "from", text: "a ring" },
      { word: "into", text: "a pin" },
    ]);
  });

  it("is rather of the thing itself than of another whose name ends like it", () => {
    const goal = "Take the ring from the red box. Take the pin from the box.";
    expect(of(goal, "box")).toEqual([{ word: "from", text: "a pin" }]);
    expect(of(goal, "red box")).toEqual([{ word: "from", text: "a ring" }]);
  });

  it("is none of another sentence, or without such a word", () => {
    for (const goal of ["Take the ring. From the box comes a noise.", "Take the ring near the box.", "Open the box."])
      expect(of(goal, "box")).toEqual([]);
    expect(of("A ring, from the box", "box")).toEqual([]);
  });

  it("is foretold where answers show it first", () => {
    const rings = ["ring", "pin", "opal", "coin", "nail", "bead", "egg", "urn", "lens", "cork"];
    const boxes = ["oak box", "tin", "drawer", "crate", "basket", "chest"];
    const hall = "You stand in a hall.";
    const visits = Array.from({ length: 120 }, (_, episode) => {
      const [thing = "", box = "", other = ""] = [rings[episode % 10], boxes[episode % 6], boxes[(episode + 1) % 6]];
      const named = /^[aeiou]/.test(thing) ? `an ${thing}` : `a ${thing}`;
      const context = JSON.stringify({ goal: `Be quick. Take the ${thing} from the ${box}.` });
      const acts = [
        [`open ${box}`, `You open the ${box}, and see ${named}.`],
        [`take ${thing} from ${box}`, `You take the ${thing}.`],
        [`open ${other}`, `You open the ${other}.`],
        [`view ${thing}`, "It is small."],
        [`view ${box}`, "It is big."],
      ] as const;
      let state = hall;
      return acts.map(([action, next], step) => {
        const transition = transitionOf(state, action, next, { episode: `e${episode}`, step, context });
        state = next;
        return transition;
      });
    });
    const predictor = learnt(visits.flat()).current();
    const context = JSON.stringify({ goal: "Be quick. Take the amber from the lamp." });
    const said = (action: string) => {
      const asked = transitionOf(hall, action, "?", { episode: "new", step: 0, context });
      const prediction = predictor.predict(situationOf(asked, context, undefined, []));
      return (
        prediction.status === "answered" && prediction.next.form === "state" && JSON.parse(prediction.next.stateText)
      );
    };
    expect(said("open lamp")).toBe("You open the lamp, and see an amber.");
    expect(said("open jar")).toBe("You open the jar.");
  });
});
