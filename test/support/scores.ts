/** Score records for tests. */
import type { Score, ScoreEntry } from "../../src/codec/records.ts";

export function entryOf(predictor: string, exact: boolean | null, more: Partial<ScoreEntry> = {}): ScoreEntry {
  const answered = exact !== null;
  return {
    predictor,
    version: "v1",
    status: answered ? "answered" : "abstained",
    reason: answered ? null : "no-support",
    exact,
    fieldsEqual: answered ? Number(exact) + 1 : null,
    fieldsTotal: answered ? 2 : null,
    changedHit: answered ? Number(exact) : null,
    changedPredicted: answered ? 1 : null,
    changedActual: answered ? 1 : null,
    tokenF1: null,
    tokenAligned: null,
    confidence: answered ? 0.5 : null,
    brier: answered ? 0.25 : null,
    ahead: true,
    seconds: null,
    prediction: null,
    wrongFields: [],
    ...more,
  };
}

export function scoreOf(
  offset: number,
  time: number,
  entries: readonly ScoreEntry[],
  more: Partial<Score> = {},
): Score {
  return {
    source: { partition: 0, offset, index: 0 },
    environment: "world",
    kind: "state",
    episode: "e",
    step: offset % 7,
    time,
    appendedAt: time,
    arm: "real",
    quality: "ok",
    first: true,
    actionName: "look",
    dynamic: offset % 3 !== 0,
    comparison: "0".repeat(16),
    situation: `s${offset % 5}`,
    truth: `t${offset % 2}`,
    baseline: "persistence",
    entries,
    example: null,
    agent: null,
    shape: null,
    ...more,
  };
}
