/**
 * A telephone company: who is meant is said by a phone number as often as by a name, what is done is stamped with the time that it then is, a plan's
 * title follows from the plan that was named before it, and a store has a number of each part.
 */
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/json/json.ts";
import { createLiftedLearner } from "../../../src/predictors/lifted-edits/learning/learner.ts";
import { liftedEditsFactory } from "../../../src/predictors/lifted-edits/lifted-edits.ts";
import { liftedOptions } from "../../../src/predictors/lifted-edits/options.ts";
import { load, publish } from "../publish.ts";
import { exactness, learnt, type Step, walk } from "./toy.ts";

type Account = {
  readonly phone: string;
  readonly line: string;
  readonly region: string;
  readonly checked?: number;
};
type Company = {
  readonly accounts: { readonly [name: string]: Account };
  readonly contracts: { readonly [name: string]: { readonly account: string; readonly plan: string } };
  readonly plans: { readonly [name: string]: { readonly title: string; readonly price: number } };
  readonly store: { readonly [part: string]: number };
  readonly clock: number;
  readonly result: Json;
};

const lines = ["open", "noisy", "dead"];
const regions = ["north", "south"];
const parts = ["plug", "cable", "fuse", "dial", "bell", "horn", "coil", "wire", "case", "hook", "cord", "key", "lamp"];
const planOf = (episode: number, at: number) => `plan-${(episode * 5 + (at % 3) * 7) % 31}`;

const company = (episode: number): Company => ({
  accounts: Object.fromEntries(
    [0, 1, 2].map((at) => [
      `account-${(episode * 3 + at) % 23}`,
      {
        phone: `555-${1000 + ((episode * 37 + at * 11) % 9000)}`,
        line: lines[(episode + at) % 3] ?? "",
        region: regions[(episode * 5 + at) % 2] ?? "",
      },
    ]),
  ),
  contracts: Object.fromEntries(
    [2, 0, 1].map((at, place) => [
      `contract-${(episode * 3 + place) % 29}`,
      { account: `account-${(episode * 3 + at) % 23}`, plan: planOf(episode, episode * 7 + at * at) },
    ]),
  ),
  plans: Object.fromEntries(
    [0, 1, 2].map((at) => [
      planOf(episode, at),
      { title: `title ${(episode * 13 + at * 3) % 47}`, price: 10 + ((episode * 3 + at * 17) % 40) },
    ]),
  ),
  store: Object.fromEntries(
    [0, 1, 2, 3].map((at) => [parts[(episode * 5 + at) % parts.length] ?? "", (episode + at * 2) % 4]),
  ),
  clock: 1_000 + episode * 7,
  result: null,
});

const signals: { readonly [line: string]: string } = { open: "strong", noisy: "weak", dead: "none" };

const answer: Step<Company> = (state, random) => {
  const pick = <T>(all: readonly T[]): T => all[random.below(all.length)] as T;
  const name = pick(Object.keys(state.accounts));
  const account = state.accounts[name] as Account;
  const { phone } = account;
  const clock = state.clock + 60;
  const missing = random.below(6) === 0;
  switch (random.below(4)) {
    case 0: {
      const result = missing
        ? "nobody has this number"
        : { account: name, line: account.line, signal: signals[account.line] ?? "" };
      return [
        { name: "probe", arguments: { phone: missing ? "555-0000" : phone } },
        { ...state, clock, result },
      ];
    }
    case 1: {
      const accounts = { ...state.accounts, [name]: { ...account, checked: clock } };
      return [
        { name: "check", arguments: { phone } },
        { ...state, accounts, clock, result: "checked" },
      ];
    }
    case 2: {
      const plan = Object.values(state.contracts).find((one) => one.account === name)?.plan ?? "";
      const result = { plan, title: state.plans[plan]?.title ?? "" };
      return [
        { name: "plan", arguments: { account: name } },
        { ...state, clock, result },
      ];
    }
    default: {
      const part = pick(Object.keys(state.store));
      const left = state.store[part] ?? 0;
      const store = { ...state.store, [part]: Math.max(0, left - 1) };
      const result = left > 0 ? "sent" : "none left";
      return [
        { name: "send", arguments: { part, region: pick(regions) } },
        { ...state, store, clock, result },
      ];
    }
  }
};

describe("a telephone company", () => {
  const learner = learnt(walk(company, answer, 1_800));
  const rules = load(liftedEditsFactory, publish(learner));
  const others = walk(company, answer, 480, 101);
  const of = (name: string) => others.filter(({ action }) => action.includes(`"name":"${name}"`));

  it("knows whom a phone number calls, and that it calls nobody", () => {
    expect(exactness(rules, of("probe"))).toBeGreaterThan(0.95);
  });

  it("stamps what is done with the time that it then is", () => {
    expect(exactness(rules, of("check"))).toBeGreaterThan(0.95);
  });

  it("reads a title off the plan that the answer named before", () => {
    expect(exactness(rules, of("plan"))).toBeGreaterThan(0.95);
  });

  it("asks how many of a part there are", () => {
    expect(exactness(rules, of("send"))).toBeGreaterThan(0.95);
  });

  it("learns on from what it kept as if it had never stopped", () => {
    const again = createLiftedLearner(liftedOptions);
    again.restore(learner.snapshot());
    for (const one of [learner, again]) for (const transition of others) one.learn(transition);
    expect(publish(again).version).toBe(publish(learner).version);
  });
});
