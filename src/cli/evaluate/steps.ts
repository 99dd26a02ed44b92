/** Files folded by track's own code into steps to predict: pairing, comparison rules and situations are those of the live job. */

import { fileBytes, readLines } from "../../codec/event-lines.ts";
import type { Transition } from "../../codec/records.ts";
import type { LogRecord } from "../../log/port.ts";
import type { Situation } from "../../predictors/predictor.ts";
import { predictorFactories } from "../../predictors/registry.ts";
import { decodeRecord, type Event } from "../../track/decode/logic.ts";
import type { TrackOptions } from "../../track/options.ts";
import { createPairing } from "../../track/pair/pairing.ts";
import type { Sink } from "../../track/pair/sink.ts";
import { createPairStore } from "../../track/pair/store.ts";
import { situationOf } from "../../track/predict/logic.ts";
import type { Truth } from "../../track/score/logic.ts";
import { createSteps } from "../../track/steps.ts";
import type { Writer } from "../../track/writer.ts";

/** A step that is fit to be scored. */
export interface Step {
  readonly situation: Situation;
  readonly truth: Truth;
  readonly transition: Transition;
  /** Predictions by others that the file holds, ahead of the truth. */
  readonly others: readonly Event[];
}

export interface FoldOptions {
  readonly track: TrackOptions;
  /** False: no predictor sees the context. */
  readonly context: boolean;
  /** Earlier steps that somebody beside the inline predictors looks at. */
  readonly historySteps?: number;
}

export interface FoldSummary {
  readonly events: number;
  readonly transitions: number;
  /** Transitions that are not fit to be scored. */
  readonly unfit: number;
  /** Events that could not be used, by reason. */
  readonly dead: ReadonlyMap<string, number>;
}

export interface FoldListener {
  step(step: Step): void;
  /** All steps of the episode have come. */
  ended(episode: string): void;
  progress(done: number, total: number, events: number): void;
  stopped(): boolean;
  /** Asked after each event: what waits for slow work waits here. */
  settle?(): Promise<void>;
}

export async function foldFiles(
  files: readonly string[],
  options: FoldOptions,
  listener: FoldListener,
): Promise<FoldSummary> {
  const totals = await Promise.all(files.map(fileBytes));
  const total = totals.reduce((sum, bytes) => sum + bytes, 0);
  const dead = new Map<string, number>();
  const historySteps = Math.max(
    options.historySteps ?? 0,
    ...predictorFactories.map((factory) => factory.historySteps ?? 0),
  );
  const captured = capture();
  const store = createPairStore();
  const steps = createSteps(
    options.track,
    { historySteps: () => historySteps, predict: () => [] },
    captured.writer,
    () => ({ names: [], historySteps: 0, models: () => [] }),
    null,
    () => store.streamTime,
  );
  let events = 0;
  let transitions = 0;
  let unfit = 0;
  const sink: Sink = {
    ...steps,
    completed(episode, completed) {
      const { state, pending } = completed;
      const situation = state === null ? null : situationOf(episode, pending.step, state, pending.action);
      const truth = steps.completed(episode, completed);
      const transition = captured.take();
      transitions += 1;
      if (truth === null || situation === null) unfit += 1;
      else {
        const others = completed.predictions;
        listener.step({
          situation: shown(situation, options.context),
          truth,
          // Written once an episode, known at every step: learners are given it each time.
          transition: { ...transition, context: options.context ? situation.contextText : null },
          others,
        });
      }
      return truth;
    },
    closed(episode) {
      listener.ended(episode.id);
    },
    dead: (reason) => void dead.set(reason, (dead.get(reason) ?? 0) + 1),
  };
  const pairing = createPairing(options.track, sink, store);
  let before = 0;
  for (const [at, file] of files.entries()) {
    for await (const { line, bytesRead } of readLines(file)) {
      if (listener.stopped()) break;
      const decoded = decodeRecord(recordOf(line, events), Number.POSITIVE_INFINITY);
      events += 1;
      if (decoded.form === "event") pairing.take(decoded.event);
      else if (decoded.form === "dead") dead.set(decoded.reason, (dead.get(decoded.reason) ?? 0) + 1);
      listener.progress(before + bytesRead, total, events);
      await listener.settle?.();
    }
    before += totals[at] ?? 0;
  }
  // Whatever still waits does so for nothing: the files are over.
  for (let later = 1; pairing.nextDeadline() !== null && later <= 4; later++) pairing.advance(later * 10 ** 12);
  return { events, transitions, unfit, dead };
}

function recordOf(line: Buffer, offset: number): LogRecord {
  return { topic: "interactions", partition: 0, offset, timestamp: 0, key: null, value: line };
}

/** Track's writer, of which only the transition is wanted. */
function capture(): { readonly writer: Writer; take(): Transition } {
  let held: Transition | null = null;
  const writer: Writer = {
    begin() {},
    count() {},
    transition(record) {
      held = { ...record, source: { partition: 0, offset: 0, index: 0 } };
    },
    score() {},
    outcome() {},
    situation() {},
    dead() {},
    committed() {},
  };
  return {
    writer,
    take() {
      if (held === null) throw new Error("no transition was written");
      return held;
    },
  };
}

function shown(situation: Situation, context: boolean): Situation {
  return context ? situation : { ...situation, contextText: null, context: null };
}
