/**
 * The workload of a chaos run: an endless seeded stream of episodes in several environments, interleaved, with what each event must come
 * to. Known truth: the states come from this file's own small worlds, not from anything that the product says.
 */
import { type Random, seeded } from "./random.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What must come of an event. */
export type Expectation =
  | { readonly kind: "nothing" }
  | {
      readonly kind: "transition";
      readonly step: number;
      /** Null: unknown behind a patch that did not apply. */
      readonly state: Json | null;
      readonly action: Json;
      readonly nextState: Json;
      /** Predictions by others that come for this step. */
      readonly predictions: number;
    }
  | { readonly kind: "outcome"; readonly success: boolean; readonly reward: number | null }
  | { readonly kind: "dead-letter"; readonly reason: string };

export interface Item {
  /** Number in the stream, also in the event itself; what is delivered again has the number that it had. */
  readonly n: number;
  readonly episode: string;
  readonly environment: string;
  /** How it is delivered; all events of an episode go one way. */
  readonly route: "kafka" | "http";
  /** The bytes of the record. */
  readonly value: string;
  readonly expect: Expectation;
}

export interface World {
  /** The next events of the stream. */
  take(count: number): readonly Item[];
  /** The rest of the episodes that are open. */
  finish(): readonly Item[];
}

const openMax = 32;
const shops = ["shop-0", "shop-1", "shop-2", "shop-3"];
export const rooms: readonly string[] = ["room-0", "room-1"];
/** Event times lie before any append time, so that no clock of a broker makes them wrong. */
const eventSpanMs = 6 * 3_600_000;

/** `event` "again": the same bytes once more. */
type Draft = Omit<Item, "n" | "route" | "value"> & { readonly event: object | string };
interface Open {
  readonly route: Item["route"];
  readonly drafts: Draft[];
  last: Item | null;
}

export function createWorld(seed: number, startMs: number): World {
  const random = seeded(seed);
  const open: Open[] = [];
  let episodes = 0;
  let n = 0;

  function number({ event, ...draft }: Draft, one: Open): Item {
    const { route } = one;
    if (event === "again" && one.last !== null) return { ...one.last, expect: draft.expect };
    const at = n++;
    const time = startMs - eventSpanMs + at;
    const value =
      typeof event === "string"
        ? event.replace("{n}", String(at))
        : JSON.stringify({ ...event, ...("time" in event ? {} : { time }), meta: { n: at } });
    one.last = { ...draft, n: at, route, value };
    return one.last;
  }

  function advance(): readonly Item[] {
    while (open.length < openMax) {
      const route = random.chance(0.25) ? "http" : "kafka";
      open.push({
        route,
        last: null,
        drafts: drawEpisode(`s${seed}-e${episodes++}`, random, route === "kafka", startMs),
      });
    }
    const at = random.below(open.length);
    const one = open[at];
    if (one === undefined) return [];
    const drafts = one.drafts.splice(0, 1 + random.below(4));
    if (one.drafts.length === 0) open.splice(at, 1);
    return drafts.map((draft) => number(draft, one));
  }

  return {
    take(count) {
      const items: Item[] = [];
      while (items.length < count) items.push(...advance());
      return items;
    },
    finish() {
      const rest = open.splice(0);
      return rest.flatMap((one) => one.drafts.map((draft) => number(draft, one)));
    },
  };
}

function drawEpisode(episode: string, random: Random, mayBeBad: boolean, startMs: number): Draft[] {
  if (mayBeBad && random.chance(0.03)) return [orphan(episode)];
  return random.chance(0.7)
    ? drawSteps(episode, random.pick(shops), shop(random), random, mayBeBad, startMs)
    : drawSteps(episode, random.pick(rooms), room(random), random, mayBeBad, startMs);
}

/** An event whose episode nobody opens. */
function orphan(episode: string): Draft {
  const event = { type: "step", episode, step: 0, action: "look", state: { lost: true } };
  return { episode, environment: "", event, expect: { kind: "dead-letter", reason: "unknown-episode" } };
}

/** A small world: what it is now, and what an action makes of it. */
interface Small {
  readonly now: Json;
  act(): { readonly action: Json; readonly next: Json; readonly patch: readonly Json[] | null };
}

function shop(random: Random): Small {
  let now = { stock: { lamp: random.below(3), pen: random.below(3) }, sold: 0, last: "opened" };
  return {
    get now() {
      return now;
    },
    act() {
      const item = random.pick(["lamp", "pen"] as const);
      const name = random.pick(["sell", "buy", "look"]);
      const action = { name, arguments: { item } };
      const before = now;
      if (name === "look") return { action, next: before, patch: [] };
      const can = name === "buy" || before.stock[item] > 0;
      const moved = can ? (name === "buy" ? 1 : -1) : 0;
      const stock = { ...before.stock, [item]: (before.stock[item] + moved + 5) % 5 };
      now = { stock, sold: before.sold + (can && name === "sell" ? 1 : 0), last: can ? `${name} ${item}` : "refused" };
      const patch = [
        { op: "replace", path: `/stock/${item}`, value: stock[item] },
        { op: "replace", path: "/sold", value: now.sold },
        { op: "replace", path: "/last", value: now.last },
      ];
      return { action, next: now, patch };
    },
  };
}

export function roomText(at: number): string {
  return `You are in room ${at}. You see a ${["lamp", "pen", "chair", "door"][at]}.`;
}

function room(random: Random): Small {
  let at = random.below(4);
  const seen = () => roomText(at);
  return {
    get now() {
      return seen();
    },
    act() {
      const to = random.below(6);
      if (to < 4) at = to;
      return { action: to < 4 ? `go ${to}` : "look", next: seen(), patch: null };
    },
  };
}

function drawSteps(
  episode: string,
  environment: string,
  world: Small,
  random: Random,
  mayBeBad: boolean,
  startMs: number,
): Draft[] {
  const drafts: Draft[] = [];
  const push = (event: object | string, expect: Expectation = { kind: "nothing" }) =>
    void drafts.push({ episode, environment, event, expect });
  const dead = (event: object | string, reason: string) => push(event, { kind: "dead-letter", reason });
  const base = { episode };
  const agent = random.chance(0.5) ? { agent: { name: "shopper", version: "1" } } : {};
  push({ type: "reset", ...base, environment, state: world.now, task: `t${random.below(9)}`, ...agent });
  const foreign = random.chance(0.2);
  const steps = 3 + random.below(14);
  let state: Json | null = world.now;
  let whole = false;
  let reward = 0;
  for (let step = 0; step < steps; step++) {
    if (mayBeBad && step > 0 && random.chance(0.02)) dead(`this is no event ({n}) of ${episode}`, "undecodable");
    if (mayBeBad && random.chance(0.02))
      dead({ type: "step", ...base, step, action: "look", state: 1, colour: "red" }, "invalid");
    if (mayBeBad && random.chance(0.02))
      dead({ type: "step", ...base, step, action: "look", state: 1, time: startMs + 7_200_000 }, "clock");
    const { action, next, patch } = world.act();
    if (mayBeBad && patch !== null && step < steps - 1 && random.chance(0.02)) {
      const wrong = [{ op: "replace", path: "/nowhere/at/all", value: 1 }];
      const reason = state === null ? "no-base-state" : "patch-failed";
      dead({ type: "step", ...base, step, action, patch: wrong }, reason);
      state = null;
      whole = true;
      continue;
    }
    const gain = random.chance(0.2) ? 1 : 0;
    reward += gain;
    const after = {
      ...(patch === null || whole || random.chance(0.4) ? { state: next } : { patch }),
      ...(gain > 0 ? { reward: gain } : {}),
    };
    whole = false;
    const guess = { type: "prediction", ...base, step, predictor: "theirs", model: "1" };
    const said = { ...guess, state: random.chance(0.6) ? next : world.now, confidence: 0.5 };
    const first = foreign && random.chance(0.5);
    const expect: Expectation = {
      kind: "transition",
      step,
      state,
      action,
      nextState: next,
      predictions: foreign ? 1 : 0,
    };
    if (random.chance(0.5)) {
      if (first) push(said);
      push({ type: "step", ...base, step, action, ...after }, expect);
      if (mayBeBad && random.chance(0.03))
        dead({ type: "step", ...base, step, action: "something else", state: next }, "conflict");
    } else {
      push({ type: "action", ...base, step, action });
      if (first) push(said);
      push({ type: "observation", ...base, step, ...after }, expect);
    }
    if (foreign && !first) push(said);
    // Delivered again, as producers do.
    if (drafts.at(-1)?.expect.kind !== "dead-letter" && random.chance(0.03)) push("again");
    state = next;
  }
  const success = random.chance(0.7);
  push({ type: "end", ...base, success }, { kind: "outcome", success, reward: reward === 0 ? null : reward });
  return drafts;
}
