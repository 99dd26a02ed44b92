/** How sure a prediction is: by the track records of its like, while rules are learnt and when they are settled. */
import { describe, expect, it } from "vitest";
import {
  confidenceOf,
  createConfidence,
  type Evidence,
  learnHit,
  settleOn,
} from "../../../src/predictors/lifted/confidence.ts";
import { createRecords } from "../../../src/predictors/lifted/records.ts";
import { readConfidence, writeConfidence } from "../../../src/predictors/lifted/written.ts";
import { createRandom } from "../../../src/stats/random.ts";

describe("confidence", () => {
  const evidence = (kind: number, least: number): Evidence => ({
    raw: least,
    least,
    unsure: Number(least < 0.9),
    kept: 1,
    rejected: 0,
    precision: 0.9,
    missed: 0,
    template: kind,
    named: kind + 100,
    pattern: kind + 200,
    whole: kind + 300,
  });

  it("tells kinds of action apart by their records, and votes where they say something", () => {
    const confidence = createConfidence();
    const random = createRandom(9);
    // Kind 0 is always right, kind 1 in a third of its steps, kind 2 where the vote was clear.
    for (let n = 0; n < 3_000; n++) {
      const kind = n % 3;
      const least = random.next() < 0.5 ? 0.99 : 0.7;
      const hit = kind === 0 || (kind === 1 ? random.next() < 1 / 3 : least > 0.9);
      learnHit(confidence, evidence(kind, least), hit);
    }
    const sure = (kind: number, least: number) => confidenceOf(confidence, evidence(kind, least));
    expect(sure(0, 0.99)).toBeGreaterThan(0.95);
    expect(sure(1, 0.99)).toBeLessThan(sure(2, 0.99) - 0.2);
    expect(sure(2, 0.99)).toBeGreaterThan(sure(2, 0.7) + 0.3);
  });

  it("is as sure of settled rules as they were right where they did not learn, until they learn on", () => {
    const confidence = createConfidence();
    for (let n = 0; n < 400; n++) learnHit(confidence, evidence(0, 0.8), n % 3 === 0);
    const sure = () => confidenceOf(confidence, evidence(0, 0.8));
    const online = sure();
    expect(online).toBeLessThan(0.5);
    const judged = (count: number) => Array.from({ length: count }, () => ({ evidence: evidence(0, 0.8), hit: true }));
    settleOn(confidence, judged(10));
    expect(sure()).toBe(online);
    settleOn(confidence, judged(200));
    expect(sure()).toBeGreaterThan(0.9);
    const restored = createConfidence();
    readConfidence(restored, writeConfidence(confidence));
    expect(confidenceOf(restored, evidence(0, 0.8))).toBe(sure());
    learnHit(confidence, evidence(0, 0.8), false);
    expect(sure()).toBeLessThan(0.5);
  });

  it("keeps as many records as it may, the newest", () => {
    const records = createRecords();
    for (let kind = 0; kind < 20_010; kind++) records.note(kind, true, 0.9);
    expect([...records.entries()]).toHaveLength(20_000);
    expect(records.of(0).seen).toBe(0);
    expect(records.of(20_009)).toEqual({ hits: 1, tries: 1, seen: 1 });
  });
});
