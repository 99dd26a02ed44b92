/** Sentences of a page that name in other letters what an action names: gates by the side where they are. */
import { describe, expect, it } from "vitest";
import {
  createLetteredCounts,
  lettered,
  letteredWords,
} from "../../../../src/predictors/text-edits/pages/events/lettered.ts";
import type { Random } from "../../../../src/stats/random.ts";
import { learnt, predictAll } from "../toy.ts";
import { eventOfTest } from "./event.ts";
import { strolls } from "./strolls.ts";

const halls = ["old mill", "barn", "chapel", "forge", "long hall", "dairy"];
const kinds = ["oak gate", "iron grille", "hatch", "low arch"];
const sides = ["North", "East", "South"];

interface Hall {
  readonly name: string;
  readonly gates: { readonly kind: string; readonly to: string; isOpen: boolean }[];
}

function pageOf({ name, gates }: Hall): string {
  const shown = gates.map(({ kind, to, isOpen }, at) =>
    isOpen
      ? `Through the raised ${kind}, to the ${sides[at]} you see the ${to}.`
      : `To the ${sides[at]} you see a lowered ${kind}.`,
  );
  return `You stand in the ${name}. It is quiet here. \n${shown.join(" ")}`;
}

function act(hall: Hall, random: Random): readonly [action: string, answer: string] {
  const at = random.below(sides.length);
  const gate = hall.gates[at];
  if (gate === undefined || random.next() < 0.5) return ["look", pageOf(hall)];
  gate.isOpen = !gate.isOpen;
  const side = sides[at]?.toLowerCase();
  return gate.isOpen
    ? [`raise gate to ${side}`, `You raise the ${gate.kind}, revealing the ${gate.to}.`]
    : [`lower gate to ${side}`, `You lower the ${gate.kind}.`];
}

function walks(count: number, seed: number) {
  const begin = (random: Random): Hall => ({
    name: halls[random.below(halls.length)] ?? "",
    gates: sides.map(() => ({
      kind: kinds[random.below(kinds.length)] ?? "",
      to: halls[random.below(halls.length)] ?? "",
      isOpen: false,
    })),
  });
  return strolls({ begin, page: pageOf, act }, count, seed, 16);
}

const event = { ...eventOfTest("raise", "gate to north"), said: "You raise the oak gate, revealing the old mill." };
const before = "The hall. \nTo the North you see a lowered oak gate. To the East you see a barn.";
const after = "The hall. \nThrough the raised oak gate, to the North you see the old mill. To the East you see a barn.";

describe("a sentence in other letters", () => {
  it("is foretold from what it and the answer say", () => {
    const judged = predictAll(learnt(walks(50, 1)).current(), walks(12, 2));
    const looks = judged.filter(({ transition }) => transition.action === '"look"');
    expect(looks.filter(({ right }) => right).length / looks.length).toBeGreaterThan(0.9);
  });

  it("is changed as it was seen to be twice, and with the words of this event", () => {
    const counts = createLetteredCounts();
    for (let time = 0; time < 2; time++) counts.add(before, after, [event]);
    const rules = counts.decided();
    expect(lettered(rules, before, event)).toBe(after);
    const other = { ...event, actionText: "raise hatch to east", said: "You raise the hatch, revealing the dairy." };
    expect(lettered(rules, "To the East you see a lowered hatch.", other)).toBe(
      "Through the raised hatch, to the East you see the dairy.",
    );
    expect([...rules.values()].map(letteredWords)).toEqual([
      'becomes "Through the raised <the answer\'s words between "the" and ",">, to <its own words between "To" and "a"> ' +
        '<the answer\'s words between "revealing" and ".">."',
    ]);
  });

  it("stays where nothing was learnt, where another side is named, and where the sentence says nothing of the kind", () => {
    const counts = createLetteredCounts();
    counts.add(before, after, [event]);
    expect(counts.decided().size).toBe(0);
    counts.add(before, after, [event]);
    const rules = counts.decided();
    const south = { ...event, actionText: "raise gate to south" };
    expect(lettered(rules, before, south)).toBe(before);
    expect(lettered(rules, "To the North you see it", event)).toBe("To the North you see it");
    expect(lettered(rules, `${"x".repeat(5_000)}. ${before}`, event)).toContain("lowered oak gate");
  });
});
