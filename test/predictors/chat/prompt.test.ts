/** The conversation that a model is given: word for word the published form, and what bounds it. */
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { createExampleMemory } from "../../../src/predictors/chat/examples.ts";
import type { ChatOptions } from "../../../src/predictors/chat/options.ts";
import { promptsFor } from "../../../src/predictors/chat/prompt.ts";
import { situationAfter } from "../../support/situations.ts";

const bare: ChatOptions = {
  shots: "none",
  shotsCount: 3,
  examples: null,
  examplesMax: 100,
  examplesBytesMax: 1_000_000,
  exampleCharactersMax: 6_000,
  system: "auto",
  instructions: "none",
  historySteps: 64,
  successSuffix: " [SUCCESS]",
  maxTokens: 512,
};
const walk = ["You are in the hall.", "go north", "You are in the garden.", "go south", "You are in the hall.", "look"];

function turnsOf(told: readonly Json[], context: Json, options: Partial<ChatOptions> = {}) {
  const [prompt] = promptsFor([situationAfter(told, { context })], { ...bare, ...options }, null);
  return prompt?.whole.turns.map(({ role, text }) => [role, text]);
}

describe("the chat form of text worlds", () => {
  it("is the published one where a context is known: environment information, first observation, then actions as user", () => {
    const context = {
      goal: "find a pen",
      openDoors: ["north", "south"],
      objects: { "desk 1": { contains: ["pen 2"] }, note: "two\nlines" },
    };
    expect(turnsOf(walk, context)).toEqual([
      [
        "system",
        '# Environment Information (Only visible to Assistant)\n\n=== Goal ===\nfind a pen\n\n=== Open Doors ===\n- north\n- south\n\n=== Objects ===\ndesk 1: {"contains":["pen 2"]}\nnote:\ntwo\nlines\n\n# User Environment Information (Displayed to User)\n\nYou are in the hall.\n',
      ],
      ["user", "go north"],
      ["assistant", "You are in the garden."],
      ["user", "go south"],
      ["assistant", "You are in the hall."],
      ["user", "look"],
    ]);
  });

  it("has the first observation alone as system turn where nothing but the goal is known, or when told", () => {
    expect(turnsOf(walk.slice(-2), { goal: "find a pen" })).toEqual([
      ["system", "You are in the hall."],
      ["user", "look"],
    ]);
    expect(turnsOf(walk.slice(-2), { map: "x" }, { system: "observation" })?.[0]).toEqual([
      "system",
      "You are in the hall.",
    ]);
  });

  it("does not repeat a goal that the first observation states, and takes a text for context as it is", () => {
    const told = ["Your task is to: find a pen.", "look"];
    const [system] = turnsOf(told, { goal: "find a pen", map: "one room" }) ?? [];
    expect(system?.[1]).not.toContain("=== Goal ===");
    expect(turnsOf(told, "a plain text")?.[0]?.[1]).toContain("\n\na plain text\n\n");
  });

  it("tells a model that was not fine-tuned what it plays, with the literal suffix of success", () => {
    const [system] = turnsOf(walk, null, { instructions: "brief" }) ?? [];
    expect(system?.[1]).toMatch(/^You are the environment .* ends with " \[SUCCESS\]"\.\n\nYou are in the hall\.$/s);
  });

  it("shows the newest steps where there are more than wanted, and the first observation all the same", () => {
    const [prompt] = promptsFor([situationAfter(walk)], { ...bare, historySteps: 1 }, null);
    expect(prompt?.whole.turns.map(({ text }) => text)).toEqual([
      "You are in the hall.",
      "go south",
      "You are in the hall.",
      "look",
    ]);
    expect(prompt?.whole.stepsDropped).toBe(1);
    expect(prompt?.shorter(2).turns).toHaveLength(2);
  });
});

describe("the chat form of structured worlds", () => {
  const door = (open: boolean, at = 0) => ({ door: { open }, at });

  it("gives the whole state with the action, earlier steps as action and patch, and asks for RFC 6902", () => {
    const told = [door(false), "open", door(true), { name: "walk", arguments: { to: 1 } }, door(true, 1), "close"];
    const turns = turnsOf(told, { rules: "doors open" });
    expect(turns?.[0]?.[1]).toContain("RFC 6902");
    expect(turns?.[0]?.[1]).toContain("=== Rules ===\ndoors open");
    expect(turns?.slice(1)).toEqual([
      ["user", "Action: open"],
      ["assistant", '[{"op":"replace","path":"/door/open","value":true}]'],
      ["user", 'Action: {"arguments":{"to":1},"name":"walk"}'],
      ["assistant", '[{"op":"replace","path":"/at","value":1}]'],
      ["user", 'State: {"at":1,"door":{"open":true}}\n\nAction: close'],
    ]);
  });
});

describe("examples in the prompt", () => {
  const limits = { entriesMax: 100, bytesMax: 1_000_000, charactersMax: 6_000 };

  it("never hold the outcome of a step that the same call predicts", () => {
    const memory = createExampleMemory(limits);
    const options = { ...bare, shots: "retrieved" as const };
    const call = [2, 4, 6].map((told) => situationAfter(walk.slice(0, told)));
    const other = situationAfter(["You are in the hall.", "go north"], { episode: "e2" });
    const prompts = promptsFor([other, ...call, { ...other, episode: "e3" }], options, memory);
    const systems = prompts.map((prompt) => prompt.whole.turns[0]?.text);
    expect(systems.slice(0, 4).join()).not.toContain("# Examples");
    expect(systems[4]).toContain("Before: You are in the hall.\nAction: go north\nNext: You are in the garden.");
  });

  it("are the three that came first under `paper`, whatever comes later, and patches in structured worlds", () => {
    const memory = createExampleMemory({ ...limits, entriesMax: 3 });
    for (let at = 0; at < 10; at++) {
      const text = (on: boolean) => JSON.stringify({ at, on });
      const about = { environment: "rooms", episode: `old-${at}`, step: 0, actionText: '"switch"' };
      memory.add({ ...about, stateText: text(false), nextText: text(true) });
    }
    expect(memory.entries).toBe(3);
    const [prompt] = promptsFor(
      [situationAfter([{ at: 9, on: false }, "switch"])],
      { ...bare, shots: "paper" },
      memory,
    );
    const system = prompt?.whole.turns[0]?.text ?? "";
    expect(system.match(/Example \d/g)).toEqual(["Example 1", "Example 2", "Example 3"]);
    expect(system).toContain(
      'State: {"at":2,"on":false}\nAction: switch\nAnswer: [{"op":"replace","path":"/on","value":true}]',
    );
  });
});
