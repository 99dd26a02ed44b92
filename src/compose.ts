/**
 * Wires the stages of one process together: the one place that knows them all. Used by `driftline run` on any log and by the
 * crash tests on the memory log, so that both run the same topology.
 */
import type { Blobs } from "./blobs/port.ts";
import { readBlobs } from "./blobs/read.ts";
import type { Model } from "./codec/records.ts";
import { bestOfName } from "./codec/reference-name.ts";
import { createLearn } from "./learn/learn.ts";
import type { LearnOptions } from "./learn/options.ts";
import { createMonitor } from "./monitor/monitor.ts";
import type { MonitorOptions } from "./monitor/options.ts";
import type { PredictRemoteOptions } from "./predict-remote/options.ts";
import { createPredictRemote, type RemoteWorld } from "./predict-remote/predict-remote.ts";
import { isFor, type RemoteSetup, setupsOf } from "./predict-remote/setups.ts";
import { openIsolated } from "./predictors/host/isolated.ts";
import { tuneIsolated } from "./predictors/host/tune.ts";
import { predictorFactories } from "./predictors/registry.ts";
import type { RemoteDeps, RemoteFactory, RemotePredictor } from "./predictors/remote.ts";
import type { Tuned } from "./predictors/tuning.ts";
import type { Readable } from "./run/manifests.ts";
import type { Stage } from "./run/stage.ts";
import type { Metrics } from "./stats/metrics.ts";
import { type SubTopologyName, subTopologyNames } from "./topology.ts";
import { shapeOverridesOf } from "./track/environment.ts";
import type { TrackOptions } from "./track/options.ts";
import { baselineOf } from "./track/predict/logic.ts";
import { createTrack } from "./track/track.ts";

export interface ComposeDeps {
  readonly options: {
    readonly track: TrackOptions;
    readonly predictRemote: PredictRemoteOptions;
    readonly learn: LearnOptions;
    readonly monitor: MonitorOptions;
  };
  readonly blobs: Blobs;
  /** Where topics are read aside. */
  readonly log: Readable;
  readonly metrics: Metrics;
  /** Partition count of `interactions`. */
  readonly partitions: number;
  /** Wall clock, epoch ms: for gauges at scrape, never for logic. */
  readonly now: () => number;
  /** Monotonic seconds, for latencies only. */
  readonly seconds: () => number;
  /** Where remote predictors run. */
  readonly remoteWorld?: RemoteWorld;
  readonly remoteFactories?: readonly RemoteFactory[];
  /** A model version that was announced cannot be loaded: predictions abstain with `version-gone`. */
  readonly onModelTrouble?: (model: Model, error: unknown) => void;
}

/** A sub-topology of stream tasks. */
export type StageName = Exclude<SubTopologyName, "serve">;
export const stageNames: readonly StageName[] = subTopologyNames.filter((name): name is StageName => name !== "serve");

/** The named stages, in the order in which data walks. */
export function composeStages(deps: ComposeDeps, names: readonly StageName[] = stageNames): readonly Stage[] {
  const { options, blobs, log, metrics, partitions, now, seconds, onModelTrouble = () => {} } = deps;
  const { setups } = setupsOf(options.predictRemote, [], deps.remoteFactories);
  const read = (hashes: readonly string[]) => readBlobs(blobs, hashes);
  const tuned = setups.flatMap((setup) => tunedOf(setup, deps, read));
  const make: Record<StageName, () => readonly Stage[]> = {
    track: () => [
      createTrack({
        options: options.track,
        factories: predictorFactories,
        remoteIn: (environment) =>
          setups
            .filter((setup) => isFor(setup, environment))
            .map(({ name, factory, options: its }) => {
              const isTuned = tuned.some((one) => one.name === name);
              return { name, historySteps: factory.historySteps(its), tuned: isTuned };
            }),
        blobs,
        metrics,
        partitions,
        seconds,
        onModelTrouble,
      }),
    ],
    "predict-remote": () =>
      setups.map((setup) =>
        createPredictRemote({ setup, metrics, world: remoteWorldOf(deps), read, open: openPredictor }),
      ),
    learn: () => [
      createLearn({
        options: options.learn,
        factories: learnt(options.track),
        configOf: (environment) => ({
          shape: shapeOverridesOf(options.track, environment),
          rowBytesMax: options.learn.rowBytesMax,
        }),
        metrics,
        log,
        blobs,
        partitions,
        tuned,
        say: deps.remoteWorld?.log ?? (() => {}),
      }),
    ],
    monitor: () => {
      const own = new Set([...ownNames, ...tuned.map(({ name }) => name)]);
      return [createMonitor({ options: options.monitor, metrics, own, now })];
    },
  };
  return stageNames.filter((name) => names.includes(name)).flatMap((name) => make[name]());
}

/** Native code gets a process of its own. */
function openPredictor({ factory, options }: RemoteSetup, deps: RemoteDeps): Promise<RemotePredictor> {
  return factory.isolated ? openIsolated(factory, options, deps) : factory.open(options, deps);
}

function remoteWorldOf({ remoteWorld }: ComposeDeps): RemoteWorld {
  if (remoteWorld === undefined) throw new Error("remote predictors need an environment to run in");
  return remoteWorld;
}

/** A round that hangs is ended. What it does beside training takes about as long; on a machine that is busy everything takes many times longer. */
const roundGraceMs = 300_000;

/** The predictor, where it learns on: native code in a process of its own. */
function tunedOf(setup: RemoteSetup, deps: ComposeDeps, read: RemoteDeps["read"]): readonly Tuned[] {
  const { name, factory, options: its } = setup;
  const { tuning } = factory;
  const options = tuning?.wanted(its) ?? null;
  if (tuning === undefined || options === null) return [];
  const limitMs = 10_000 * options.secondsMax + roundGraceMs;
  return [
    {
      name,
      options,
      historySteps: factory.historySteps(its),
      isFor: (environment) => isFor(setup, environment),
      async round(order, signal) {
        const world = { ...remoteWorldOf(deps), name, read, count() {} };
        return factory.isolated
          ? tuneIsolated(factory, its, order, world, { limitMs, signal })
          : tuning.round(order, its, world, signal);
      },
    },
  ];
}

/** Whose live predictions no alarm watches: they learn, or are of those that do. */
const ownNames: ReadonlySet<string> = new Set([...predictorFactories.map(({ name }) => name), bestOfName]);

/** Nothing is learnt for a predictor that does not run. The baseline of texts always does (P5). */
function learnt({ predictors }: TrackOptions) {
  return predictorFactories.filter(({ name }) => predictors.includes(name) || name === baselineOf("observation"));
}
