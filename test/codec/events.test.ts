/** The one source of the events: the table, its Avro record, and what it refuses. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerId } from "../../src/codec/answer-id.ts";
import { codecs } from "../../src/codec/codecs.ts";
import { eventFields, eventForms, eventTableMarkdown, eventTypes, fieldsOf } from "../../src/codec/event-table.ts";
import { interactionFields, interactionProblem, interactionToEvent, validateEvent } from "../../src/codec/events.ts";
import { parseSchema } from "../../src/codec/schema.ts";
import { loadSchema } from "../../src/codec/schemas.ts";
import type { Json } from "../../src/json/json.ts";

const schema = parseSchema(loadSchema("interaction"));

describe("the event table", () => {
  it("has exactly the fields of the Avro record", () => {
    const control = ["type", "announcement", "reference"];
    const avro = schema.fields.map((field) => field.name).filter((name) => !control.includes(name));
    expect([...avro].sort()).toEqual(Object.keys(eventFields).sort());
    expect([...interactionFields].sort()).toEqual(Object.keys(eventFields).sort());
  });

  it("has exactly the types of the Avro record, beside the control records", () => {
    const [type] = schema.fields;
    const symbols = type?.node.kind === "enum" ? type.node.symbols : [];
    expect([...symbols].sort()).toEqual([...eventTypes, "model", "tick"].sort());
  });

  it("is printed as the documentation shows it", () => {
    expect(eventTableMarkdown().split("\n")).toContain(
      "| `prediction` | `step`, `predictor`, `state` or `patch` or `status` | `model`, `confidence`, `reason` |",
    );
  });
});

const base: Readonly<Record<string, Record<string, Json>>> = {
  reset: { type: "reset", episode: "e", environment: "w" },
  action: { type: "action", episode: "e", action: "look" },
  observation: { type: "observation", episode: "e", state: "you see" },
  step: { type: "step", episode: "e", action: "look", state: { a: 1 } },
  prediction: { type: "prediction", episode: "e", step: 1, predictor: "p", state: "x" },
  end: { type: "end", episode: "e" },
};

const refused: readonly [string, unknown, string | null][] = [
  ["no object", [], null],
  ["null", null, null],
  ["an unknown type", { type: "walk", episode: "e" }, "type"],
  ["a control record", { type: "tick", episode: "" }, "type"],
  ["no episode", { type: "end" }, "episode"],
  ["an empty episode", { ...base["end"], episode: "" }, "episode"],
  ["an unknown key", { ...base["end"], sucess: true }, "sucess"],
  ["__proto__", JSON.parse('{"type":"end","episode":"e","__proto__":{"x":1}}'), "__proto__"],
  ["neither state nor patch", { type: "observation", episode: "e" }, "state"],
  ["state and patch", { ...base["observation"], patch: [] }, "state"],
  ["a patch that is none", { type: "observation", episode: "e", patch: [{ op: "frob", path: "" }] }, "patch"],
  [
    "a patch with a path that is none",
    { type: "observation", episode: "e", patch: [{ op: "remove", path: "x" }] },
    "patch",
  ],
  ["a negative step", { ...base["step"], step: -1 }, "step"],
  ["a step that is no whole number", { ...base["step"], step: 0.5 }, "step"],
  ["a step as text", { ...base["step"], step: "1" }, "step"],
  ["a confidence beyond 1", { ...base["prediction"], confidence: 1.1 }, "confidence"],
  ["NaN", { ...base["step"], reward: Number.NaN }, "reward"],
  ["a time without a zone", { ...base["end"], time: "2026-01-01T00:00:00" }, "time"],
  ["a month that is none", { ...base["end"], time: "2026-13-01T00:00:00Z" }, "time"],
  ["an arm that is none", { ...base["reset"], arm: "left" }, "arm"],
  ["an agent without a name", { ...base["reset"], agent: { version: "1" } }, "agent"],
  ["the name of a pinned version", { ...base["prediction"], predictor: "recall@reference" }, "predictor"],
  ["a lone surrogate", { ...base["step"], state: "\ud800" }, "state"],
  ["a lone surrogate in the episode", { ...base["end"], episode: "\udc00" }, "episode"],
  ["__proto__ within a state", { ...base["step"], state: JSON.parse('{"__proto__":1}') }, "state"],
  ["a state nested too deep", { ...base["step"], state: JSON.parse("[".repeat(100) + "]".repeat(100)) }, "state"],
  ["a state that is too large", { ...base["step"], state: "x".repeat(1_100_000) }, "state"],
];

describe("an event", () => {
  it.each(Object.entries(base))("of type %s is taken with what it needs and nothing more", (_type, event) => {
    expect(validateEvent(event)).toMatchObject({ ok: true });
  });

  it.each(eventTypes)("of type %s is refused without any of what it needs", (type) => {
    const { required, either } = eventForms[type];
    for (const key of ["episode", ...required]) {
      const { [key]: _gone, ...rest } = base[type] ?? {};
      expect(validateEvent(rest)).toMatchObject({ ok: false, key });
    }
    if (either.length > 0) {
      const { state: _gone, ...rest } = base[type] ?? {};
      expect(validateEvent(rest)).toMatchObject({ ok: false, key: "state" });
    }
  });

  it.each(refused)("is refused for %s, with the key", (_title, event, key) => {
    expect(validateEvent(event)).toMatchObject({ ok: false, key });
  });

  it("of a pinned version is taken where it is the answer to a situation, in the log alone", () => {
    const answer = { ...base["prediction"], id: answerId({ partition: 1, offset: 2, index: 0 }, "deep@reference") };
    const verdict = validateEvent(answer);
    if (!verdict.ok) throw new Error(verdict.message);
    const record = { ...verdict.interaction, predictor: "deep@reference" };
    expect(interactionProblem(record)).toBeNull();
    expect(interactionProblem({ ...record, id: "mine" })).toMatchObject({ key: "predictor" });
    expect(validateEvent({ ...answer, predictor: "deep@reference" })).toMatchObject({ ok: false, key: "predictor" });
  });

  it("of any JSON value is a verdict, never an exception", () => {
    const keys = fc.constantFrom("type", "episode", ...Object.keys(eventFields), "other");
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(...eventTypes), fc.constant("e"));
    fc.assert(
      fc.property(fc.dictionary(keys, value), (event) => {
        const verdict = validateEvent(event);
        if (verdict.ok)
          expect(codecs.interaction.decode(codecs.interaction.encode(verdict.interaction))).toEqual(
            verdict.interaction,
          );
        else expect(verdict.message.length).toBeGreaterThan(5);
      }),
      { numRuns: 3_000 },
    );
  });

  it("comes back from its record as it was written, and the record passes the same rules", () => {
    const full: Record<string, Json> = {
      type: "reset",
      episode: "e",
      environment: "w",
      id: "i",
      time: 1_700_000_000_000,
      trace: "t",
      meta: { a: [1, null] },
      state: { b: 1 },
      task: "t1",
      agent: { name: "a", version: "1" },
      arm: "transfer",
      context: "goal",
      worldModel: { name: "w" },
      plan: "p",
    };
    for (const event of [...Object.values(base), full]) {
      const verdict = validateEvent(event);
      if (!verdict.ok) throw new Error(verdict.message);
      expect(interactionToEvent(verdict.interaction)).toEqual(event);
      expect(interactionProblem(verdict.interaction)).toBeNull();
    }
    expect(Object.keys(full).every((key) => key === "type" || fieldsOf("reset").has(key as never))).toBe(true);
  });

  it("is refused in a sentence, whatever is wrong with a value", () => {
    // '"state" is the key "__proto__" is not allowed', '"state" is a string holds half of a surrogate pair'.
    for (const [state, said] of [
      [JSON.parse('{"__proto__":1}'), 'not allowed: it has the key "__proto__"'],
      ["\ud800", "not well-formed: a string holds half of a surrogate pair"],
      [Number.POSITIVE_INFINITY, "not JSON: the number Infinity is not finite"],
      [{ ["k".repeat(5_000)]: 1 }, "too large: a key is longer than 4096 characters"],
    ]) {
      const verdict = validateEvent({ ...base["reset"], state });
      expect(verdict).toMatchObject({ ok: false, message: `"state" is ${said}` });
    }
  });

  it("takes ISO 8601 with a zone as epoch milliseconds", () => {
    const verdict = validateEvent({ ...base["end"], time: "2026-01-01T01:00:00.5+01:00" });
    expect(verdict).toMatchObject({ ok: true, interaction: { time: Date.UTC(2026, 0, 1) + 500 } });
  });
});
