/** The form of an action: its name, and what is left when its arguments are taken out. */
import { expect, it } from "vitest";
import type { Json } from "../../src/json/json.ts";
import { actionFormOf, actionName } from "../../src/track/action-form.ts";

const page = "A kitchen.\nHere are an oak door, a red box and a brass key.";
const template = (action: Json, state: Json = page) =>
  actionFormOf(action, "observation", state).template.replace(/\uFDD0(\d)/g, "<$1>");

it("is told by the words that are no arguments: those that the text before names, and those with a number", () => {
  expect(template("open red box")).toBe("open <0>");
  expect(template("open oak door with brass key")).toBe("open <0> with <1>");
  expect(template("open oak door with red box")).toBe("open <0> with <1>");
  expect(template("go to desk 1", "")).toBe("go to <0>");
  // What nobody has named stays: an unknown world is told apart by its words.
  expect(template("open green box")).toBe("open green <0>");
  expect(template("  look  ")).toBe("look");
  expect(actionFormOf("open red box", "observation", page).name).toBe("open");
});

it("of a call is told by which arguments there are", () => {
  const of = (args: Json) => actionFormOf({ name: "book", arguments: args }, "state", { a: 1 });
  expect(of({ from: "x", to: "y" })).toEqual(of({ to: "u", from: "v" }));
  expect(of({ from: "x" })).not.toEqual(of({ from: "x", to: "y" }));
  expect(of({}).template).toBe("book");
});

it("is bounded, and whole as text, whatever comes in", () => {
  const long = "😀".repeat(2_000);
  for (const action of [
    long,
    { name: long, arguments: { [long]: long } },
    { a: long },
    [long],
    7,
    null,
    `say ${"x ".repeat(900)}`,
  ]) {
    const { name, template: shown } = actionFormOf(action, "observation", "y".repeat(1_000_000));
    expect(name.length).toBeLessThanOrEqual(128);
    expect(shown.length).toBeLessThanOrEqual(200);
    expect(name.isWellFormed() && shown.isWellFormed()).toBe(true);
    expect(actionName(action)).toBe(name);
  }
});
