/** The form of values: typed places, lifted, shared. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../src/json/json.ts";
import { applyPatch } from "../../src/json/patch.ts";
import { placesBeyond, placesOf } from "../../src/json/places.ts";

const order = (status: Json) => ({ status, items: [{ price: 3, tags: [] }] });

describe("places", () => {
  it("name each place with its type, data apart", () => {
    expect(placesOf({ orders: { "#W1": order("open"), "#W2": order(null) }, user: { name: "Ann" } }).list).toEqual([
      "/orders/*/items/*/price:number",
      "/orders/*/items/*/tags:array",
      "/orders/*/status:null",
      "/orders/*/status:string",
      "/user/name:string",
    ]);
  });

  it("are the same for values of one form, whatever the data", () => {
    const [one, other] = [placesOf({ a: [1, 2], b: "x" }), placesOf({ b: "y", a: [7] })];
    expect(other).toBe(one);
    expect(placesBeyond(one, other)).toEqual([]);
  });

  it("say what a renamed and a retyped field change", () => {
    const before = placesOf({ user: { first_name: "Ann", age: 3 } });
    const after = placesOf({ user: { given_name: "Ann", age: "3" } });
    expect(placesBeyond(after, before)).toEqual(["/user/age:string", "/user/given_name:string"]);
    expect(placesBeyond(before, after)).toEqual(["/user/age:number", "/user/first_name:string"]);
  });

  it("are those of a fresh value, whatever was shared with the state before", () => {
    // States with this key are refused before any place is asked for.
    const json = (maxDepth: number) =>
      fc.jsonValue({ maxDepth }).filter((value) => !JSON.stringify(value).includes('"__proto__"'));
    fc.assert(
      fc.property(json(4), json(2), (value, member) => {
        const state = { left: value as Json, right: [value as Json, 1] };
        placesOf(state);
        const patched = applyPatch(state, [{ op: "replace", path: "/right/1", value: member as Json }]);
        if (!patched.ok) throw new Error(patched.message);
        const fresh: Json = JSON.parse(JSON.stringify(patched.value));
        expect(placesOf(patched.value).list).toEqual(placesOf(fresh).list);
      }),
    );
  });

  it("stay few, however large or deep a value is", () => {
    const wide = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, at) => [
        `field${String.fromCharCode(97 + (at % 26))}${"x".repeat(at % 300)}`,
        at,
      ]),
    );
    expect(placesOf(wide).list.length).toBeLessThanOrEqual(256);
    let deep: Json = 1;
    for (let at = 0; at < 200; at++) deep = { a: deep };
    expect(placesOf(deep).list).toEqual([`${"/a".repeat(12)}:deeper`]);
  });
});
