/**
 * `learn`: transitions → models. Keyed by environment, so it sees the whole environment. It learns, publishes versions (blobs, then the
 * manifest on `models`) and announces each in every partition of `interactions`, where track swaps to it exactly at that offset. A pin,
 * which comes by `commands` or by itself once the curve is flat, is announced in the same way: that version is the reference from there on.
 */

import type { Blobs } from "../blobs/port.ts";
import { blankInteraction } from "../codec/blank-interaction.ts";
import { CodecError, codecs } from "../codec/codecs.ts";
import type { DeadLetterReason } from "../codec/dead-letter-reasons.ts";
import type { Model, Transition } from "../codec/records.ts";
import { createSourceWatermark } from "../codec/source-watermark.ts";
import { partitionOf } from "../log/murmur2.ts";
import type { LogRecord } from "../log/port.ts";
import type { LearnerConfig, PredictorFactory } from "../predictors/predictor.ts";
import { createStates } from "../predictors/states.ts";
import type { Tuned } from "../predictors/tuning.ts";
import { deadLetterOf } from "../run/dead-letter.ts";
import { type Readable, referenceKey, versionKey } from "../run/manifests.ts";
import type { Emit, Stage, StageTask } from "../run/stage.ts";
import type { Metrics } from "../stats/metrics.ts";
import { createContexts } from "./contexts.ts";
import { type Curve, isFlat } from "./curve.ts";
import { createLearners } from "./learners.ts";
import { isDue, isTeaching, type Learning, publish, teach } from "./logic.ts";
import { createLostBlobs } from "./lost-blobs.ts";
import { createLearnMetrics, type LearnMetrics } from "./metrics.ts";
import type { LearnOptions } from "./options.ts";
import { createReferences } from "./references.ts";
import { createRounds, type Rounds } from "./rounds.ts";
import { createRuleOrders } from "./rule-orders.ts";
import { readLearnings, writeLearnings } from "./snapshot.ts";
import { createTuningMetrics, type TuningMetrics } from "./tuning-metrics.ts";
import { createTunings } from "./tunings.ts";

export interface LearnDeps {
  readonly options: LearnOptions;
  readonly factories: readonly PredictorFactory[];
  readonly configOf?: (environment: string) => LearnerConfig;
  readonly metrics: Metrics;
  /** Where `models` is read aside. */
  readonly log: Readable;
  /** Where versions are looked for that may be lost. */
  readonly blobs: Pick<Blobs, "get">;
  /** Partition count of `interactions`: every one of them gets the announcements. */
  readonly partitions: number;
  /** Remote predictors that learn on. */
  readonly tuned?: readonly Tuned[];
  readonly say?: (level: "info" | "warn", message: string, fields: object) => void;
}

/** What the tasks of a process share. */
interface Shared {
  readonly metrics: LearnMetrics;
  readonly tuning: TuningMetrics;
  readonly rounds: Rounds;
}

export function createLearn(deps: LearnDeps): Stage {
  const shared: Shared = {
    metrics: createLearnMetrics(deps.metrics),
    tuning: createTuningMetrics(deps.metrics),
    rounds: createRounds(),
  };
  return {
    name: "learn",
    commitsLater: true,
    inputs: ["commands", "transitions"],
    task: (partition) => createLearnTask(deps, shared, partition),
    close: shared.rounds.close,
  };
}

function createLearnTask(deps: LearnDeps, { metrics, tuning, rounds }: Shared, partition: number): StageTask {
  const { options, partitions, tuned = [], say = () => {} } = deps;
  const factories = deps.factories.filter((factory) => factory.learner !== undefined);
  const watermark = createSourceWatermark();
  const states = createStates();
  const contexts = createContexts();
  let streamTime = 0;
  let offset = 0;
  let begun = true;
  /** Of work before versions, done so far. */
  let slices = 0;
  let counts: (() => void)[] = [];
  const isMine = (environment: string) => partitionOf(environment, partitions) === partition;
  const references = createReferences(deps.log, isMine);
  const orders = createRuleOrders(isMine);
  const { environmentsMax } = options;
  const configOf = (environment: string) => deps.configOf?.(environment);
  const learners = createLearners({ factories, configOf, ordersOf: orders.of, environmentsMax });
  const lostBlobs = createLostBlobs(deps.blobs);
  const tunings = createTunings({ tuned, rounds, log: deps.log, metrics: tuning, say, partition, environmentsMax });
  const unwatch = metrics.watch(() => learners.all(), references.all);

  /** `at`: the transition's offset. */
  function learn(transition: Transition, at: number, live: boolean): void {
    const count = (counting: () => void) => void (live && counts.push(counting));
    if (!isTeaching(transition)) {
      return count(() => metrics.skipped(transition.quality === "ok" ? "arm" : "quality"));
    }
    tunings.remember(transition, at);
    const { environment } = transition;
    const known = learners.of(transition);
    if (known === null) return count(() => metrics.skipped("environments"));
    const parsed = transition.kind === "state" ? states.of(transition) : undefined;
    for (const learning of known) {
      teach(learning, transition, parsed);
      count(() => metrics.learnt(environment, learning.predictor));
    }
  }

  function announce(model: Model, emit: Emit): void {
    emit.record("models", versionKey(model), codecs.model.encode(model));
    tellTracks({ announcement: model }, emit);
    counts.push(() => metrics.published(model.environment, model.predictor));
  }

  function refer(model: Model, emit: Emit): void {
    references.refer(model);
    emit.record("models", referenceKey(model), codecs.model.encode(model));
    tellTracks({ reference: model }, emit);
  }

  /** A control record in every partition: track swaps exactly there. */
  function tellTracks(what: { readonly announcement: Model } | { readonly reference: Model }, emit: Emit): void {
    const record = codecs.interaction.encode({ ...blankInteraction, type: "model", ...what });
    for (let to = 0; to < partitions; to++) emit.record("interactions", null, record, to);
  }

  function sayLost({ environment, predictor, version }: Learning, lost: ReadonlySet<string>): void {
    const what = "blobs of the newest version are gone or damaged; what they held is published again";
    say("warn", what, { environment, predictor, version, blobs: [...lost] });
  }

  /** Where there was never a pin. */
  function pinFirst({ curve }: { readonly curve: Curve }, model: Model, emit: Emit): void {
    if (!options.pinAutomatically || references.of(model.environment, model.predictor) !== null) return;
    if (isFlat(curve, options)) refer({ ...model, reference: { pinned: true, at: streamTime, author: null } }, emit);
  }

  /** Orders are folded in catch-up too: they are nowhere else. */
  function hear(record: LogRecord, emit: Emit, live: boolean): void {
    const heard = orders.hear(record);
    if (heard.form === "dead" && live) bury(record, { reason: "invalid", ...heard }, emit);
    if (heard.form !== "ordered") return;
    const { environment, predictor } = heard;
    learners.find(environment, predictor)?.learner.obey?.(orders.of(environment, predictor));
  }

  function obey(record: LogRecord, emit: Emit): void {
    const decision = references.decide(record);
    if (decision.form === "refer") refer(decision.model, emit);
    if (decision.form === "dead") bury(record, decision, emit);
  }

  function bury(record: LogRecord, why: Reason, emit: Emit): void {
    const letter = codecs.deadLetter.encode(deadLetterOf(record, { stage: "learn", ...why }));
    emit.record("dead-letters", record.key, letter, record.key === null ? 0 : undefined);
    counts.push(() => metrics.deadLetter(why.reason));
  }

  return {
    prepare: references.prepare,
    progress: () => slices,
    fold(record, emit, live) {
      streamTime = Math.max(streamTime, record.timestamp);
      try {
        if (record.topic === "commands") {
          hear(record, emit, live);
          // What a pin came to is not decided again in catch-up: it is read back.
          return live ? obey(record, emit) : undefined;
        }
        offset = record.offset + 1;
        const transition = codecs.transition.decode(record.value ?? new Uint8Array());
        if (watermark.isNew(transition.source)) learn(contexts.complete(transition), record.offset, live);
      } catch (error) {
        if (!(error instanceof CodecError)) throw error;
        if (live) bury(record, { reason: "undecodable", message: error.message, environment: null }, emit);
      }
    },
    async caughtUp() {
      await references.load();
      await tunings.load(isMine);
      begun = false;
    },
    async poll(nowMs, emit, breathe) {
      // Announcements are kept for days, pins for ever: a track that begins anew hears of them here. To others it is what they know.
      if (!begun) for (const model of references.all()) if (isPinned(model)) tellTracks({ reference: model }, emit);
      begun = true;
      const unlooked = lostBlobs.due(learners.all(), nowMs);
      for (const learning of learners.all()) {
        const isNews = isDue(learning, nowMs, options);
        if (!isNews && learning !== unlooked) continue;
        const lost = await lostBlobs.of(learning, nowMs);
        if (!isNews && lost.size === 0) continue;
        if (lost.size > 0) sayLost(learning, lost);
        for (const _ of learning.learner.preparing?.() ?? []) {
          const pause = breathe();
          if (pause !== null) await pause;
          slices += 1;
        }
        const at = { streamTime, nowMs, offsets: [{ partition, offset }] };
        const put = Object.assign((bytes: Uint8Array) => emit.blob(bytes), {
          isLost: (hash: string) => lost.has(hash),
        });
        const model = publish(learning, put, at);
        announce(model, emit);
        pinFirst(learning, model, emit);
      }
      tunings.poll({
        nowMs,
        streamTime,
        offset,
        put: (bytes) => emit.blob(bytes),
        announce(model, its) {
          announce(model, emit);
          pinFirst(its, model, emit);
        },
        count: (counting) => void counts.push(counting),
      });
    },
    snapshot() {
      // Whoever goes on from the snapshot has none of them: what is shared must not tell the two apart.
      states.clear();
      return writeLearnings(
        {
          v: 1,
          streamTime,
          offset,
          watermark: watermark.snapshot(),
          contexts: contexts.snapshot(),
          orders: orders.snapshot(),
        },
        learners.all(),
        tunings.parts(),
      );
    },
    async restore(snapshot) {
      const read = readLearnings(snapshot);
      streamTime = read.task.streamTime;
      offset = read.task.offset;
      watermark.restore(read.task.watermark);
      contexts.restore(read.task.contexts);
      orders.restore(read.task.orders ?? []);
      states.clear();
      const begun = learners.begin(read.learnings.map(({ learning }) => learning));
      for (const [at, { learning: plain, learnt }] of read.learnings.entries()) {
        const learning = begun[at];
        if (learning === undefined) continue;
        Object.assign(learning, plain);
        learning.learner.restore(learnt);
      }
      tunings.clear();
      for (const { head, bytes } of read.tunings) tunings.restore(head, bytes);
    },
    storeBytes: () => learners.all().reduce((sum, { learner }) => sum + learner.storeBytes(), tunings.storeBytes()),
    committed() {
      const due = counts;
      counts = [];
      for (const counting of due) counting();
    },
    close() {
      unwatch();
      tunings.close();
    },
  };
}

function isPinned({ reference }: Model): boolean {
  return reference?.pinned === true;
}

interface Reason {
  readonly reason: DeadLetterReason;
  readonly message: string;
  readonly environment: string | null;
}
