/**
 * One environment's learning on by one predictor: what it remembers, which version it goes on from, and when a round is due. A version that a
 * round gives is published as those of other learners are; what it has learnt from is said by its manifest alone, so that nothing of a round
 * whose process died, or whose commit was lost, counts.
 */

import type { Kind, Model, Transition } from "../codec/records.ts";
import { hash16 } from "../json/hash.ts";
import type { RoundFigures, RoundOrder, RoundReport, Tuned, TunedVersion } from "../predictors/tuning.ts";
import { havePassed } from "../run/passed.ts";
import { type Curve, extended } from "./curve.ts";
import { countSteps, orderSteps } from "./round-order.ts";
import { createTraces, type KeptTrace, type PlainTrace, type Traces } from "./traces.ts";

export interface Tuning {
  readonly environment: string;
  readonly kind: Kind;
  readonly predictor: string;
  readonly traces: Traces;
  /** The newest version; null before the first. */
  newest: Model | null;
  /** Offsets of `transitions` from here on are new to it. */
  learntTo: number;
  /** From here on they were in no round. */
  triedTo: number;
  /** Wall clock, epoch ms; 0 before the first round. */
  roundAtMs: number;
  /** Right and tried before learning, since the newest version. */
  hits: number;
  tries: number;
  curve: Curve;
  /** Of the last round that learnt. */
  last: RoundFigures | null;
}

/** Fewer held-out steps judge nothing. */
const heldOutMin = 16;

export function startTuning(tuned: Tuned, environment: string, kind: Kind): Tuning {
  return {
    environment,
    kind,
    predictor: tuned.name,
    traces: createTraces(tuned.options.memoryBytes, tuned.historySteps),
    newest: null,
    learntTo: 0,
    triedTo: 0,
    roundAtMs: 0,
    hits: 0,
    tries: 0,
    curve: [],
    last: null,
  };
}

/** Before the first version, as soon as anything was seen: what is configured becomes a version that can be pinned. */
export function isRoundDue(tuning: Tuning, { options }: Pick<Tuned, "options">, nowMs: number): boolean {
  if (!havePassed(options.intervalMs, tuning.roundAtMs, nowMs)) return false;
  if (tuning.newest === null) return true;
  const { untried, heldOut } = countSteps(tuning.traces.all(), tuning.learntTo, tuning.triedTo);
  return untried >= options.stepsMin && heldOut >= heldOutMin;
}

export function orderOf(tuning: Tuning, others: readonly KeptTrace[]): RoundOrder {
  const { environment, kind, newest, learntTo, triedTo } = tuning;
  const seed = Number.parseInt(hash16(`${environment} ${newest?.version} ${triedTo}`).slice(0, 8), 16) | 0;
  const head = { environment, kind, base: newest, seed };
  if (newest === null) return { ...head, traces: [], fresh: [], untried: 0, replay: [], heldOut: [] };
  const base = { version: newest.version, blobs: newest.blobs };
  return { ...head, base, ...orderSteps({ own: tuning.traces.all(), others, learntTo, triedTo, seed }) };
}

/** `upTo`: the offset behind the steps that the round was given. Returns the manifest to publish, or null. */
export function settle(
  tuning: Tuning,
  report: RoundReport,
  upTo: number,
  put: (bytes: Uint8Array) => string,
  at: { readonly streamTime: number; readonly partition: number },
): Model | null {
  if (report.form === "begun") return publish(tuning, report.model, { transitions: 0, upTo: tuning.learntTo }, put, at);
  tuning.triedTo = upTo;
  const { figures } = report;
  if (figures !== null) {
    tuning.last = figures;
    tuning.hits += figures.hits;
    tuning.tries += figures.tries;
  }
  if (report.form === "dropped") return null;
  const transitions = (tuning.newest?.transitions ?? 0) + report.figures.steps;
  return publish(tuning, report.model, { transitions, upTo }, put, at);
}

function publish(
  tuning: Tuning,
  { version, bytes, parameters }: TunedVersion,
  learnt: { readonly transitions: number; readonly upTo: number },
  put: (bytes: Uint8Array) => string,
  { streamTime, partition }: { readonly streamTime: number; readonly partition: number },
): Model {
  const { environment, predictor, hits, tries } = tuning;
  const model: Model = {
    environment,
    predictor,
    version,
    blobs: [put(bytes)],
    bytes: bytes.length,
    publishedAt: streamTime,
    transitions: learnt.transitions,
    entries: parameters,
    hits,
    tries,
    offsets: [{ partition, offset: learnt.upTo }],
    reference: null,
  };
  tuning.curve = extended(tuning.curve, { versions: 1, hits, tries });
  tuning.hits = 0;
  tuning.tries = 0;
  goOnFrom(tuning, model);
  return model;
}

/** The newest version is what the log says. */
export function goOnFrom(tuning: Tuning, model: Model): void {
  tuning.newest = model;
  tuning.learntTo = model.offsets[0]?.offset ?? 0;
  tuning.triedTo = Math.max(tuning.triedTo, tuning.learntTo);
}

export function remember(tuning: Tuning, transition: Transition, offset: number): void {
  tuning.traces.add(transition, offset);
}

/** What a snapshot keeps; equal texts once. */
export function tuningBytes({ traces, ...rest }: Tuning): Uint8Array {
  const texts = new Map<string, number>();
  const id = (text: string) => {
    const known = texts.get(text) ?? texts.size;
    texts.set(text, known);
    return known;
  };
  const packed = traces
    .snapshot()
    .map(([{ steps, earlier, context, ...about }, isKept]) => [
      { ...about, context: context === null ? null : id(context) },
      earlier.map(({ stateText, actionText }) => [id(stateText), id(actionText)]),
      steps.map(({ state, action, next, offset }) => [id(state), id(action), id(next), offset]),
      isKept,
    ]);
  return Buffer.from(JSON.stringify({ ...rest, texts: [...texts.keys()], packed }));
}

/** The bytes are this process's own: their shape is trusted. */
export function readTuning(tuning: Tuning, bytes: Uint8Array): void {
  const { texts, packed, ...rest }: Packed = JSON.parse(Buffer.from(bytes).toString("utf8"));
  const text = (id: number) => texts[id] ?? "null";
  Object.assign(tuning, rest);
  tuning.traces.restore(
    packed.map(([about, earlier, steps, isKept]): PlainTrace => {
      const trace = {
        ...about,
        context: about.context === null ? null : text(about.context),
        earlier: earlier.map(([state, action]) => ({ stateText: text(state), actionText: text(action) })),
        steps: steps.map(([state, action, next, offset]) => ({
          state: text(state),
          action: text(action),
          next: text(next),
          offset,
        })),
      };
      return [trace, isKept];
    }),
  );
}

type Rest = Omit<Tuning, "traces">;
interface Packed extends Rest {
  readonly texts: readonly string[];
  readonly packed: readonly (readonly [
    about: Omit<KeptTrace, "steps" | "earlier" | "context"> & { readonly context: number | null },
    earlier: readonly (readonly [state: number, action: number])[],
    steps: readonly (readonly [state: number, action: number, next: number, offset: number])[],
    kept: boolean,
  ])[];
}
