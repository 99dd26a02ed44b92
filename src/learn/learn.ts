/**
 * `learn`: transitions → models. Keyed by environment, so it sees the whole environment. It learns, publishes versions (blobs, then the
 * manifest on `models`) and announces each in every partition of `interactions`, where track swaps to it exactly at that offset.
 */

import { blankInteraction } from "../codec/blank-interaction.ts";
import { CodecError, codecs } from "../codec/codecs.ts";
import type { Kind, Model, Transition } from "../codec/records.ts";
import { createSourceWatermark } from "../codec/source-watermark.ts";
import type { LogRecord } from "../log/port.ts";
import { isFor, type PredictorFactory } from "../predictors/predictor.ts";
import type { Emit, Stage, StageTask } from "../run/stage.ts";
import type { Metrics } from "../stats/metrics.ts";
import { createContexts } from "./contexts.ts";
import { createStates, isDue, isTeaching, type Learning, publish, teach } from "./logic.ts";
import { createLearnMetrics, type LearnMetrics } from "./metrics.ts";
import type { LearnOptions } from "./options.ts";
import { readLearnings, writeLearnings } from "./snapshot.ts";

export interface LearnDeps {
  readonly options: LearnOptions;
  readonly factories: readonly PredictorFactory[];
  readonly metrics: Metrics;
  /** Partition count of `interactions`: every one of them gets the announcements. */
  readonly partitions: number;
}

export function createLearn(deps: LearnDeps): Stage {
  const metrics = createLearnMetrics(deps.metrics);
  return { name: "learn", inputs: ["transitions"], task: (partition) => createLearnTask(deps, metrics, partition) };
}

function createLearnTask(deps: LearnDeps, metrics: LearnMetrics, partition: number): StageTask {
  const { options, partitions } = deps;
  const factories = deps.factories.filter((factory) => factory.learner !== undefined);
  const learnings = new Map<string, readonly Learning[]>();
  const watermark = createSourceWatermark();
  const states = createStates();
  const contexts = createContexts();
  let streamTime = 0;
  let offset = 0;
  let counts: (() => void)[] = [];
  const unwatch = metrics.watch(() => [...learnings.values()].flat());

  function start(environment: string, kind: Kind): readonly Learning[] {
    return factories
      .filter((factory) => isFor(factory, kind))
      .flatMap((factory) => {
        const learner = factory.learner?.(environment);
        if (learner === undefined) return [];
        return [
          {
            environment,
            kind,
            predictor: factory.name,
            learner,
            hits: 0,
            tries: 0,
            publishedAtMs: 0,
            published: 0,
            version: "",
          },
        ];
      });
  }

  function learn(transition: Transition, live: boolean): void {
    const count = (counting: () => void) => void (live && counts.push(counting));
    if (!isTeaching(transition)) {
      return count(() => metrics.skipped(transition.quality === "ok" ? "arm" : "quality"));
    }
    const { environment } = transition;
    let known = learnings.get(environment);
    if (known === undefined) {
      if (learnings.size >= options.environmentsMax) return count(() => metrics.skipped("environments"));
      known = start(environment, transition.kind);
      learnings.set(environment, known);
    }
    for (const learning of known) {
      teach(learning, transition, states);
      count(() => metrics.learnt(environment, learning.predictor));
    }
    states.follow(transition);
  }

  function announce(model: Model, emit: Emit): void {
    const key = JSON.stringify([model.environment, model.predictor, model.version]);
    emit.record("models", key, codecs.model.encode(model));
    const announcement = codecs.interaction.encode({ ...blankInteraction, type: "model", announcement: model });
    for (let to = 0; to < partitions; to++) emit.record("interactions", null, announcement, to);
    counts.push(() => metrics.published(model.environment, model.predictor));
  }

  return {
    fold(record, emit, live) {
      streamTime = Math.max(streamTime, record.timestamp);
      offset = record.offset + 1;
      const transition = decode(record, emit, (reason) => counts.push(() => metrics.deadLetter(reason)), live);
      if (transition !== null && watermark.isNew(transition.source)) learn(contexts.complete(transition), live);
    },
    poll(nowMs, emit) {
      for (const learning of [...learnings.values()].flat()) {
        if (!isDue(learning, nowMs, options)) continue;
        announce(
          publish(learning, (bytes) => emit.blob(bytes), { streamTime, nowMs, offsets: [{ partition, offset }] }),
          emit,
        );
      }
    },
    snapshot: () =>
      writeLearnings(
        { v: 1, streamTime, offset, watermark: watermark.snapshot(), contexts: contexts.snapshot() },
        [...learnings.values()].flat(),
      ),
    async restore(snapshot) {
      const read = readLearnings(snapshot);
      streamTime = read.task.streamTime;
      offset = read.task.offset;
      watermark.restore(read.task.watermark);
      contexts.restore(read.task.contexts);
      learnings.clear();
      for (const { learning: plain, learnt } of read.learnings) {
        if (!learnings.has(plain.environment)) learnings.set(plain.environment, start(plain.environment, plain.kind));
        const learning = learnings.get(plain.environment)?.find((one) => one.predictor === plain.predictor);
        if (learning === undefined) continue;
        Object.assign(learning, plain);
        learning.learner.restore(learnt);
      }
    },
    storeBytes: () => [...learnings.values()].flat().reduce((sum, { learner }) => sum + learner.storeBytes(), 0),
    committed() {
      const due = counts;
      counts = [];
      for (const counting of due) counting();
    },
    close: unwatch,
  };
}

function decode(record: LogRecord, emit: Emit, count: (reason: string) => void, live: boolean): Transition | null {
  try {
    return codecs.transition.decode(record.value ?? new Uint8Array());
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    if (live) {
      const letter = codecs.deadLetter.encode({
        source: { partition: record.partition, offset: record.offset, index: 0 },
        topic: record.topic,
        key: record.key,
        stage: "learn",
        reason: "undecodable",
        message: error.message,
        environment: null,
        episode: null,
        time: record.timestamp,
        stack: null,
        value: record.value ?? new Uint8Array(),
      });
      emit.record("dead-letters", record.key, letter, record.key === null ? 0 : undefined);
      count("undecodable");
    }
    return null;
  }
}
