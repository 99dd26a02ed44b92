/** A toy world of texts: boxes that open and close, things that are carried about. What lies where is told by the context, or seen. */
import type { Transition } from "../../../src/codec/records.ts";
import type { Json } from "../../../src/json/json.ts";
import type { Explanation, Learner, Prediction, Predictor } from "../../../src/predictors/predictor.ts";
import { situationOf } from "../../../src/predictors/situation.ts";
import { createTextLearner } from "../../../src/predictors/text-edits/learner.ts";
import { textOptions } from "../../../src/predictors/text-edits/options.ts";
import type { SegmentSource, TextSegment } from "../../../src/predictors/text-segments.ts";
import { createRandom, type Random } from "../../../src/stats/random.ts";
import { transitionOf } from "../../support/transitions.ts";

interface Room {
  readonly boxes: Map<string, { open: boolean; readonly things: string[] }>;
  readonly held: string[];
}

const kinds = ["ball", "coin", "ring"];

/** "a ring 2, a ring 1, and a ball 1": by kind, the higher number first. */
function listed(things: readonly string[]): string {
  const sorted = [...things].sort((a, b) => {
    const [kindA = "", kindB = ""] = [a.split(" ")[0], b.split(" ")[0]];
    return kindA < kindB ? -1 : kindA > kindB ? 1 : Number(b.split(" ")[1]) - Number(a.split(" ")[1]);
  });
  const named = sorted.map((thing) => `a ${thing}`);
  return named.length < 2 ? (named[0] ?? "nothing") : `${named.slice(0, -1).join(", ")}, and ${named.at(-1)}`;
}

function newRoom(random: Random, open = 0.3): Room {
  const boxes = new Map(
    [1, 2, 3, 4].map((number) => [`box ${number}`, { open: random.next() < open, things: [] as string[] }]),
  );
  const all = [...boxes.values()];
  for (const kind of kinds)
    for (const number of [1, 2]) all[random.below(all.length)]?.things.push(`${kind} ${number}`);
  return { boxes, held: [] };
}

function act({ boxes, held }: Room, random: Random): readonly [action: string, answer: string] {
  const name = [...boxes.keys()][random.below(boxes.size)] ?? "";
  const box = boxes.get(name);
  const verb = ["peek into", "open", "shut", "take", "put", "pockets"][random.below(6)];
  if (box === undefined || verb === "pockets") return ["pockets", `In your pockets: ${listed(held)}.`];
  if (verb === "open" || verb === "shut") {
    const done = box.open !== (verb === "open");
    box.open = verb === "open";
    return [`${verb} ${name}`, done ? `The ${name} is ${verb} now.` : `The ${name} was ${verb} before.`];
  }
  if (verb === "take" && box.open && box.things.length > 0) {
    const [thing = ""] = box.things.splice(random.below(box.things.length), 1);
    held.push(thing);
    return [`take ${thing} from ${name}`, `You take the ${thing} out of the ${name}.`];
  }
  if (verb === "put" && box.open && held.length > 0) {
    const [thing = ""] = held.splice(random.below(held.length), 1);
    box.things.push(thing);
    return [`put ${thing} into ${name}`, `You put the ${thing} into the ${name}.`];
  }
  return [`peek into ${name}`, box.open ? `Inside the ${name} you see ${listed(box.things)}.` : `The ${name} is shut.`];
}

/** Episodes of `length` steps, with the context told or not; other seeds are other rooms. */
export function walk(episodes: number, seed: number, { told = true, length = 24 } = {}): Transition[] {
  const random = createRandom(seed);
  return Array.from({ length: episodes }, (_, number) => {
    const room = newRoom(random);
    const boxes = Object.fromEntries([...room.boxes].map(([name, box]) => [name, { ...box, things: [...box.things] }]));
    const context = told ? JSON.stringify({ boxes, held: [] }) : null;
    return stepsIn(room, random, "You stand before four boxes.", length, { episode: `${seed}/${number}`, context });
  }).flat();
}

/** A game played by an agent: its room is the same for all of them, and other games have other things in the same hall. Nothing is told; all boxes are open. */
export function played(game: number, agent: number, halls: number): Transition[] {
  const more = { episode: `${game}/${agent}`, task: `game ${game}` };
  const random = createRandom(1_000 * game + agent);
  return stepsIn(newRoom(createRandom(game), 1), random, `You stand in hall ${game % halls}.`, 12, more);
}

function stepsIn(room: Room, random: Random, before: string, length: number, more: Partial<Transition>): Transition[] {
  let state: Json = before;
  return Array.from({ length }, (_, step) => {
    const [action, next] = act(room, random);
    const transition = transitionOf(state, action, next, { ...more, step });
    state = next;
    return transition;
  });
}

/** Small studies, so that a test need not teach for long. */
export const toyOptions = { ...textOptions, studyGrowth: 1.5 };

export function learnt(transitions: readonly Transition[], options = toyOptions): Learner {
  const learner = createTextLearner(options);
  for (const transition of transitions) learner.learn(transition);
  learner.settle?.();
  return learner;
}

export interface Judged {
  readonly transition: Transition;
  readonly prediction: Prediction;
  readonly right: boolean;
}

/** Each step predicted from the steps before it in its episode. */
export function predictAll(predictor: Predictor, transitions: readonly Transition[]): readonly Judged[] {
  const histories = new Map<string, { stateText: string; actionText: string }[]>();
  return transitions.map((transition) => {
    const history = histories.get(transition.episode) ?? [];
    histories.set(transition.episode, history);
    const prediction = predictor.predict(situationOf(transition, transition.context, undefined, [...history]));
    history.push({ stateText: transition.state ?? "null", actionText: transition.action });
    const right =
      prediction.status === "answered" &&
      prediction.next.form === "state" &&
      prediction.next.stateText === transition.nextState;
    return { transition, prediction, right };
  });
}

export interface Told {
  readonly transition: Transition;
  readonly explanation: Explanation;
  /** What was predicted. */
  readonly text: string;
}

/** The answered steps explained, each from the steps before it in its episode. */
export function explainAll(predictor: Predictor, transitions: readonly Transition[]): readonly Told[] {
  return predictAll(predictor, transitions).flatMap(({ transition, prediction }) => {
    if (prediction.status !== "answered" || prediction.next.form !== "state") return [];
    const before = transitions.filter(({ episode, step }) => episode === transition.episode && step < transition.step);
    const history = before.map(({ state, action }) => ({ stateText: state ?? "null", actionText: action }));
    const explanation = predictor.explain?.(situationOf(transition, transition.context, undefined, history)) ?? null;
    return explanation === null
      ? []
      : [{ transition, explanation, text: JSON.parse(prediction.next.stateText) as string }];
  });
}

/** The pieces of an explained text that come from a source. */
export function piecesFrom({ explanation }: Told, source: SegmentSource): readonly TextSegment[] {
  return (explanation.segments ?? []).filter((one) => one.source === source);
}

export function exactness(predictor: Predictor, transitions: readonly Transition[]): number {
  const judged = predictAll(predictor, transitions);
  return judged.filter(({ right }) => right).length / judged.length;
}
