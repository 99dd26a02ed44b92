/** What comes of a form of action: effects of several parts, and what never comes of it. */
import { describe, expect, it } from "vitest";
import { createNode } from "../../../src/json/shape/node.ts";
import { createShape } from "../../../src/json/shape/shape.ts";
import { leaf } from "../../../src/predictors/lifted/forest.ts";
import { emptyLore } from "../../../src/predictors/lifted-edits/learning/lore.ts";
import { createCompany } from "../../../src/predictors/lifted-edits/rules/company.ts";
import type { Decision } from "../../../src/predictors/lifted-edits/rules/decide.ts";
import { createEffects, type Effects } from "../../../src/predictors/lifted-edits/rules/effects.ts";
import { type Judge, runStage } from "../../../src/predictors/lifted-edits/rules/model.ts";
import { agreed, noteVote, type Poll } from "../../../src/predictors/lifted-edits/rules/poll.ts";
import { type RowModel, RowModels, rowKey } from "../../../src/predictors/lifted-edits/rules/row-model.ts";
import { createDesk } from "../../../src/predictors/lifted-edits/rules/rows.ts";
import { createReader } from "../../../src/predictors/lifted-edits/state/canon.ts";

describe("effects", () => {
  const effects = createEffects();
  for (let step = 0; step < 4; step++) effects.note("send #", ["status", "paid", ...(step === 1 ? ["late"] : [])]);
  for (let step = 0; step < 9; step++) effects.note("look", []);
  effects.note("count", ["score", "turn"]);

  it("have the parts that changed in the same steps, of which there were two and not many", () => {
    const parts = effects.partsOf("send #");
    expect([...parts.keys()]).toEqual(["status", "paid"]);
    expect(new Set(parts.values()).size).toBe(1);
    expect(effects.partsOf("count").size).toBe(0);
    for (let step = 1; step < 24; step++) effects.note("count", ["score", "turn"]);
    expect(effects.partsOf("count").size).toBe(2);
    effects.note("count", ["score", "turn"]);
    expect(effects.partsOf("count").size).toBe(0);
    effects.note("send #", ["status"]);
    expect(effects.partsOf("send #").size).toBe(0);
  });

  it("never come of an action that was seen eight times without them, and of one that was seen less they may", () => {
    expect(effects.isNever("look", "status")).toBe(true);
    expect(effects.isNever("send #", "turn")).toBe(false);
    expect(effects.isNever("wait", "status")).toBe(false);
  });

  it("are the same when they were kept, and are counted anew where paths are read in another way", () => {
    const restored = createEffects();
    restored.note("send #", ["status"]);
    restored.restore(effects.entries());
    expect(restored.entries()).toEqual(effects.entries());
    restored.drop((key) => key === "paid");
    for (let step = 0; step < 8; step++) restored.note("send #", ["late"]);
    expect(restored.isNever("send #", "status")).toBe(false);
    expect(restored.isNever("send #", "paid")).toBe(true);
  });

  it("are said as a whole where the votes on their parts say so together, or not at all", () => {
    const { root } = createReader(createNode("", 0), 9).read({});
    const row = { entity: root, path: null, lifted: "", old: undefined };
    const decision = (key: string): Decision => ({
      ...row,
      key,
      expression: ["gone"],
      value: undefined,
      copies: [],
      births: [],
      parts: [],
      share: 0.9,
      support: 3,
      isPinned: false,
    });
    const said = (changes: readonly number[]) => {
      const poll: Poll = new Map();
      for (const [at, change] of changes.entries()) noteVote(poll, 1, { row, key: `${at}`, change });
      const decisions = changes.flatMap((change, at) => (change > 0.5 ? [decision(`${at}`)] : []));
      return agreed([...decisions, decision("other")], poll, ({ key }) => decision(key)).map(({ key }) => key);
    };
    expect(said([0.9, 0.4, 0.7])).toEqual(["0", "2", "other", "1"]);
    expect(said([0.6, 0.1, 0.2])).toEqual(["other"]);
    expect(said([0.1, 0.2])).toEqual(["other"]);
  });

  it("are what a prediction rests on", () => {
    /** Of ten votes so many are for true, the others for what was. */
    const model = (lifted: string, votes: number): RowModel => ({
      key: rowKey("", lifted),
      forest: {
        nodes: Int32Array.of(leaf, 0, 2),
        roots: Int32Array.of(0),
        votes: Int32Array.of(0, 10 - votes, 1, votes),
        labels: [0, 1],
        support: 10,
      },
      expressions: [["keep"], ["constant", true]],
    });
    const models = new RowModels();
    models.set(model("lit", 9));
    models.set(model("warm", 3));
    const next = (known: (of: Effects) => void) => {
      const own = createEffects();
      known(own);
      const stage = { models, lore: emptyLore(), company: createCompany(), effects: own };
      const reader = createReader(shape.root, 9);
      const judge: Judge = { stand: () => "open", precision: () => 1 };
      return runStage(stage, reader, { lit: false, warm: false }, "light it", null, createDesk(null), judge).next;
    };
    const shape = createShape();
    shape.observe({ lit: false, warm: false }, null);
    expect(next(() => {})).toEqual({ lit: true, warm: false });
    const both = [rowKey("", "lit"), rowKey("", "warm")];
    const often = (count: number, keys: readonly string[]) => (of: Effects) => {
      for (let step = 0; step < count; step++) of.note("light it", keys);
    };
    expect(next(often(2, both))).toEqual({ lit: true, warm: true });
    expect(next(often(8, []))).toEqual({ lit: false, warm: false });
  });
});
