/** What scores say of the form of a step, and of the places at which a prediction is wrong. */
import { describe, expect, it } from "vitest";
import { canonicalText } from "../../../src/json/canonical.ts";
import type { Json } from "../../../src/json/json.ts";
import { compileComparison } from "../../../src/track/score/comparison.ts";
import { liftedPath, liftedPaths } from "../../../src/track/score/lifted-paths.ts";
import { measure, prepareTruth } from "../../../src/track/score/logic.ts";
import { shapeOfStep } from "../../../src/track/score/shape.ts";

function truthOf(state: Json, next: Json) {
  const valued = (value: Json) => ({ value, text: canonicalText(value) });
  return prepareTruth(compileComparison({}, "state"), "state", valued(state), valued(next));
}

describe("lifted paths", () => {
  it("leave out positions, identities and names of things", () => {
    expect(liftedPath("/orders/#W12/items[3]/price")).toBe("/orders/*/items/*/price");
    expect(liftedPath('/orders[id="7"]/status')).toBe("/orders/*/status");
    expect(liftedPath("")).toBe("");
    expect(liftedPaths(Array.from({ length: 20 }, (_, at) => `/field_${String.fromCharCode(97 + at)}`))).toHaveLength(
      8,
    );
    expect(liftedPaths(["/orders/#W1/status", "/orders/#W2/status"])).toEqual(["/orders/*/status"]);
  });

  it("stand in a wrong score, and not in a right one or in one of texts", () => {
    const truth = truthOf({ orders: { "#W1": { status: "open" } } }, { orders: { "#W1": { status: "cancelled" } } });
    expect(measure(truth, { orders: { "#W1": { status: "open" } } }).wrongFields).toEqual(["/orders/*/status"]);
    expect(measure(truth, truth.next.value).wrongFields).toEqual([]);
    expect(measure(truthOf("a", "b"), "c").wrongFields).toEqual([]);
  });
});

describe("the shape of a step", () => {
  const state = { user: { name: "Ann" }, result: null };
  const next = { user: { name: "Ann" }, result: { status: "not found" } };

  it("is said whole once, afterwards by what changed", () => {
    const truth = truthOf(state, next);
    const action = { name: "find", arguments: { id: 7 } };
    expect(shapeOfStep(truth, action, true)).toEqual({
      version: expect.stringMatching(/^[0-9a-f]{16}$/),
      whole: true,
      added: ["/result:null", "/user/name:string", "/result/status:string"],
      gone: ["/result:null"],
      action: ["/arguments/id:number", "/name:string"],
      values: ["/result/status=not found"],
    });
    expect(shapeOfStep(truth, "find", false)).toMatchObject({
      whole: false,
      added: ["/result/status:string"],
      action: [],
    });
  });

  it("is none of texts and of steps that are not scored", () => {
    expect(shapeOfStep(truthOf("a", "b"), "look", true)).toBeNull();
    expect(shapeOfStep(null, "look", true)).toBeNull();
  });

  it("carries words, not names with numbers or sentences", () => {
    const truth = truthOf({}, { a: "delivered", b: "#W1", c: "x".repeat(40), d: "Dear sir.", e: 4 });
    expect(shapeOfStep(truth, "x", false)?.values).toEqual(["/a=delivered"]);
  });
});
