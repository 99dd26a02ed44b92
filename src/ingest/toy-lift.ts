/**
 * The scripted drift act of the bundled sample: a toy lift, labelled so (`toy-lift`), and a simulator of it that never learns. First the lift does
 * what the simulator says, but for a jolt now and then; that makes the baseline. Then, as the script wants it, it goes two floors at a time,
 * and the alarm that follows names the cause: model. At last the lift is mended, and the alarm recovers.
 */
import { createRandom } from "../stats/random.ts";

export type LiftEvent = Readonly<Record<string, unknown>>;
export type LiftAct = "usual" | "changed" | "mended";

interface Lift {
  readonly floor: number;
  readonly door: "open" | "closed";
}
const actions = ["up", "down", "open", "close"] as const;
type Action = (typeof actions)[number];

const top = 9;
const steps = 8;
const joltChance = 0.04;

/** One episode as its events in order. The same number gives the same episode. */
export function liftEpisode(number: number, act: LiftAct): readonly LiftEvent[] {
  const random = createRandom(8_000_000 + number);
  const episode = `lift-${number}`;
  const events: LiftEvent[] = [];
  let lift: Lift = { floor: random.below(top + 1), door: "closed" };
  events.push({
    type: "reset",
    episode,
    environment: "toy-lift",
    agent: { name: "toy-passenger", version: "1" },
    state: lift,
    meta: { script: act },
  });
  for (let step = 0; step < steps; step++) {
    const action = actions[random.below(actions.length)] ?? "up";
    const predicted = after(lift, action, 1);
    events.push({ type: "prediction", episode, step, predictor: "toy-simulator", model: "1", state: predicted });
    lift = random.next() < joltChance ? { ...lift } : after(lift, action, act === "changed" ? 2 : 1);
    events.push({ type: "step", episode, step, action, state: lift });
  }
  events.push({ type: "end", episode, success: lift.floor === 0 });
  return events;
}

/** It stands still while the door is open. */
function after(lift: Lift, action: Action, floors: number): Lift {
  if (action === "open" || action === "close") return { ...lift, door: action === "open" ? "open" : "closed" };
  if (lift.door === "open") return lift;
  const to = action === "up" ? lift.floor + floors : lift.floor - floors;
  return { ...lift, floor: Math.min(top, Math.max(0, to)) };
}
