/**
 * A porter carries parcels between stations, told as facts alone: as texts, as a list of each predicate, as a map of each. Nothing says which of the
 * words are things; all of it is found, and predicted in the form in which it is told.
 */
import { describe, expect, it } from "vitest";
import { canonicalText } from "../../../src/json/canonical.ts";
import type { Json } from "../../../src/json/json.ts";
import { createLiftedLearner } from "../../../src/predictors/lifted-edits/learning/learner.ts";
import { liftedEditsFactory } from "../../../src/predictors/lifted-edits/lifted-edits.ts";
import { liftedOptions } from "../../../src/predictors/lifted-edits/options.ts";
import { formOf, readFacts, writeFacts } from "../../../src/predictors/lifted-edits/state/facts.ts";
import { situationOfTransition } from "../../support/transitions.ts";
import { load, publish } from "../publish.ts";
import { exactness, learnt, type Step, walk } from "./toy.ts";

type Fact = readonly string[];
type Told = { readonly [key: string]: Json };

const forms: { readonly [form: string]: (facts: readonly Fact[]) => Told } = {
  texts: (facts) => ({ facts: facts.map((fact) => `(${fact.join(" ")})`).sort() }),
  lists: (facts) => grouped(facts, (own) => own.map((who) => (who.length === 1 ? (who[0] ?? "") : who)).sort()),
  maps: (facts) =>
    grouped(facts, (own) => Object.fromEntries(own.map(([first = "", second = true]) => [first, second]))),
};

function grouped(facts: readonly Fact[], told: (own: readonly Fact[]) => Json): Told {
  const predicates = [...new Set(facts.map(([predicate = ""]) => predicate))];
  return Object.fromEntries(
    predicates.map((one) => [one, told(facts.filter(([own]) => own === one).map((fact) => fact.slice(1)))]),
  );
}

function factsIn(episode: number): readonly Fact[] {
  const stations = [0, 1, 2, 3].map((at) => `stop${(episode * 3 + at) % 17}`);
  const parcels = [0, 1, 2].map((at) => `box${(episode * 5 + at) % 23}`);
  return [
    ...stations.map((one) => ["station", one]),
    ...parcels.map((one) => ["parcel", one]),
    ...parcels.map((one, at) => ["at", one, stations[(episode + at * at) % 4] ?? ""]),
    ["here", stations[episode % 4] ?? ""],
    ["free", "porter"],
  ];
}

/** Known to the walk, not to the learner: the facts of each state. */
const factsOf = new Map<Json, readonly Fact[]>();

function world(tell: (facts: readonly Fact[]) => Told): readonly [(episode: number) => Told, Step<Told>] {
  const told = (facts: readonly Fact[]): Told => {
    const state = tell(facts);
    factsOf.set(state, facts);
    return state;
  };
  const step: Step<Told> = (state, random) => {
    const facts = factsOf.get(state) ?? [];
    const of = (predicate: string) => facts.filter(([own]) => own === predicate).map(([, one = ""]) => one);
    const pick = (list: readonly string[]) => list[random.below(list.length)] ?? "";
    const has = (...fact: readonly string[]) => facts.some((one) => one.join(" ") === fact.join(" "));
    const [here = ""] = of("here");
    const [one, to] = [pick(of("parcel")), pick(of("station"))];
    const without = (...gone: readonly string[]) => facts.filter((fact) => !gone.includes(fact.join(" ")));
    const call = (name: string, thing: string): Json => ({ name, arguments: { thing } });
    switch (random.below(3)) {
      case 0: {
        const can = has("free", "porter") && has("at", one, here);
        const next = [...without("free porter", `at ${one} ${here}`), ["holds", one]];
        return [call("lift", one), can ? told(next) : state];
      }
      case 1: {
        const next = [...without(`holds ${one}`), ["free", "porter"], ["at", one, here]];
        return [call("drop", one), has("holds", one) ? told(next) : state];
      }
      default:
        return [call("walk", to), to === here ? state : told([...without(`here ${here}`), ["here", to]])];
    }
  };
  return [(episode) => told(factsIn(episode)), step];
}

describe("states that are facts alone", () => {
  for (const [form, tell] of Object.entries(forms)) {
    it(`are learnt as ${form}`, () => {
      const [start, step] = world(tell);
      const rules = learnt(walk(start, step, 900)).current();
      const others = walk((episode) => start(episode + 60), step, 400, 7);
      const changing = others.filter(({ state, nextState }) => state !== nextState);
      expect(changing.length).toBeGreaterThan(100);
      expect(exactness(rules, changing)).toBeGreaterThan(0.95);
      expect(exactness(rules, others)).toBeGreaterThan(0.97);
    });

    it(`are read as ${form} by a published version, and from a snapshot`, () => {
      const [start, step] = world(tell);
      const steps = walk(start, step, 300);
      const learner = learnt(steps.slice(0, 240));
      const [loaded, again] = [load(liftedEditsFactory, publish(learner)), createLiftedLearner(liftedOptions)];
      again.restore(learner.snapshot());
      for (const one of steps.slice(240)) {
        const situation = situationOfTransition(one);
        const own = learner.current().predict(situation);
        expect(loaded.predict(situation)).toEqual(own);
        expect(again.current().predict(situation)).toEqual(own);
      }
    });

    it(`are known as ${form} by a later state, where nothing is said in two ways at first`, () => {
      const [start, step] = world(tell);
      const first = tell([...factsIn(1).filter(([predicate = ""]) => !["at", "here"].includes(predicate))]);
      factsOf.set(first, factsIn(1));
      const steps = walk((episode) => (episode === 1 ? first : start(episode)), step, 900);
      expect(steps[0]?.state).toBe(canonicalText(first));
      if (form !== "texts") expect(formOf(first)).toBeNull();
      const others = walk((episode) => start(episode + 60), step, 400, 7);
      const changing = others.filter(({ state, nextState }) => state !== nextState);
      expect(exactness(learnt(steps).current(), changing)).toBeGreaterThan(0.95);
    });

    it(`are written as they were read: ${form}`, () => {
      for (let episode = 0; episode < 40; episode++) {
        const state = tell(factsIn(episode));
        expect(formOf(state)).toBe(form);
        const things = readFacts(state, formOf(state));
        expect(things).not.toEqual(state);
        expect(writeFacts(things, state, formOf(state))).toEqual(state);
      }
    });
  }

  it("are written in the order in which their list is sorted, else with new ones last", () => {
    const written = (facts: readonly string[], more: string) => {
      const told = (list: readonly string[]) => readFacts({ facts: list.map((one) => `(${one})`) }, "texts");
      const next = writeFacts(told([...facts, more]), { facts: facts.map((one) => `(${one})`) }, "texts");
      return (next as { facts: string[] }).facts.map((one) => one.slice(1, -1));
    };
    const lift = "lift-at f3";
    expect(written(["above f1 f10", "above f1 f2", "origin p0 f1"], lift).indexOf(lift)).toBe(2);
    expect(written(["above f10 f2", "above f1 f10", "above f1 f2", "origin p0 f1"], lift).indexOf(lift)).toBe(3);
    expect(written(["above f2 f10", "above f10 f1", "origin p0 f1"], lift).indexOf(lift)).toBe(2);
    expect(written(["origin p0 f1", "above f1 f2"], lift)).toEqual(["origin p0 f1", "above f1 f2", lift]);
  });

  it("are told from other states", () => {
    for (const state of [
      { items: ["a", "b"], names: ["c", "d"] },
      { a: { x: true }, b: { y: true } },
      { rooms: { hall: { lit: true } } },
      { log: ["(done)", "not a fact"] },
      { list: [1, 2], other: [2] },
    ])
      expect(formOf(state)).toBeNull();
  });
});
