/** What remote predictors are tested with: situations, and the outside world of a process. */
import { setTimeout as delay } from "node:timers/promises";
import type { SituationRecord } from "../../src/codec/records.ts";
import type { Prediction } from "../../src/predictors/predictor.ts";
import type { RemoteDeps, RemotePredictor, RemoteSituation } from "../../src/predictors/remote.ts";
import { situationOfRecord } from "../../src/predictors/situation.ts";

export function situationRecord(change: Partial<SituationRecord> = {}): SituationRecord {
  return {
    source: { partition: 0, offset: 0, index: 0 },
    environment: "house",
    kind: "observation",
    episode: "e",
    step: 0,
    time: 0,
    state: '"You are in a room."',
    action: '"look"',
    context: null,
    history: [],
    task: null,
    arm: "real",
    deadline: 1_000_000_000_000_000,
    ...change,
  };
}

export function remoteSituation(change: Partial<SituationRecord> = {}): RemoteSituation {
  return situationOfRecord(situationRecord(change));
}

export interface Heard {
  readonly lines: { readonly message: string; readonly fields: object }[];
  readonly counts: Map<string, number>;
}

export function remoteDeps(heard: Heard = { lines: [], counts: new Map() }, name = "tested"): RemoteDeps {
  return {
    name,
    env: process.env,
    now: Date.now,
    seconds: () => performance.now() / 1000,
    async sleep(ms, signal) {
      await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {});
    },
    log: (_, message, fields) => void heard.lines.push({ message, fields }),
    count: (what, by) => void heard.counts.set(what, (heard.counts.get(what) ?? 0) + by),
  };
}

/** The prediction that nothing changes. */
export function same({ stateText }: RemoteSituation): Prediction {
  return { status: "answered", next: { form: "state", stateText }, confidence: null };
}

export function predictorOf(predict: RemotePredictor["predict"], close = async () => {}): RemotePredictor {
  return { version: "1", deterministic: true, backend: { name: "cpu", device: "test" }, predict, close };
}
