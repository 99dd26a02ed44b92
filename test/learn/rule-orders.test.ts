/** Orders about learnt rules, from the request to the next version that is announced; what cannot be ordered; and the same after crashes. */
import { beforeAll, describe, expect, it } from "vitest";
import { codecs } from "../../src/codec/codecs.ts";
import type { Command } from "../../src/codec/records.ts";
import { predictorFactories } from "../../src/predictors/registry.ts";
import { createRuleReader, rulesView } from "../../src/serve/read-rules.ts";
import { planRuleCommand } from "../../src/serve/rule-commands.ts";
import type { RuleView } from "../../src/serve/views.ts";
import { createPipeline, type Pipeline, readTopic, recordOf } from "../crash/pipeline.ts";
import { type Event, worldEvents } from "../crash/world.ts";

const environment = "house";
const all = { kind: null, find: null, from: 0, max: 1_000 };

/** `each`: after each batch, with its number. */
async function play(
  pipeline: Pipeline,
  events: readonly Event[],
  each: (round: number) => Promise<void> = async () => {},
) {
  for (let at = 0; at < events.length; at += 60) {
    await pipeline.append(events.slice(at, at + 60).map((event) => recordOf(event, false)));
    for (let round = 0; round < 4; round++) for (const slot of pipeline.slots) await pipeline.step(slot);
    pipeline.clock.now += 3_000;
    await each(at / 60);
  }
  await pipeline.settle();
}

const readerOf = ({ log, blobs }: Pipeline) => createRuleReader({ log, blobs, factories: predictorFactories });

async function rulesOf(pipeline: Pipeline): Promise<readonly RuleView[]> {
  const found = await readerOf(pipeline).read({ environment, predictor: null });
  if (!found.ok) throw new Error(found.message);
  return rulesView(found, all).rules;
}

async function ask(pipeline: Pipeline, command: string, rule: string, change: object = {}) {
  const body = { command, environment, rule, author: "me", ...change };
  const plan = await planRuleCommand(body, pipeline.log, readerOf(pipeline), pipeline.clock.now);
  if (plan?.ok === true) await pipeline.log.append([plan.record]);
  return plan;
}

async function letters({ log }: Pipeline) {
  const read = (await readTopic(log, "dead-letters")).map(({ value }) =>
    codecs.deadLetter.decode(value ?? new Uint8Array()),
  );
  return read.map(({ stage, reason, message }) => ({ stage, reason, message }));
}

let pipeline: Pipeline;
let first: RuleView;
let second: RuleView;
const orderedOf = (rules: readonly RuleView[]) =>
  rules.flatMap(({ id, ordered }) => (ordered === null ? [] : [[id, ordered.order]]));

beforeAll(async () => {
  pipeline = await createPipeline({ predictors: ["persistence", "recall", "text-edits"] }, {}, 2, {
    pinAutomatically: false,
  });
  await play(pipeline, worldEvents(7, { eventsMin: 450, stepsMax: 20 }));
  const rules = await rulesOf(pipeline);
  expect(rules.every(({ editable }) => editable)).toBe(true);
  [first, second] = [rules[0] as RuleView, rules[1] as RuleView];
});

describe("an order about a rule", () => {
  it("is followed by the next version, until the rule is restored", async () => {
    expect(await ask(pipeline, "delete-rule", first.id)).toMatchObject({
      ok: true,
      accepted: { command: "delete-rule", environment, predictor: "text-edits", rule: first.id },
    });
    await ask(pipeline, "pin-rule", second.id);
    await pipeline.settle();
    const rules = await rulesOf(pipeline);
    expect(orderedOf(rules).sort()).toEqual(
      [
        [first.id, "delete"],
        [second.id, "pin"],
      ].sort(),
    );
    expect(rules.find(({ id }) => id === first.id)?.ordered?.author).toBe("me");
    await ask(pipeline, "pin-rule", first.id, { author: "you" });
    await ask(pipeline, "restore-rule", second.id);
    await pipeline.settle();
    expect(orderedOf(await rulesOf(pipeline))).toEqual([[first.id, "pin"]]);
    await ask(pipeline, "restore-rule", first.id);
    await pipeline.settle();
    expect(orderedOf(await rulesOf(pipeline))).toEqual([]);
    expect(await letters(pipeline)).toEqual([]);
    expect(pipeline.defects).toEqual([]);
  });

  it("that cannot be done is refused, and the answer says why", async () => {
    for (const [command, rule, change, error] of [
      ["delete-rule", "000000000000", {}, "unknown-rule"],
      ["delete-rule", first.id, { environment: "nowhere" }, "unknown-model"],
      ["delete-rule", first.id, { predictor: "recall" }, "no-rules"],
      ["restore-rule", first.id, {}, "not-ordered"],
      ["pin-rule", first.id, { author: undefined }, "invalid"],
      ["pin-rule", first.id, { roole: "x" }, "invalid"],
      ["pin-rule", first.id, { author: "\ud800" }, "invalid"],
    ] as const)
      expect(await ask(pipeline, command, rule, change), `${command} ${rule}`).toMatchObject({ ok: false, error });
    expect(await ask(pipeline, "pin", first.id)).toBeNull();
    await ask(pipeline, "delete-rule", first.id);
    await pipeline.settle();
    expect(await ask(pipeline, "delete-rule", first.id)).toMatchObject({ ok: false, error: "done-before" });
    await ask(pipeline, "restore-rule", first.id);
    await pipeline.settle();
  });

  it("that was written by hand and is none is a dead letter", async () => {
    const whole: Command = {
      environment,
      command: "forget",
      target: first.id,
      author: "me",
      time: 0,
      note: null,
      predictor: "text-edits",
      version: null,
      undo: false,
      order: "delete",
      rule: "{}",
    };
    for (const change of [
      { predictor: null },
      { target: "a rule" },
      { order: "burn" },
      { rule: null },
      { rule: "x".repeat(9_000) },
    ]) {
      const value = codecs.command.encode({ ...whole, ...change });
      await pipeline.log.append([{ topic: "commands", key: environment, partition: null, value }]);
    }
    await pipeline.settle();
    const found = await letters(pipeline);
    expect(found.map(({ stage, reason }) => `${stage} ${reason}`)).toEqual(
      Array.from({ length: 5 }, () => "learn invalid"),
    );
    expect(found.map(({ message }) => message).join()).toMatch(
      /names the predictor.*by its id.*delete, pin or restore.*8192/,
    );
    expect(orderedOf(await rulesOf(pipeline))).toEqual([]);
  });
});

describe("an order about an edit", () => {
  it("is followed by the next version of lifted-edits, until the rule is restored", async () => {
    const shop = await createPipeline({ predictors: ["persistence", "recall", "lifted-edits"] }, {}, 2, {
      pinAutomatically: false,
    });
    await play(shop, worldEvents(7, { eventsMin: 450, stepsMax: 20 }));
    const inStore = { environment: "store" };
    const read = async () => {
      const found = await readerOf(shop).read({ environment: "store", predictor: null });
      if (!found.ok) throw new Error(found.message);
      return rulesView(found, all);
    };
    const before = await read();
    expect(before.predictor).toBe("lifted-edits");
    expect(before.rules.length).toBeGreaterThan(3);
    expect(before.rules.every(({ editable }) => editable)).toBe(true);
    const [one, other] = before.rules;
    await ask(shop, "delete-rule", one?.id ?? "", inStore);
    await ask(shop, "pin-rule", other?.id ?? "", inStore);
    await shop.settle();
    for (const slot of shop.slots) shop.crash(slot);
    await shop.settle();
    const ordered = await read();
    expect(ordered.version).not.toBe(before.version);
    expect(orderedOf(ordered.rules).sort()).toEqual(
      [
        [one?.id, "delete"],
        [other?.id, "pin"],
      ].sort(),
    );
    await ask(shop, "restore-rule", one?.id ?? "", inStore);
    await ask(shop, "restore-rule", other?.id ?? "", inStore);
    await shop.settle();
    const restored = await read();
    expect(orderedOf(restored.rules)).toEqual([]);
    expect(restored.version).toBe(before.version);
    expect(await letters(shop)).toEqual([]);
    expect(shop.defects).toEqual([]);
  });
});

it("a rule that says more than an order carries is refused with the reason", async () => {
  const reader = readerOf(pipeline);
  const found = await reader.read({ environment, predictor: null });
  if (!found.ok) throw new Error(found.message);
  const long = { read: async () => ({ ...found, rules: found.rules.map((rule) => ({ ...rule, content: null })) }) };
  const body = { command: "delete-rule", environment, rule: first.id, author: "me" };
  expect(await planRuleCommand(body, pipeline.log, long, 0)).toMatchObject({
    status: 409,
    error: "not-editable",
    message: expect.stringMatching(/more than the 8192 characters/),
  });
});

it("an order outlives every crash of the learner, in its snapshot or in the log behind it", async () => {
  const events = worldEvents(9, { eventsMin: 450, stepsMax: 20 });
  const learners = () => pipeline.slots.filter(({ stage }) => stage.name === "learn");
  const wanted: string[] = [];
  await play(pipeline, events, async (round) => {
    if (round === 2) await ask(pipeline, "delete-rule", first.id);
    if (round === 4) await ask(pipeline, "pin-rule", second.id);
    if (round === 6) await ask(pipeline, "restore-rule", first.id);
    if (round === 6) wanted.push(second.id);
    // Folded, so that only the log behind the snapshot tells of it.
    for (const slot of learners()) await pipeline.step(slot);
    for (const slot of learners()) pipeline.crash(slot);
  });
  expect(wanted).toEqual([second.id]);
  expect(orderedOf(await rulesOf(pipeline))).toEqual([[second.id, "pin"]]);
  expect(pipeline.defects).toEqual([]);
});
