/**
 * `track`: interactions → transitions, scores, outcomes. Decode, pair, predict and score are fused in one fold per partition, so no step
 * waits between them. Whatever changes what it does next is a record of its one input partition (DESIGN 3).
 */
import type { Blobs } from "../blobs/port.ts";
import type { Model } from "../codec/records.ts";
import { partitionOf } from "../log/murmur2.ts";
import type { LogRecord } from "../log/port.ts";
import { createLoader, type Loader } from "../predictors/loader.ts";
import type { PredictorFactory } from "../predictors/predictor.ts";
import type { Emit, Stage, StageTask } from "../run/stage.ts";
import type { Metrics } from "../stats/metrics.ts";
import { type Decoded, decodeRecord, type Event } from "./decode/logic.ts";
import { createTrackMetrics, type TrackMetrics } from "./metrics.ts";
import type { TrackOptions } from "./options.ts";
import { createPairing } from "./pair/pairing.ts";
import { restoreStore, snapshotStore } from "./pair/snapshot.ts";
import { createPairStore, storeBytes } from "./pair/store.ts";
import { createAsking, type PlainWindow } from "./predict/asking.ts";
import { createBestOf, type PlainCount } from "./predict/best-of.ts";
import { createInline } from "./predict/logic.ts";
import { createRemote, type RemoteNeed } from "./predict/remote.ts";
import { createVersions } from "./predict/versions.ts";
import { createSteps } from "./steps.ts";
import { createWriter } from "./writer.ts";

export interface TrackDeps {
  readonly options: TrackOptions;
  readonly factories: readonly PredictorFactory[];
  /** Remote predictors of ours that answer in an environment. */
  readonly remoteIn?: (environment: string) => readonly RemoteNeed[];
  readonly blobs: Blobs;
  readonly metrics: Metrics;
  /** Partition count of `interactions`. */
  readonly partitions: number;
  /** Monotonic seconds: for latencies only. */
  readonly seconds: () => number;
  readonly onModelTrouble?: (model: Model, error: unknown) => void;
}

export function createTrack(deps: TrackDeps): Stage {
  const loader = createLoader(deps.factories, deps.blobs, deps.onModelTrouble ?? (() => {}));
  const metrics = createTrackMetrics(deps.metrics);
  return {
    name: "track",
    inputs: ["interactions"],
    task: (partition) => createTrackTask(deps, loader, metrics, partition),
  };
}

/** The first line of a snapshot. */
interface Head {
  readonly models: readonly Model[];
  readonly references?: readonly Model[];
  readonly bestOf?: readonly PlainCount[];
  readonly asking?: readonly PlainWindow[];
}

function createTrackTask(deps: TrackDeps, loader: Loader, metrics: TrackMetrics, partition: number): StageTask {
  const { options, factories, partitions, seconds } = deps;
  const store = createPairStore();
  const versions = createVersions(loader);
  const inline = createInline(factories, options, versions, seconds);
  const writer = createWriter(metrics.stage());
  const bestOf = createBestOf();
  const asking = createAsking(options.predictDeadlineMs, options.predictWindow);
  const remote = createRemote(options, deps.remoteIn ?? (() => []), asking, versions);
  const chosen = options.bestOf ? bestOf : null;
  const steps = createSteps(options, inline, writer, remote, chosen, () => store.streamTime);
  const pairing = createPairing(options, steps, store);
  let decoded = new Map<LogRecord, Decoded>();
  const removeGauge = deps.metrics.gauge(
    "driftline_open_episodes",
    "Open episodes, by partition of interactions.",
    ["partition"],
    () => [{ labels: { partition: String(partition) }, value: store.episodes.size }],
  );

  function fold(record: LogRecord, emit: Emit, live: boolean): void {
    const what = decoded.get(record) ?? decodeRecord(record, options.clockAheadMs);
    decoded.delete(record);
    writer.begin(record, emit, live);
    pairing.advance(record.timestamp);
    switch (what.form) {
      case "event":
        return take(what.event);
      case "model":
        return versions.announce(what.model);
      case "reference":
        return versions.refer(what.model);
      case "tick":
        return;
      case "dead":
        store.ledger.taken += 1;
        store.ledger.dead += 1;
        writer.dead({ record, stage: "decode", ...what });
    }
  }

  function take(event: Event): void {
    const { episode, type, environment, step, predictor } = event.interaction;
    if (type === "prediction" && step !== null && predictor !== null)
      asking.answered(predictor, episode, step, store.streamTime);
    const known =
      environment ?? store.episodes.get(episode)?.environment ?? store.ended.get(episode)?.environment ?? "unknown";
    writer.count((counters) => counters.interaction(known, type));
    if (partitionOf(episode, partitions) !== partition) writer.count((counters) => counters.misplaced());
    try {
      pairing.take(event);
    } catch (error) {
      pairing.breakEpisode(episode);
      throw error;
    }
  }

  return {
    async prepare(records) {
      decoded = new Map();
      const models: Model[] = [];
      // Control records have no key: only these need anything loaded.
      for (const record of records) {
        if (record.key !== null) continue;
        const what = decodeRecord(record, options.clockAheadMs);
        decoded.set(record, what);
        if (what.form === "model" || what.form === "reference") models.push(what.model);
      }
      if (models.length > 0) await versions.prepare(models);
    },
    fold,
    *snapshot() {
      yield Buffer.from(
        JSON.stringify({ v: 1, ...versions.snapshot(), bestOf: bestOf.snapshot(), asking: asking.snapshot() }),
      );
      for (const line of snapshotStore(store)) yield Buffer.from(`\n${line}`);
    },
    async restore(snapshot) {
      const [head = "{}", ...lines] = Buffer.from(snapshot).toString("utf8").split("\n");
      // Older snapshots have fewer of them.
      const { models, references = [], bestOf: counts = [], asking: windows = [] }: Head = JSON.parse(head);
      await versions.restore({ models, references });
      bestOf.restore(counts);
      asking.restore(windows);
      restoreStore(store, lines, steps.prepareTruth);
    },
    storeBytes: () => storeBytes(store),
    nextDeadline: () => pairing.nextDeadline(),
    committed: () => writer.committed(),
    close: removeGauge,
  };
}
