/** Small worlds to learn, and a small model to learn them: lamps with made-up names, in words and as a structure. */
import { Value } from "@sinclair/typebox/value";
import { canonicalText } from "../../../src/json/canonical.ts";
import type { Json } from "../../../src/json/json.ts";
import { type NeuralConfig, profiles } from "../../../src/predictors/neural/config.ts";
import { type Lesson, vocabularyWords } from "../../../src/predictors/neural/lesson.ts";
import { type NeuralOptions, neuralOptionsSchema } from "../../../src/predictors/neural/options.ts";
import { writePatch } from "../../../src/predictors/neural/patch-text.ts";
import { type TrainingOptions, trainingDefaults } from "../../../src/predictors/neural/trainer.ts";
import type { History } from "../../../src/predictors/predictor.ts";
import type { RemoteSituation } from "../../../src/predictors/remote.ts";
import { openTensors } from "../../../src/predictors/tensor/tensors.ts";
import { createRandom, type Random } from "../../../src/stats/random.ts";
import { situationOf } from "../../support/transitions.ts";

export const tinyConfig: NeuralConfig = {
  ...profiles.tiny,
  width: 32,
  heads: 2,
  encoderLayers: 1,
  decoderLayers: 1,
  inner: 48,
  sourceMax: 48,
  outputMax: 16,
  historySteps: 0,
};

/** As configured, on the portable backend. */
export function neuralOptions(given: Partial<NeuralOptions>): NeuralOptions {
  return Value.Parse(neuralOptionsSchema, { backend: "wasm", ...given });
}

/** Tensors of the portable backend, which every machine has. */
export function portableTensors() {
  return openTensors({ purpose: "training", backend: "wasm", env: {}, log() {} });
}

const syllables = ["ba", "do", "fi", "gu", "ke", "lo", "mi", "nu", "po", "ra", "so", "ti"];

function nameFrom(random: Random): string {
  return Array.from({ length: 3 }, () => syllables[random.below(syllables.length)] ?? "").join("");
}

/** Lamps are switched and looked at; what `look` says is what was said last, so it is a copy of the state, and nothing else is. */
export function lampEpisode(seed: number, steps = 6): readonly Lesson[] {
  const random = createRandom(seed * 31 + 7);
  const names = [nameFrom(random), nameFrom(random)];
  const on = new Set<string>();
  let state = `${names[0]} and ${names[1]}.`;
  const context = { lamps: names };
  const earlier: { stateText: string; actionText: string }[] = [];
  return Array.from({ length: steps }, (): Lesson => {
    const name = names[random.below(2)] ?? "";
    const verb = random.next() < 0.3 ? "look" : on.has(name) ? "darken" : "light";
    const action = verb === "look" ? "look" : `${verb} ${name}`;
    const next = verb === "look" ? state : `${name} is ${verb === "light" ? "on" : "off"}.`;
    if (verb === "light") on.add(name);
    if (verb === "darken") on.delete(name);
    const lesson = lessonOf(`lamp-${seed}`, state, action, next, earlier.slice(), context);
    earlier.push({ stateText: canonicalText(state), actionText: canonicalText(action) });
    state = next;
    return lesson;
  });
}

/** The same as a structure, whose next state is a patch. */
export function switchEpisode(seed: number, steps = 4): readonly Lesson[] {
  const random = createRandom(seed * 17 + 3);
  const names = [nameFrom(random), nameFrom(random)];
  const state: Record<string, boolean> = Object.fromEntries(names.map((name) => [name, random.next() < 0.5]));
  return Array.from({ length: steps }, (): Lesson => {
    const name = names[random.below(2)] ?? "";
    const before = { ...state };
    state[name] = random.next() < 0.5;
    const patch = [{ op: "replace", path: `/${name}`, value: state[name] ?? false }] as const;
    return lessonOf(`switch-${seed}`, before, `set ${name} ${state[name]}`, writePatch(patch), [], null);
  });
}

function lessonOf(
  episode: string,
  state: Json,
  action: Json,
  answer: string,
  history: History,
  context: Json | null,
): Lesson {
  const kind = typeof state === "string" ? "observation" : "state";
  const environment = kind === "state" ? "switches" : "lamps";
  const given = { kind, state, stateText: canonicalText(state), action, context, history } as const;
  return { environment, episode, group: episode, given, answer };
}

export function remoteSituation(lesson: Lesson): RemoteSituation {
  const { state, action, context, history } = lesson.given;
  const situation = situationOf(state, action, {
    environment: lesson.environment,
    context,
    contextText: context === null ? null : canonicalText(context),
    history,
  });
  return { ...situation, arm: "real" };
}

export function episodes(make: (seed: number) => readonly Lesson[], from: number, count: number): readonly Lesson[] {
  return Array.from({ length: count }, (_, at) => make(from + at)).flat();
}

/** Words of the lessons, but for the made-up names, which are too rare. */
export function optionsFor(lessons: readonly Lesson[], more: Partial<TrainingOptions> = {}): TrainingOptions {
  return {
    ...trainingDefaults,
    config: tinyConfig,
    words: vocabularyWords(lessons, 40, 200),
    seed: 3,
    epochs: 1,
    minutes: Number.POSITIVE_INFINITY,
    batchSize: 16,
    rate: 4e-3,
    warmup: 20,
    ...more,
  };
}
