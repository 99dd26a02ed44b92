/** What stands before an answer now and then, and is no part of it. */
import { describe, expect, it } from "vitest";
import type { Transition } from "../../../../src/codec/records.ts";
import { cut } from "../../../../src/predictors/text-edits/pages/cut.ts";
import { createHeadCounts, headEnd } from "../../../../src/predictors/text-edits/pages/heads.ts";
import { noPages } from "../../../../src/predictors/text-edits/pages/structure.ts";
import { createRandom } from "../../../../src/stats/random.ts";
import { transitionOf } from "../../../support/transitions.ts";
import { learnt, predictAll } from "../toy.ts";

const things = ["bell", "saw", "lamp", "kite", "drum", "rope", "vase", "hat", "fork", "harp", "clock", "spade"];
const verbs = ["rub", "lift", "tap", "shake", "smell"];

/** A shop where each thing lies alone, or beside a red one of its name: then it is said first which is meant. */
function shop(episodes: number, seed: number): Transition[] {
  const random = createRandom(seed);
  return Array.from({ length: episodes }, (_, number) => {
    const here = [0, 1, 2, 3].map((place) => ({
      name: things[(random.below(3) + 3 * place) % things.length] ?? "",
      isTwice: random.next() < 0.3,
    }));
    const page = `== Shop ${number} ==\nYou see ${here
      .flatMap(({ name, isTwice }) => (isTwice ? [`a ${name}`, `a red ${name}`] : [`a ${name}`]))
      .join(", ")}.`;
    let state = page;
    return Array.from({ length: 12 }, (_, step) => {
      const { name, isTwice } = here[random.below(here.length)] ?? { name: "", isTwice: false };
      const verb = verbs[random.below(verbs.length)] ?? "";
      const answer = `${isTwice ? `(the ${name})\n` : ""}You ${verb} the ${name}.`;
      const [action, next] = step % 4 === 3 ? ["look", page] : [`${verb} ${name}`, answer];
      const transition = transitionOf(state, action, next, { episode: `${seed}/${number}`, step });
      state = next;
      return transition;
    });
  }).flat();
}

describe("heads", () => {
  it("are a remark in brackets or a first line, and part of nothing else", () => {
    expect(headEnd("(the cup)\nYou lift it.")).toBe("(the cup)\n".length);
    expect(headEnd("(with the key)You open it.")).toBe("(with the key)".length);
    expect(headEnd("Taken at last.\nYou lift it.")).toBe("Taken at last.\n".length);
    expect(headEnd("You lift it.")).toBeNull();
    expect(headEnd("(all of it)")).toBeNull();
    expect(headEnd(`(${"x".repeat(500)})\nYes.`)).toBeNull();
  });

  it("are learnt from answers that are given without them, too", () => {
    const counts = createHeadCounts();
    const add = (text: string, name: string) =>
      counts.add("lift <0>", text, [name], (body) => body.replace(name, "<0>"));
    for (const kind of ["You lift <0>.", "It is stuck.", "You lift it, and drop it."]) {
      add(kind, "cup");
      add(`(the cup)\n${kind}`, "cup");
      add(`List:\n${kind}!`, "cup");
    }
    expect([...counts.decided()]).toEqual(["(the \u00010\u0002)\n"]);
  });

  it("are cut off with what the action names taken out", () => {
    const structure = { ...noPages, heads: new Set(["(the \u00010\u0002)\n"]) };
    expect(cut(structure, "(the cup)\nYou lift it.", ["cup"])).toEqual({
      head: "(the \u00010\u0002)\n",
      body: "You lift it.",
      tail: "",
    });
    expect(cut(structure, "(the saw)\nYou lift it.", ["cup"]).head).toBe("");
  });

  it("are foretold where a thing's name is part of another's, of things that were never seen so", () => {
    const judged = predictAll(learnt(shop(120, 1)).current(), shop(30, 2));
    const headed = judged.filter(({ transition }) => transition.nextState.startsWith('"('));
    expect(headed.length).toBeGreaterThan(40);
    expect(headed.filter(({ right }) => right).length / headed.length).toBeGreaterThan(0.9);
    expect(judged.filter(({ right }) => right).length / judged.length).toBeGreaterThan(0.9);
  });
});
