/** What the stage of remote predictors is tested with: situation records, and predictors that the test makes up. */
import type { SituationRecord } from "../../src/codec/records.ts";
import type { Prediction } from "../../src/predictors/predictor.ts";
import type { RemotePredictor, RemoteSituation } from "../../src/predictors/remote.ts";
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
    models: [],
    deadline: 1_000_000_000_000_000,
    predictors: [],
    ...change,
  };
}

export function remoteSituation(change: Partial<SituationRecord> = {}): RemoteSituation {
  return situationOfRecord(situationRecord(change));
}

/** The prediction that nothing changes. */
export function same({ stateText }: RemoteSituation): Prediction {
  return { status: "answered", next: { form: "state", stateText }, confidence: null };
}

export function predictorOf(predict: RemotePredictor["predict"], close = async () => {}): RemotePredictor {
  return { version: "1", deterministic: true, backend: { name: "cpu", device: "test" }, predict, close };
}
