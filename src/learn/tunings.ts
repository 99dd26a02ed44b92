/**
 * Predictors that learn on, in one partition: beside the learners of `learn`, not in their way. Steps are remembered in the fold; rounds begin
 * and end in `poll`, which only looks whether one has come back.
 */
import type { Model, Transition } from "../codec/records.ts";
import type { Tuned } from "../predictors/tuning.ts";
import { type Readable, readManifests } from "../run/manifests.ts";
import type { Round, Rounds } from "./rounds.ts";
import type { PlainTuning } from "./snapshot.ts";
import {
  goOnFrom,
  isRoundDue,
  orderOf,
  readTuning,
  remember,
  settle,
  startTuning,
  type Tuning,
  tuningBytes,
} from "./tuned.ts";
import type { RoundOutcome, TuningMetrics } from "./tuning-metrics.ts";

export interface TuningsDeps {
  readonly tuned: readonly Tuned[];
  readonly rounds: Rounds;
  readonly log: Readable;
  readonly metrics: TuningMetrics;
  readonly say: (level: "info" | "warn", message: string, fields: object) => void;
  /** Of `transitions`. */
  readonly partition: number;
  readonly environmentsMax: number;
}

export interface Tunings {
  /** `transition`: one that teaches, with its episode's context. */
  remember(transition: Transition, offset: number): void;
  /** Goes on from the newest versions that `models` names. `isMine`: is the environment of this partition? */
  load(isMine: (environment: string) => boolean): Promise<void>;
  /** Takes what a round came to, and begins another. `offset`: behind the last step that was folded. */
  poll(at: {
    readonly nowMs: number;
    readonly streamTime: number;
    readonly offset: number;
    put(bytes: Uint8Array): string;
    announce(model: Model, tuning: Tuning): void;
    /** Counts when what is emitted is durable. */
    count(counting: () => void): void;
  }): void;
  all(): readonly Tuning[];
  parts(): Iterable<{ readonly head: PlainTuning; readonly bytes: Uint8Array }>;
  /** Nothing where nobody here learns that on. */
  restore(head: PlainTuning, bytes: Uint8Array): void;
  clear(): void;
  storeBytes(): number;
  close(): void;
}

interface Running {
  readonly tuning: Tuning;
  readonly round: Round;
  /** Offset behind the steps that it was given. */
  readonly upTo: number;
}

export function createTunings(deps: TuningsDeps): Tunings {
  const { tuned, rounds, metrics, say, partition, environmentsMax } = deps;
  const tunings = new Map<string, Tuning>();
  /** Newest versions, of environments that no step was seen of yet too. */
  const newest = new Map<string, Model>();
  let running: Running | null = null;
  const all = () => [...tunings.values()];
  const unwatch = metrics.watch(all);

  function tuningOf(one: Tuned, environment: string, kind: Tuning["kind"]): Tuning | null {
    const key = keyOf({ environment, predictor: one.name });
    const known = tunings.get(key);
    if (known !== undefined) return known;
    if (tunings.size >= environmentsMax * tuned.length) return null;
    const begun = startTuning(one, environment, kind);
    const published = newest.get(key);
    if (published !== undefined) goOnFrom(begun, published);
    tunings.set(key, begun);
    return begun;
  }

  function finish({ tuning, round, upTo }: Running, at: Parameters<Tunings["poll"]>[0]): void {
    const result = round.result();
    if (result === null) return;
    running = null;
    tuning.roundAtMs = at.nowMs;
    const { environment, predictor } = tuning;
    const told = { environment, predictor };
    if (result.form === "failed") {
      metrics.round(tuning, "failed");
      return say("warn", "a round of learning on came to nothing; it is tried again", {
        ...told,
        message: result.message,
      });
    }
    const { report } = result;
    const model = settle(tuning, report, upTo, at.put, { streamTime: at.streamTime, partition });
    if (model !== null) at.announce(model, tuning);
    const outcome: RoundOutcome =
      report.form === "dropped" ? report.reason : report.form === "tuned" ? "published" : "begun";
    // What gives no record waits for no commit: there may be none for long.
    if (model === null) metrics.round(tuning, outcome);
    else at.count(() => metrics.round(tuning, outcome));
    const version = model?.version ?? tuning.newest?.version;
    say("info", `a round of learning on: ${outcome}`, {
      ...told,
      version,
      ...(report.form === "begun" ? {} : report.figures),
    });
  }

  function begin(nowMs: number, offset: number): void {
    const due = tuned.flatMap((one) =>
      all()
        .filter(({ predictor }) => predictor === one.name)
        .filter((tuning) => isRoundDue(tuning, one, nowMs))
        .map((tuning) => ({ one, tuning })),
    );
    // Whoever has waited for longest.
    due.sort((a, b) => a.tuning.roundAtMs - b.tuning.roundAtMs);
    const [first] = due;
    if (first === undefined) return;
    const { one, tuning } = first;
    const others = all().filter((other) => other !== tuning && other.predictor === one.name);
    const order = orderOf(
      tuning,
      others.flatMap(({ traces }) => traces.all()),
    );
    const round = rounds.begin(one, order);
    if (round !== null) running = { tuning, round, upTo: offset };
  }

  return {
    remember(transition, offset) {
      for (const one of tuned) {
        if (!one.isFor(transition.environment)) continue;
        const tuning = tuningOf(one, transition.environment, transition.kind);
        if (tuning !== null && tuning.kind === transition.kind) remember(tuning, transition, offset);
      }
    },
    async load(isMine) {
      if (tuned.length === 0) return;
      for (const { environment, predictor, versions } of await readManifests(deps.log, isMine)) {
        const model = versions.at(-1);
        if (model === undefined || !tuned.some(({ name }) => name === predictor)) continue;
        const key = keyOf({ environment, predictor });
        newest.set(key, model);
        const tuning = tunings.get(key);
        if (tuning !== undefined) goOnFrom(tuning, model);
      }
    },
    poll(at) {
      if (running !== null) finish(running, at);
      if (running === null) begin(at.nowMs, at.offset);
    },
    all,
    *parts() {
      for (const tuning of tunings.values()) {
        const { environment, kind, predictor } = tuning;
        yield { head: { environment, kind, tuned: predictor }, bytes: tuningBytes(tuning) };
      }
    },
    restore({ tuned: name, environment, kind }, bytes) {
      const one = tuned.find((its) => its.name === name);
      const tuning = one === undefined ? null : tuningOf(one, environment, kind);
      if (tuning !== null) readTuning(tuning, bytes);
    },
    clear: () => tunings.clear(),
    storeBytes: () => all().reduce((sum, { traces }) => sum + traces.bytes(), 0),
    close() {
      running?.round.abandon();
      unwatch();
    },
  };
}

function keyOf({ environment, predictor }: Pick<Tuning, "environment" | "predictor">): string {
  return `${predictor}\n${environment}`;
}
