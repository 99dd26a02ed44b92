/**
 * One reference under watch: its baseline, its detectors, the passages since, and at most one alarm at a time. Pure.
 *
 *   immature ──(frozen)──► watched ──(a detector finds a rise)──► open ──► acknowledged ──► recovered = watched again
 *      ▲                                                            rebaseline, or another version: from anywhere
 *      └────────────────────────────────────────────────────────────────┘
 *
 * While an alarm is open further finds are not told; its cause is looked at again as more has come, and told where it is another.
 */
import type { Alarm } from "../../codec/records.ts";
import { hash16 } from "../../json/hash.ts";
import type { Json } from "../../json/json.ts";
import { alarmRecord, type Evidence, type OpenAlarm } from "./alarm.ts";
import {
  type BaselineOptions,
  type BaselineStore,
  createBaseline,
  type Frozen,
  type PlainBaseline,
} from "./baseline.ts";
import type { Found } from "./cause.ts";
import type { Detector } from "./detectors/detector.ts";
import { detectorFactories } from "./detectors/detectors.ts";
import { lookAt, type NamesOf } from "./look.ts";
import { createPartsWatch, type PartsWatch } from "./parts.ts";
import { meanOf, type Passage } from "./passage.ts";
import type { News } from "./schema.ts";

export interface SeriesOptions extends BaselineOptions {
  readonly detectors: readonly string[];
  readonly recoveryEpisodes: number;
}
export interface SeriesDeps {
  readonly environment: string;
  readonly predictor: string;
  readonly options: SeriesOptions;
  readonly names: NamesOf;
  readonly news: () => readonly News[];
  readonly raise: (alarm: Alarm) => void;
}

export interface Renewal {
  readonly author: string;
  readonly note: string | null;
}

export interface SeriesView {
  readonly environment: string;
  readonly predictor: string;
  readonly version: string;
  readonly passages: number;
  readonly since: number;
  readonly frozen: Frozen | null;
  readonly logEvalue: number | null;
  readonly limit: number | null;
  readonly renewal: Renewal | null;
  readonly alarm: OpenAlarm | null;
}

export interface Series {
  take(passage: Passage, streamTime: number): void;
  /** True where the alarm of that id is open. */
  acknowledge(id: string, by: Renewal, streamTime: number): boolean;
  /** Another baseline, from what came since an open alarm's change point. */
  rebaseline(by: Renewal, streamTime: number): void;
  view(): SeriesView;
  snapshot(): PlainSeries;
  restore(plain: PlainSeries): void;
}

export interface PlainSeries {
  readonly predictor: string;
  readonly version: string | null;
  readonly strangers: number;
  readonly baseline: PlainBaseline;
  readonly detectors: readonly Json[];
  readonly parts: Json;
  readonly recent: readonly Passage[];
  readonly taken: number;
  readonly alarm: OpenAlarm | null;
  readonly renewal: Renewal | null;
}

/** Passages kept to find a change point in and to tell causes apart: about twice the longest delay that is of use. */
const recentMax = 400;
/** So many passages of one other version next to each other make it the reference: those of the old one are over then. */
const strangersMax = 10;
/** The cause of an open alarm is looked at again after so many passages, then after twice as many each time. */
const lookFirst = 16;

export function createSeries(deps: SeriesDeps): Series {
  const { options, names, environment, predictor } = deps;
  const where = { environment, predictor };
  let version: string | null = null;
  let strangers = 0;
  let baseline: BaselineStore = createBaseline(options);
  let detectors: readonly Detector[] = [];
  let parts: PartsWatch | null = null;
  let recent: Passage[] = [];
  /** Passages taken since the baseline is frozen. */
  let taken = 0;
  let alarm: OpenAlarm | null = null;
  let renewal: Renewal | null = null;

  function freeze(): void {
    const { frozen } = baseline;
    if (frozen === null) return;
    detectors = detectorFactories
      .filter(({ name }) => options.detectors.includes(name))
      .map((factory) => factory.create(frozen.error));
    // They stand beside e-SR, whose run length they share.
    parts = options.detectors.includes("e-sr") ? createPartsWatch(frozen.parts) : null;
    recent = [];
    taken = 0;
  }

  function begin(by: Renewal | null, passages: readonly Passage[]): void {
    baseline = createBaseline(options);
    detectors = [];
    parts = null;
    recent = [];
    taken = 0;
    alarm = null;
    renewal = by;
    for (const passage of passages) if (baseline.take(passage)) freeze();
  }

  function take(passage: Passage, streamTime: number): void {
    version ??= passage.version;
    if (passage.version !== version) return takeStranger(passage, streamTime);
    strangers = 0;
    const { frozen } = baseline;
    if (frozen === null) {
      if (baseline.take(passage)) freeze();
      return;
    }
    recent.push(passage);
    if (recent.length > recentMax) recent.shift();
    taken += 1;
    const finds = detectors.map((detector) => detector.take(meanOf(passage)));
    const found = finds.indexOf("up");
    const part = parts?.take(passage) ?? null;
    if (alarm !== null) follow(alarm, frozen, streamTime);
    else if (found >= 0) open(namesOfDetectors()[found] ?? "", null, frozen, passage, streamTime);
    else if (part !== null) open("e-sr", part, frozen, passage, streamTime);
  }

  function namesOfDetectors(): readonly string[] {
    return detectorFactories.filter(({ name }) => options.detectors.includes(name)).map(({ name }) => name);
  }

  /** Episodes that ran while another version was pinned are of neither. */
  function takeStranger(passage: Passage, streamTime: number): void {
    if (passage.version === null) return;
    strangers += 1;
    if (strangers < strangersMax) return;
    recover(streamTime, { recovered: "another version" });
    version = passage.version;
    strangers = 0;
    begin(null, []);
    take(passage, streamTime);
  }

  /** `part`: the part of the error that rose; null where it was the error itself. */
  function open(detector: string, part: Found | null, frozen: Frozen, passage: Passage, streamTime: number): void {
    const looked = lookAt(frozen, recent, names, deps.news(), part);
    const id = hash16(
      JSON.stringify([environment, predictor, version, detector, looked.firstEpisode, passage.episode, taken]),
    );
    const { cause, since, evidence } = looked;
    alarm = {
      id,
      detector,
      version: version ?? "",
      status: "open",
      cause,
      since,
      first: numberOf(looked.first),
      openedAt: taken,
      lookNext: part === null ? taken + lookFirst : Number.MAX_SAFE_INTEGER,
      evidence,
    };
    deps.raise(alarmRecord(alarm, where, "open", streamTime));
  }

  /** The number of a recent passage, 1 being the first since the baseline was frozen. */
  function numberOf(index: number): number {
    return taken - recent.length + index + 1;
  }

  function follow(its: OpenAlarm, frozen: Frozen, streamTime: number): void {
    const after = taken - its.openedAt;
    if (after >= options.recoveryEpisodes && isBack(frozen))
      return recover(streamTime, { recovered: "the error is back" });
    if (taken < its.lookNext || after > recentMax) return;
    const { cause, first, since, evidence } = lookAt(frozen, recent, names, deps.news(), null);
    its.lookNext = taken + after;
    if (cause === its.cause) return;
    its.cause = cause;
    its.first = numberOf(first);
    its.since = since;
    its.evidence = { ...evidence, ...acknowledgedOf(its.evidence) };
    deps.raise(alarmRecord(its, where, its.status, streamTime));
  }

  function isBack({ error }: Frozen): boolean {
    const last = recent.slice(-options.recoveryEpisodes);
    return last.reduce((sum, passage) => sum + meanOf(passage), 0) / last.length <= error.upper;
  }

  function recover(streamTime: number, why: Evidence): void {
    if (alarm === null) return;
    deps.raise(alarmRecord(alarm, where, "recovered", streamTime, why));
    alarm = null;
    recent = [];
    for (const detector of detectors) detector.reset();
    parts?.reset();
  }

  return {
    take,
    acknowledge(id, { author, note }, streamTime) {
      if (alarm === null || alarm.id !== id) return false;
      if (alarm.status === "acknowledged") return true;
      alarm.status = "acknowledged";
      alarm.evidence = { ...alarm.evidence, acknowledged: { author, note, at: streamTime } };
      deps.raise(alarmRecord(alarm, where, "acknowledged", streamTime));
      return true;
    },
    rebaseline(by, streamTime) {
      const kept = alarm === null ? [] : recent.slice(Math.max(0, alarm.first - numberOf(0)));
      recover(streamTime, {
        recovered: "rebaselined",
        rebaselined: { author: by.author, note: by.note, at: streamTime },
      });
      begin(by, kept);
    },
    view: () => {
      const eSr = detectors[namesOfDetectors().indexOf("e-sr")];
      return {
        environment,
        predictor,
        version: version ?? "",
        passages: baseline.passages,
        since: baseline.since,
        frozen: baseline.frozen,
        logEvalue: eSr === undefined ? null : eSr.statistic,
        limit: eSr === undefined ? null : eSr.limit,
        renewal,
        alarm,
      };
    },
    snapshot: () => ({
      predictor,
      version,
      strangers,
      baseline: baseline.snapshot(),
      detectors: detectors.map((detector) => detector.snapshot()),
      parts: parts?.snapshot() ?? null,
      recent,
      taken,
      alarm,
      renewal,
    }),
    restore(plain) {
      version = plain.version;
      strangers = plain.strangers;
      baseline = createBaseline(options, plain.baseline);
      freeze();
      // Detectors of another configuration begin anew.
      for (const [at, detector] of detectors.entries()) restoreDetector(detector, plain.detectors[at]);
      parts?.restore(plain.parts);
      recent = [...plain.recent];
      taken = plain.taken;
      alarm = plain.alarm;
      renewal = plain.renewal;
    },
  };
}

function restoreDetector(detector: Detector, snapshot: Json | undefined): void {
  if (snapshot === undefined) return;
  try {
    detector.restore(snapshot);
  } catch {
    detector.reset();
  }
}

function acknowledgedOf({ acknowledged }: Evidence): Evidence {
  return acknowledged === undefined ? {} : { acknowledged };
}
