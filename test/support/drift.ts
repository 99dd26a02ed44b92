/** Streams of scores for drift tests: episodes of ten steps of two agents and three actions, through `createDrift` alone. */
import type { Alarm, Command, Outcome, Score } from "../../src/codec/records.ts";
import { createDrift, type Drift, type Lost } from "../../src/monitor/drift/drift.ts";
import type { DriftOptions } from "../../src/monitor/drift/options.ts";
import { seeded } from "../crash/random.ts";
import { defaultsOf } from "./defaults.ts";
import { entryOf, scoreOf } from "./scores.ts";

export const driftOptions: DriftOptions = { ...defaultsOf().monitor.drift, episodesWanted: 100, episodesMin: 60 };

export interface World {
  readonly error?: number;
  readonly action?: string;
  readonly agent?: string;
  readonly place?: string;
  readonly environment?: string;
  readonly version?: string;
  readonly steps?: number;
}

export interface Bench {
  /** As it is now: a restart makes another. */
  readonly drift: Drift;
  readonly alarms: Alarm[];
  readonly lost: Lost[];
  /** Plays so many episodes; stream time is a second an episode. */
  play(episodes: number, world?: World): void;
  readonly now: () => number;
  command(command: Partial<Command>): boolean;
}

export const predictor = "recall@reference";
const actions = ["look", "take", "put"];
const places = ["/room:string", "/held/*:string"];

/** `restarts`: counts of scores after which everything is snapshot, through JSON as the log stores it, and restored. */
export function createBench(seed = 1, options: Partial<DriftOptions> = {}, restarts: readonly number[] = []): Bench {
  const random = seeded(seed);
  const alarms: Alarm[] = [];
  const lost: Lost[] = [];
  const create = () =>
    createDrift({
      options: { ...driftOptions, ...options },
      own: new Set(["persistence", "recall"]),
      raise: (alarm) => void alarms.push(alarm),
      lost: (why) => void lost.push(why),
    });
  let drift = create();
  let scores = 0;
  let episode = 0;
  const now = () => episode * 1_000;

  function playOne(world: World): void {
    const { error = 0.05, environment = "world", version = "v1", steps = 10 } = world;
    const id = `${environment}-${episode}`;
    const agent = world.agent ?? (random.chance(0.7) ? "1" : "2");
    for (let step = 0; step < steps; step++) {
      const action = world.action ?? random.pick(actions);
      const wrong = random.chance(error);
      const entries = [
        entryOf("recall", true),
        entryOf(predictor, !wrong, { version, confidence: 0.95, wrongFields: wrong ? ["/room"] : [] }),
      ];
      drift.score(
        stepOf(id, step, entries, {
          environment,
          actionName: action,
          ...shapeOf(step, world),
          agent: { name: "a", version: agent },
        }),
        now(),
      );
      scores += 1;
      if (restarts.includes(scores)) restart();
    }
    drift.outcome(endOf(id, steps, environment), now());
    episode += 1;
  }

  function stepOf(id: string, step: number, entries: Score["entries"], more: Partial<Score>): Score {
    return scoreOf(episode * 100 + step, now(), entries, { episode: id, step, truth: "t", ...more });
  }

  function restart(): void {
    const snapshot = JSON.stringify([...drift.snapshot()]);
    drift = create();
    drift.restore(JSON.parse(snapshot));
  }

  return {
    get drift() {
      return drift;
    },
    alarms,
    lost,
    play(episodes, world = {}) {
      for (let at = 0; at < episodes; at++) playOne(world);
    },
    now,
    command: (command) =>
      drift.command(
        {
          environment: "world",
          command: "acknowledge",
          target: "",
          author: "ann",
          time: 0,
          note: null,
          predictor: null,
          version: null,
          undo: false,
          order: null,
          rule: null,
          ...command,
        },
        now(),
      ),
  };
}

function shapeOf(step: number, { place }: World): Pick<Score, "shape"> {
  const had = place === undefined ? places : [...places, place];
  return { shape: { version: "", whole: step === 0, added: step === 0 ? had : [], gone: [], action: [], values: [] } };
}

export function endOf(episode: string, scored: number, environment = "world"): Outcome {
  return {
    source: { partition: 0, offset: 0, index: 0 },
    environment,
    episode,
    task: null,
    agent: null,
    arm: "real",
    worldModel: null,
    plan: null,
    time: 0,
    startedAt: 0,
    ending: "end",
    success: true,
    reward: null,
    reason: null,
    steps: scored,
    scored,
    predictors: [],
  };
}
