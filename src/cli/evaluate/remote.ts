/**
 * Remote predictors on tested steps, in batches as they get them in the live job: with as many earlier steps as they
 * look at, in order, and without a way to the next state.
 */
import type { ScoreEntry } from "../../codec/records.ts";
import type { Prediction } from "../../predictors/predictor.ts";
import type {
  RemoteDeps,
  RemoteFactory,
  RemotePredictor,
  RemoteSituation,
  WorkCount,
} from "../../predictors/remote.ts";
import { scoreEntry } from "../../track/score/entries.ts";
import type { Host } from "../host.ts";
import type { RemoteChoice } from "../remote-flags.ts";
import type { About } from "./measure.ts";
import type { Step } from "./steps.ts";

export type Work = Readonly<Partial<Record<WorkCount, number>>>;

export interface Remotes {
  /** Earlier steps that any of them looks at, at most. */
  readonly historySteps: number;
  /** Takes a step to be predicted. */
  add(step: Step, about: About): void;
  /** Waits while more batches are under way than are wanted at one time. */
  settle(): Promise<void>;
  /** Waits for everything. */
  finish(): Promise<void>;
  close(): Promise<void>;
  /** What each did, by name. */
  work(): Readonly<Record<string, Work>>;
  /** Reasons of failures and abstentions, by name, with counts. */
  reasons(): ReadonlyMap<string, ReadonlyMap<string, number>>;
}

export interface RemotesDeps {
  readonly factories: readonly RemoteFactory[];
  readonly host: Pick<Host, "env" | "now" | "seconds" | "sleep" | "err" | "stop">;
  /** False: tested steps teach nobody, not even by what the next step's history tells. */
  readonly teaching: boolean;
  readonly result: (entry: ScoreEntry, step: Step, about: About, prediction: Prediction) => void;
}

/** Reasons may hold anything that a service says. */
const reasonsMax = 100;

export async function openRemotes(
  choices: Readonly<Record<string, RemoteChoice>>,
  deps: RemotesDeps,
): Promise<Remotes> {
  const lanes: Lane[] = [];
  try {
    for (const [name, choice] of Object.entries(choices)) lanes.push(await openLane(name, choice, deps));
  } catch (error) {
    for (const lane of lanes) await lane.close();
    throw error;
  }
  return {
    historySteps: Math.max(0, ...lanes.map(({ historySteps }) => historySteps)),
    add(step, about) {
      for (const lane of lanes) lane.add({ step, about, situation: remoteSituation(step, lane.historySteps, deps) });
    },
    settle: async () => void (await Promise.all(lanes.map((lane) => lane.settle()))),
    finish: async () => void (await Promise.all(lanes.map((lane) => lane.finish()))),
    close: async () => void (await Promise.all(lanes.map((lane) => lane.close()))),
    work: () => Object.fromEntries(lanes.map(({ name, work }) => [name, work])),
    reasons: () => new Map(lanes.map(({ name, reasons }) => [name, reasons])),
  };
}

/** Arm `world_model` teaches nobody (P6), which is what "frozen" asks for. */
function remoteSituation(
  { situation, transition }: Step,
  historySteps: number,
  { teaching }: RemotesDeps,
): RemoteSituation {
  const history = historySteps === 0 ? [] : situation.history.slice(-historySteps);
  return { ...situation, history, arm: teaching ? transition.arm : "world_model" };
}

interface Job {
  readonly step: Step;
  readonly about: About;
  readonly situation: RemoteSituation;
}
interface Lane extends Pick<Remotes, "settle" | "finish" | "close"> {
  readonly name: string;
  readonly historySteps: number;
  readonly work: Work;
  readonly reasons: ReadonlyMap<string, number>;
  add(job: Job): void;
}

async function openLane(name: string, { kind, ...options }: RemoteChoice, deps: RemotesDeps): Promise<Lane> {
  const { host, factories } = deps;
  const factory = factories.find((one) => one.kind === kind);
  if (factory === undefined) throw new Error(`predictor ${name}: there is no kind ${kind}`);
  const work: Partial<Record<WorkCount, number>> = {};
  const reasons = new Map<string, number>();
  const predictor: RemotePredictor = await factory.open(options, remoteDeps(name, host, work));
  const { max, concurrency } = factory.batching;
  const underWay = new Set<Promise<void>>();
  let waiting: Job[] = [];
  let failure: unknown = null;

  async function predict(jobs: readonly Job[]): Promise<void> {
    const start = host.seconds();
    const predictions = await predictor.predict(
      jobs.map(({ situation }) => situation),
      host.stop,
    );
    const seconds = (host.seconds() - start) / jobs.length;
    for (const [at, { step, about }] of jobs.entries()) {
      const prediction = predictions[at];
      if (prediction === undefined)
        throw new Error(`${name} gave ${predictions.length} predictions for ${jobs.length} situations`);
      note(prediction);
      const scored = { predictor: name, version: predictor.version, prediction, ahead: true, seconds };
      deps.result(scoreEntry(step.truth, scored, 256), step, about, prediction);
    }
  }

  function note(prediction: Prediction): void {
    if (prediction.status === "answered") return;
    const { reason } = prediction;
    const key = reasons.has(reason) || reasons.size < reasonsMax ? reason : "other reasons";
    reasons.set(key, (reasons.get(key) ?? 0) + 1);
  }

  function begin(jobs: readonly Job[]): void {
    const batch = predict(jobs)
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => underWay.delete(batch));
    underWay.add(batch);
  }

  async function downTo(batches: number): Promise<void> {
    while (underWay.size > batches) await Promise.race(underWay);
    if (failure !== null) throw failure;
  }

  return {
    name,
    historySteps: factory.historySteps(options),
    work,
    reasons,
    add(job) {
      waiting.push(job);
      if (waiting.length < max) return;
      begin(waiting);
      waiting = [];
    },
    settle: () => downTo(concurrency - 1),
    async finish() {
      if (waiting.length > 0) begin(waiting);
      waiting = [];
      await downTo(0);
    },
    close: () => predictor.close(),
  };
}

function remoteDeps(name: string, host: RemotesDeps["host"], work: Partial<Record<WorkCount, number>>): RemoteDeps {
  return {
    name,
    env: host.env,
    now: () => host.now(),
    seconds: () => host.seconds(),
    sleep: (ms, signal) => host.sleep(ms, signal),
    log: (level, message, fields) => {
      if (level === "warn") host.err(`driftline evaluate: ${message} ${JSON.stringify(fields)}`);
    },
    count(what, by) {
      work[what] = (work[what] ?? 0) + by;
    },
    // No version but its own is asked for.
    read: async () => null,
  };
}
