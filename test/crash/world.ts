/**
 * A small world whose episodes the crash tests stream: rooms and things as text observations (`house`) and the same as a JSON state
 * with patches (`store`). Deterministic by seed; every state is right by construction.
 */
import type { Json } from "../../src/json/json.ts";
import { type Random, seeded } from "./random.ts";

export type Event = { readonly [key: string]: Json };

export interface WorldOptions {
  /** At least so many events: episodes are added until there are. */
  readonly eventsMin: number;
  readonly stepsMax: number;
}

/** Events of all episodes, interleaved at random, each episode's own in order. */
export function worldEvents(seed: number, options: WorldOptions): readonly Event[] {
  const random = seeded(seed);
  const episodes: (readonly Event[])[] = [];
  for (let count = 0; count < options.eventsMin; ) {
    const number = episodes.length;
    const steps = 4 + random.below(options.stepsMax - 3);
    const episode =
      number % 2 === 0 ? house(`h${seed}-${number}`, steps, random) : store(`s${seed}-${number}`, steps, random);
    episodes.push(episode);
    count += episode.length;
  }
  const events: Event[] = [];
  const queues = episodes.map((episode) => [...episode]);
  while (queues.some((queue) => queue.length > 0)) {
    const event = random.pick(queues.filter((queue) => queue.length > 0)).shift();
    if (event !== undefined) events.push(event);
  }
  return events;
}

/** Of the episodes in the house, a third runs in a simulator, and a third carries out the plan of one of those. */
export function withArms(events: readonly Event[]): readonly Event[] {
  return events.map((event) => {
    const [, run = "", number = ""] = /^h(\d+)-(\d+)$/.exec(String(event["episode"])) ?? [];
    const place = (Number(number) / 2) % 3;
    if (event["type"] !== "reset" || number === "" || place === 0) return event;
    if (place === 1) return { ...event, arm: "world_model", worldModel: { name: "simulator", version: "1" } };
    return { ...event, arm: "transfer", plan: `h${run}-${Number(number) - 2}` };
  });
}

function house(episode: string, steps: number, random: Random): readonly Event[] {
  const rooms = ["kitchen", "hall", "garden"];
  const things: Record<string, string> = { cup: "kitchen", ball: "garden", book: "hall" };
  let room = "hall";
  const look = () => {
    const seen = Object.keys(things).filter((thing) => things[thing] === room);
    return `You are in the ${room}. You see ${seen.length === 0 ? "nothing" : seen.join(", ")}.`;
  };
  const events: Event[] = [
    {
      type: "reset",
      episode,
      environment: "house",
      task: `t${random.below(3)}`,
      state: look(),
      context: { goal: "tidy up" },
    },
  ];
  for (let step = 0; step < steps; step++) {
    let action: string;
    let state: string;
    if (random.chance(0.6)) {
      room = random.pick(rooms);
      action = `go to ${room}`;
      state = look();
    } else {
      const thing = random.pick(Object.keys(things));
      action = `take ${thing}`;
      const here = things[thing] === room;
      if (here) things[thing] = "bag";
      state = here ? `You take the ${thing}.` : `There is no ${thing} here.`;
    }
    pushStep(events, { episode, step, action }, { state }, random);
  }
  events.push({ type: "end", episode, success: random.chance(0.5), reason: "done" });
  return events;
}

function store(episode: string, steps: number, random: Random): readonly Event[] {
  const orders: Record<string, { status: string; items: number }> = {};
  for (let n = 0; n < 4; n++) orders[`#${n}`] = { status: "pending", items: 1 + random.below(3) };
  const first = { orders: structuredClone(orders), result: null };
  const events: Event[] = [
    { type: "reset", episode, environment: "store", state: first, agent: { name: "clerk", version: "1" } },
  ];
  let result: Json = null;
  for (let step = 0; step < steps; step++) {
    const id = random.pick(Object.keys(orders));
    const order = orders[id] ?? { status: "pending", items: 0 };
    const name = random.pick(["cancel_order", "get_order"]);
    const patch: Event[] = [];
    let answer: Json;
    if (name === "cancel_order" && order.status === "pending") {
      order.status = "cancelled";
      patch.push({ op: "replace", path: `/orders/${id}/status`, value: "cancelled" });
      answer = "ok";
    } else {
      answer = name === "get_order" ? { ...order } : "Error: not pending";
    }
    patch.push({ op: "replace", path: "/result", value: answer });
    result = answer;
    const whole = random.chance(0.2);
    const after: Event = whole ? { state: { orders: structuredClone(orders), result } } : { patch };
    pushStep(events, { episode, step, action: { name, arguments: { order_id: id } } }, after, random);
  }
  if (random.chance(0.8)) events.push({ type: "end", episode, success: true });
  return events;
}

/** A step as one event, or as action and observation, now and then with somebody's prediction between or behind them. */
function pushStep(events: Event[], base: Event, after: Event, random: Random): void {
  const { episode, step, action } = base;
  const predicts = random.chance(0.3);
  const prediction: Event = {
    type: "prediction",
    episode: episode ?? "",
    step: step ?? 0,
    predictor: "theirs",
    model: "1",
    ...after,
  };
  if (random.chance(0.6)) {
    events.push({ type: "step", ...base, ...after });
    if (predicts) events.push(prediction);
    return;
  }
  events.push({ type: "action", episode: episode ?? "", step: step ?? 0, action: action ?? "" });
  if (predicts) events.push(prediction);
  events.push({ type: "observation", episode: episode ?? "", step: step ?? 0, ...after });
}
