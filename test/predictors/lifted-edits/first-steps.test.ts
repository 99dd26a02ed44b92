/**
 * The first steps of a world: what was seen once is said the second time, what changed for the first time is held against the steps in which it
 * stayed, and rules are grown before the next step comes.
 */
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { type Call, hits } from "./toy.ts";

const call = (name: string, args: Record<string, Json> = {}): Json => ({ name, arguments: args });

describe("the first steps of a world", () => {
  it("say what a call returned once, as soon as it is known that something is always returned", () => {
    const orders = Object.fromEntries(
      [..."abcdef"].map((name, at) => [`#${name}`, { status: at % 2 === 0 ? "sent" : "open", sum: 17 + 8 * at }]),
    );
    const said = (result: Json): Json => ({ orders, result });
    const show = (id: string): Call => [call("show", { id }), said(orders[id] ?? null)];
    const results = hits(said(null), [
      [call("hello"), said("welcome")],
      show("#a"),
      [call("help"), said("call us")],
      show("#b"),
      show("#c"),
      [call("hello"), said("welcome")],
      show("#d"),
      [call("help"), said("call us")],
    ]);
    expect(results.slice(4)).toEqual([true, true, true, true]);
  });

  it("hold a first change against the steps before it", () => {
    const vats = (level: number, lit: boolean): Json => ({
      vats: Object.fromEntries(
        [..."abcdef"].map((name) => [`vat ${name}`, { level: name === "c" ? level : 4, lit: name === "b" && lit }]),
      ),
    });
    const looks = (level: number, lit: boolean, count: number): Call[] =>
      Array.from({ length: count }, (_, at) => [`look at vat ${"abcdef"[at % 6]}`, vats(level, lit)]);
    const lights = Array.from(
      { length: 12 },
      (_, at): Call => [at % 2 === 0 ? "light vat b" : "darken vat b", vats(4, at % 2 === 0)],
    );
    const results = hits(vats(4, false), [
      ...looks(4, false, 6),
      ...lights,
      ["drain vat c", vats(0, false)],
      ...looks(0, false, 6),
      ["fill vat c", vats(4, false)],
      ...looks(4, false, 6),
    ]);
    expect(results.slice(19, 25)).toEqual(Array(6).fill(true));
    expect(results.slice(26)).toEqual(Array(6).fill(true));
  });
});
