/** Tools that answer: a call is refused or does something, looks up what is there already, says what all things have in common. */
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import type { Expression } from "../../../src/predictors/lifted-edits/expressions/expression.ts";
import { type Answer, accorded } from "../../../src/predictors/lifted-edits/rules/accord.ts";
import { createCompany } from "../../../src/predictors/lifted-edits/rules/company.ts";
import type { Decision } from "../../../src/predictors/lifted-edits/rules/decide.ts";
import { exactness, learnt, type Step, walk } from "./toy.ts";

const refused: Expression = ["constant", "refused"];
const opened: Expression = ["constant", "opened"];
const flip: Expression = ["not"];
const changed = (...paths: (readonly [string, ...Expression[]])[]) => new Map(paths.map(([key, ...all]) => [key, all]));

describe("what happens alone", () => {
  const company = createCompany();
  for (let seen = 0; seen < 3; seen++) {
    company.note(changed(["said", refused]));
    company.note(changed(["said", opened], ["door", flip]));
    if (seen === 1) expect(company.isApart("said", refused, "door")).toBe(false);
  }

  it("is known when it was seen often, of texts alone, and for what never changed with them", () => {
    expect(company.isApart("said", refused, "door")).toBe(true);
    expect(company.isApart("said", opened, "door")).toBe(false);
    expect(company.isApart("said", opened, "lamp")).toBe(true);
    expect(company.isApart("said", refused, "said")).toBe(false);
    expect(company.isApart("door", flip, "lamp")).toBe(false);
    expect(company.isApart("said", ["constant", "never said"], "door")).toBe(false);
  });

  it("is kept in writing, is forgotten with its path, and not known of texts that come with anything", () => {
    const again = createCompany();
    again.restore(company.entries());
    expect(again.entries()).toEqual(company.entries());
    expect(again.isApart("said", refused, "door")).toBe(true);
    again.drop((key) => key === "said");
    expect(again.entries()).toEqual([]);
    const many = Array.from({ length: 80 }, (_, at) => [`path ${at}`, flip] as const);
    for (let seen = 0; seen < 3; seen++) again.note(changed(["said", refused], ...many));
    expect(again.isApart("said", refused, "never")).toBe(false);
    expect(again.entries()).toEqual([[expect.any(String), 3, null]]);
  });

  it("is not said together with what it was never seen with: the surer part stays", () => {
    const decision = (key: string, expression: Expression) => ({ key, expression }) as Decision;
    const [says, does, ticks] = [decision("said", refused), decision("door", flip), decision("clock", ["shift", 1, 0])];
    const company = createCompany();
    for (let seen = 0; seen < 3; seen++) company.note(changed(["said", refused], ["clock", ["shift", 1, 0]]));
    const answer = { verdict: {} as Answer["verdict"], kept: [ticks, does, says] };
    const other = { ...answer, kept: [does, ticks, decision("said", opened)] };
    const barred: boolean[] = [];
    const settle = (ofRefusal: number) =>
      accorded(
        answer,
        company,
        (one) => (one === says ? ofRefusal : 0.6),
        (isBarred) => {
          barred.push(isBarred("said", refused), isBarred("said", opened), isBarred("door", flip));
          return other;
        },
      );
    expect(settle(0.9).kept).toEqual([ticks, says]);
    expect(settle(0.3)).toBe(other);
    expect(barred).toEqual([true, false, false]);
    expect(
      accorded(
        other,
        company,
        () => 0,
        () => answer,
      ),
    ).toBe(other);
  });

  it("is asked once of what many things say alike, however many they are", () => {
    const kept = Array.from({ length: 4_000 }, (_, at) => ({ key: `cells ${at % 2}`, expression: flip }) as Decision);
    let asked = 0;
    const counting = {
      ...createCompany(),
      isApart: () => {
        asked += 1;
        return false;
      },
    };
    const answer = { verdict: {} as Answer["verdict"], kept };
    const settled = accorded(
      answer,
      counting,
      () => 1,
      () => answer,
    );
    expect(settled).toBe(answer);
    expect(asked).toBe(4);
  });
});

type Order = {
  readonly owner: string;
  readonly open: boolean;
  readonly items: { readonly [id: string]: { readonly type: string; readonly used: number } };
};
type Desk = {
  readonly orders: { readonly [id: string]: Order };
  readonly answer: Json;
};

const kinds = ["tea", "salt", "rice", "corn", "soap", "oil", "figs", "wax", "nuts", "jam", "rye", "malt"];

/** The customer's orders of one or two things; another customer in each episode. */
function desk(episode: number): Desk {
  const item = (at: number) => ({
    [`item ${7_000 + 31 * episode + at}`]: { type: kinds[(5 * episode + 7 * at) % kinds.length] ?? "", used: 0 },
  });
  const order = (at: number): Order => ({
    owner: `owner_${(37 * episode) % 1_009}`,
    open: (episode + at) % 2 > 0,
    items: at % 2 === 0 ? item(at) : { ...item(at), ...item(at + 5) },
  });
  const orders = [0, 1, 2].map((at) => [`#${1_000 + 7 * episode + at}`, order(at)] as const);
  return { orders: Object.fromEntries(orders), answer: null };
}

/** Who it is; what an order is like, now and then twice; an order is closed, once. */
const ask: Step<Desk> = (state, random) => {
  const ids = Object.keys(state.orders);
  const id = ids[random.below(ids.length)] ?? "";
  const order = state.orders[id];
  if (order === undefined) throw new Error(`there is no order ${id}`);
  const said = (answer: Json, orders = state.orders): Desk => ({ orders, answer });
  switch (random.below(3)) {
    case 0:
      return [{ name: "who", arguments: {} }, said(order.owner)];
    case 1:
      return [{ name: "show", arguments: { id } }, said(order)];
    default: {
      const call = { name: "close", arguments: { id } };
      if (!order.open) return [call, said("Error: it is closed")];
      const items = Object.entries(order.items).map(([name, one]) => [name, { ...one, used: one.used + 1 }] as const);
      const closed = { ...order, open: false, items: Object.fromEntries(items) };
      return [call, said(closed, { ...state.orders, [id]: closed })];
    }
  }
};

describe("a desk with tools", () => {
  const others = walk(desk, ask, 600, 500);
  const of = (name: string) => others.filter(({ action }) => action.includes(`"${name}"`));
  const rules = learnt(walk(desk, ask, 300)).current();

  it("whose orders they are is what all orders say, not what the one with some kind of thing says", () => {
    expect(of("who").length).toBeGreaterThan(150);
    expect(exactness(rules, of("who"))).toBe(1);
    const said = (rules.rules?.() ?? []).map(({ says }) => says).filter((words) => words.includes("owner"));
    expect(said.length).toBeGreaterThan(0);
    expect(said.filter((words) => kinds.some((kind) => words.includes(kind)))).toEqual([]);
  });

  it("a look-up that shows what is shown already teaches nothing against look-ups", () => {
    expect(of("show").some(({ state, nextState }) => state === nextState)).toBe(true);
    expect(exactness(rules, of("show"))).toBe(1);
  });
});
