/**
 * A toy world for the bundled sample, so that there is a consistency ratio to see: nobody's data, and labelled so (`toy-courier`). The
 * recorded episodes of the sample have no simulated arm. Here everything is really carried out by this file: a courier walks along seven
 * places with a door in the middle, which is locked, and a key that lies elsewhere. The simulator is wrong on purpose: its door is never
 * locked. An agent works for real, then plans in the simulator, then its plan is carried out for real. `careful` takes the key along, so its
 * plans hold; `hasty` takes it only once it has stood before the locked door, which in the simulator never happens. The floor is slippery:
 * now and then a step is lost, and after ten steps the day is over.
 */
import { createRandom, type Random } from "../stats/random.ts";

type Place = 0 | 1 | 2 | 3 | 4 | 5 | 6;
type Action = "left" | "right" | "take key";
interface State {
  readonly at: number;
  readonly hasKey: boolean;
  readonly says: string;
}
type Agent = "careful" | "hasty";
export type CourierEvent = Readonly<Record<string, unknown>>;

const door: Place = 3;
const keyAt: Place = 1;
const last: Place = 6;
const stepsMax = 10;
const slipChance = 0.015;
const tasksPerRound = 14;
const agents: readonly Agent[] = ["careful", "hasty"];
const worldModel = { name: "toy-simulator", version: "1" };

/** Real, simulated and transferred episodes of both agents on the tasks of a round; each as its events in order. */
export function courierEpisodes(round: number): readonly (readonly CourierEvent[])[] {
  return Array.from({ length: tasksPerRound }, (_, task) =>
    agents.flatMap((agent) => {
      const seed = (round * tasksPerRound + task) * 10 + agents.indexOf(agent);
      const target = task % 2 === 0 ? last : 2 + (task % 4);
      const real = run(createRandom(seed + 2_000_000), target, true, (state, seen) =>
        choose(agent, state, target, seen),
      );
      const simulated = run(createRandom(seed + 4_000_000), target, false, (state, seen) =>
        choose(agent, state, target, seen),
      );
      const plan = simulated.steps.map(({ action }) => action);
      const transfer = run(createRandom(seed + 6_000_000), target, true, (_state, _seen, step) => plan[step] ?? null);
      const id = (arm: string) => `courier-${agent}-${task}-${arm}`;
      const about = { task: `carry-${task}`, agent: { name: agent } };
      return [
        eventsOf(id("real"), { ...about, arm: "real" }, real),
        eventsOf(id("simulated"), { ...about, arm: "world_model", worldModel }, simulated),
        eventsOf(id("transfer"), { ...about, arm: "transfer", worldModel, plan: id("simulated") }, transfer),
      ];
    }),
  ).flat();
}

interface Run {
  readonly steps: readonly { readonly action: Action; readonly state: State }[];
  readonly success: boolean;
}

/** `isLocked`: the door as it is; the simulator's is not. The chooser ends the run with null. */
function run(
  random: Random,
  target: number,
  isLocked: boolean,
  chooser: (state: State, sawLock: boolean, step: number) => Action | null,
): Run {
  const steps: { action: Action; state: State }[] = [];
  let state = start;
  let sawLock = false;
  while (steps.length < stepsMax && state.at !== target) {
    const action = chooser(state, sawLock, steps.length);
    if (action === null) break;
    state = random.next() < slipChance ? { ...state, says: "You slip." } : after(state, action, isLocked);
    sawLock ||= state.says === lockedText;
    steps.push({ action, state });
  }
  return { steps, success: state.at === target };
}

const start: State = { at: 2, hasKey: false, says: "A new day." };
const lockedText = "The door is locked.";

function after(state: State, action: Action, isLocked: boolean): State {
  if (action === "take key") {
    const found = state.at === keyAt;
    return { ...state, hasKey: state.hasKey || found, says: found ? "You have the key." : "There is no key here." };
  }
  const to = Math.min(last, Math.max(0, state.at + (action === "right" ? 1 : -1)));
  if (to === door && action === "right" && isLocked && !state.hasKey) return { ...state, says: lockedText };
  return { ...state, at: to, says: `You are at place ${to}.` };
}

function choose(agent: Agent, { at, hasKey }: State, target: number, sawLock: boolean): Action {
  const wantsKey = !hasKey && target >= door && at < door && (agent === "careful" || sawLock);
  if (wantsKey) return at === keyAt ? "take key" : at > keyAt ? "left" : "right";
  return at < target ? "right" : "left";
}

function eventsOf(episode: string, about: CourierEvent, { steps, success }: Run): readonly CourierEvent[] {
  return [
    { type: "reset", episode, environment: "toy-courier", ...about, state: start },
    ...steps.map(({ action, state }, step) => ({ type: "step", episode, step, action, state })),
    { type: "end", episode, success },
  ];
}
