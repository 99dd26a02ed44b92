/**
 * Why a predictor said what it said about a step: the transition and its scores are found in the log, the version that predicted is loaded
 * again and asked. Reads aside; works while the job runs.
 */
import type { Blobs } from "../blobs/port.ts";
import { chosenIn } from "../codec/best-of-version.ts";
import { codecs } from "../codec/codecs.ts";
import type { Model, Score, ScoreEntry, Transition } from "../codec/records.ts";
import { bestOfName, liveName } from "../codec/reference-name.ts";
import { partitionOf } from "../log/murmur2.ts";
import type { Log, LogRecord } from "../log/port.ts";
import { scan } from "../log/scan.ts";
import { createLoader } from "./loader.ts";
import type { Explanation, History, PredictorFactory } from "./predictor.ts";
import { situationOf } from "./situation.ts";

export interface ExplainDeps {
  readonly log: Pick<Log, "read" | "range" | "partitionCount">;
  readonly blobs: Blobs;
  readonly factories: readonly PredictorFactory[];
}

export interface WantedStep {
  readonly episode: string;
  readonly step: number;
  /** Where it is known only one partition is searched. */
  readonly environment: string | null;
}

export interface ExplainedStep {
  readonly transition: Transition;
  readonly predictions: readonly ExplainedPrediction[];
}

export interface ExplainedPrediction {
  readonly entry: ScoreEntry;
  readonly explanation: Explanation | null;
  /** Why there is no explanation. */
  readonly why: string | null;
}

export interface Explainer {
  /** Null where the log holds no such step (any more). */
  explain(wanted: WantedStep): Promise<ExplainedStep | null>;
}

export function createExplainer({ log, blobs, factories }: ExplainDeps): Explainer {
  const loader = createLoader(factories, blobs, () => {});

  /** Records that hold the text somewhere: only these are worth decoding. */
  async function* recordsWith(topic: string, environment: string | null, text: string): AsyncGenerator<LogRecord> {
    const needle = Buffer.from(text);
    const count = await log.partitionCount(topic);
    const only = environment === null || count === 1 ? null : partitionOf(environment, count);
    for await (const records of scan(log, topic, only)) {
      for (const record of records) if (record.value !== null && holds(record.value, needle)) yield record;
    }
  }

  async function find({ episode, step, environment }: WantedStep) {
    let found: Transition | null = null;
    let context: string | null = null;
    const earlier = new Map<number, History[number]>();
    for await (const { value } of recordsWith("transitions", environment, episode)) {
      const transition = codecs.transition.decode(value ?? new Uint8Array());
      if (transition.episode !== episode || transition.step > step) continue;
      context ??= transition.context;
      if (transition.step === step) found = transition;
      else if (transition.state !== null)
        earlier.set(transition.step, { stateText: transition.state, actionText: transition.action });
    }
    return found === null ? null : { transition: found, context, history: unbroken(earlier, step) };
  }

  async function entriesOf({ episode, step }: WantedStep, environment: string): Promise<readonly ScoreEntry[]> {
    const entries: ScoreEntry[] = [];
    for await (const { value } of recordsWith("scores", environment, episode)) {
      const score: Score = codecs.score.decode(value ?? new Uint8Array());
      if (score.episode === episode && score.step === step) entries.push(...score.entries);
    }
    return entries;
  }

  /** A pinned version is its predictor's own. */
  async function modelOf(environment: string, { predictor: name, version }: ScoreEntry): Promise<Model | null> {
    const predictor = liveName(name);
    for await (const { value } of recordsWith("models", null, version)) {
      const model = codecs.model.decode(value ?? new Uint8Array());
      if (model.environment === environment && model.predictor === predictor && model.version === version) return model;
    }
    return null;
  }

  async function explainEntry(
    entry: ScoreEntry,
    { transition, context, history }: Found,
  ): Promise<ExplainedPrediction> {
    const without = (why: string): ExplainedPrediction => ({ entry, explanation: null, why });
    if (entry.status !== "answered") return without(entry.reason ?? entry.status);
    if (entry.predictor === bestOfName) return without(`it said what ${chosenIn(entry)} said`);
    const factory = factories.find((one) => one.name === liveName(entry.predictor));
    if (factory === undefined) return without("the predictor is not ours: only its owner can say");
    if (factory.builtin !== undefined) return without("it has no parameters: it always says that nothing changes");
    if (entry.version === "none") return without("it has learnt nothing yet");
    const model = await modelOf(transition.environment, entry);
    if (model === null) return without("the version that predicted is not kept any more");
    const predictor = await loader.load(model);
    if (predictor === null)
      return without("the version that predicted is not kept any more: a blob of it is gone or damaged");
    if (predictor.explain === undefined) return without("this predictor does not explain itself");
    const explanation = predictor.explain(situationOf(transition, context, undefined, history));
    return explanation === null ? without("it abstains") : { entry, explanation, why: null };
  }

  return {
    async explain(wanted) {
      const found = await find(wanted);
      if (found === null) return null;
      const predictions: ExplainedPrediction[] = [];
      for (const entry of await entriesOf(wanted, found.transition.environment))
        predictions.push(await explainEntry(entry, found));
      return { transition: found.transition, predictions };
    },
  };
}

interface Found {
  readonly transition: Transition;
  readonly context: string | null;
  readonly history: History;
}

/** The steps before `step`, as far back as none is missing. */
function unbroken(earlier: ReadonlyMap<number, History[number]>, step: number): History {
  const steps: History[number][] = [];
  for (let one = earlier.get(step - 1); one !== undefined; one = earlier.get(step - 1 - steps.length)) steps.push(one);
  return steps.reverse();
}

function holds(value: Uint8Array, needle: Buffer): boolean {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).includes(needle);
}
