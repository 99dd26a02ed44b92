/**
 * The detectors: their contract, golden finds, and river (0.26, Python) beside them on the same streams. river is installed with pip into the
 * cache of node_modules at the first run; where that cannot be done the comparison is skipped loudly.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createAdwin } from "../../../src/monitor/drift/detectors/adwin.ts";
import type { Detector, DetectorFactory } from "../../../src/monitor/drift/detectors/detector.ts";
import { detectorFactories } from "../../../src/monitor/drift/detectors/detectors.ts";
import { betsFor, createESr } from "../../../src/monitor/drift/detectors/e-sr.ts";
import { createPageHinkley } from "../../../src/monitor/drift/detectors/page-hinkley.ts";
import { detectorContract } from "../../contract/detector.ts";
import { root } from "../../style/sources.ts";
import { streams } from "../../support/bits.ts";
import { required, requireTool } from "../../support/require.ts";

const folder = join(root, "src/monitor/drift/detectors");
const notDetectors = ["detector.ts", "detectors.ts"];
const files = readdirSync(folder).filter((name) => !notDetectors.includes(name));
const implementations: readonly DetectorFactory[] = (
  await Promise.all(files.map((name) => import(join(folder, name)) as Promise<Record<string, unknown>>))
).map((module, at) => {
  const found = Object.values(module).find(isFactory);
  if (found === undefined) throw new Error(`${files[at]} exports no detector factory`);
  return found;
});

function isFactory(value: unknown): value is DetectorFactory {
  return typeof value === "object" && value !== null && "create" in value && "needsBaseline" in value;
}

for (const factory of implementations) detectorContract(factory);

describe("the list of detectors", () => {
  it("has every detector of the folder", () => {
    expect(new Set(detectorFactories.map(({ name }) => name))).toEqual(
      new Set(implementations.map(({ name }) => name)),
    );
    expect(implementations.length).toBeGreaterThanOrEqual(3);
  });
});

interface Golden {
  readonly bits: string;
  readonly digits: string;
  readonly adwinBits: readonly number[];
  readonly adwinDigits: readonly number[];
  readonly eSrBits: readonly number[];
}
const golden: Golden = JSON.parse(readFileSync(join(root, "test/fixtures/drift/golden.json"), "utf8"));

function finds(detector: Detector, values: readonly number[]): readonly number[] {
  return values.flatMap((value, at) => (detector.take(value) === null ? [] : [at]));
}

const alternatives = (p0: number, errors: readonly number[]) => errors.map((error) => (error - p0) / (p0 * (1 - p0)));

describe("golden finds", () => {
  it("of ADWIN", () => {
    expect(finds(createAdwin(), [...golden.bits].map(Number))).toEqual(golden.adwinBits);
    expect(finds(createAdwin(), [...golden.digits].map(Number))).toEqual(golden.adwinDigits);
  });

  it("of e-SR with the likelihood ratios of two alternatives", () => {
    const detector = createESr({ p0: 0.5, bets: alternatives(0.5, [0.6, 0.7]), runLength: 1_000 });
    expect(finds(detector, [...golden.bits].map(Number))).toEqual(golden.eSrBits);
  });

  it("would notice another alternative, and a bet that grows beyond its limit", () => {
    const detector = createESr({ p0: 0.5, bets: alternatives(0.5, [0.6]), runLength: 1_000 });
    expect(finds(detector, [...golden.bits].map(Number))).not.toEqual(golden.eSrBits);
    for (const p0 of [1e-4, 0.02, 0.5, 1]) for (const bet of betsFor(p0)) expect(1 - bet * p0).toBeGreaterThan(0.5);
  });
});

const python = join(root, "node_modules/.cache/driftline/river/bin/python");
const riverVersion = "0.26.0";

/** Skipped or failed with what to install, and why it could not be done from here. */
function provisionRiver(): boolean {
  const asked = spawnSync(python, ["-c", "import river; print(river.__version__)"], { encoding: "utf8" });
  if (asked.status === 0 && asked.stdout.trim() === riverVersion) return true;
  if (!requireTool("python3")) return false;
  const venv = join(python, "../..");
  const steps: readonly (readonly [string, ...string[]])[] = [
    ["python3", "-m", "venv", venv],
    [python, "-m", "pip", "install", "-q", `river==${riverVersion}`],
  ];
  for (const [program, ...parts] of steps) {
    const done = spawnSync(program, parts, { timeout: 240_000, encoding: "utf8" });
    if (done.status === 0) continue;
    const why = `${done.stdout}${done.stderr}`.trim().split("\n").at(-1) || String(done.error ?? done.signal);
    const by = steps.map((step) => step.join(" ")).join(" && ");
    return required(false, `river ${riverVersion} is not installed (${why}); it is installed by: ${by}`);
  }
  return true;
}

describe("beside river", () => {
  it("finds drift at the same values in 40 seeded streams", { timeout: 600_000 }, (context) => {
    if (!provisionRiver()) return context.skip();
    const all = streams(7, 40, 2_000);
    const settings = [
      { delta: 0.005, threshold: 50 },
      { delta: 0.01, threshold: 5 },
    ];
    const input = JSON.stringify({ streams: all, page_hinkley: settings });
    const script = join(root, "test/fixtures/drift/found_by_river.py");
    const theirs: { readonly river: string; readonly adwin: number[][]; readonly page_hinkley: number[][][] } =
      JSON.parse(execFileSync(python, [script], { input, encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] }));
    expect(theirs.river).toBe(riverVersion);
    expect(all.map((one) => finds(createAdwin(), one))).toEqual(theirs.adwin);
    settings.forEach(({ delta, threshold }, at) => {
      const ours = all.map((one) =>
        finds(createPageHinkley({ valuesMin: 30, delta, lambda: threshold, alpha: 0.9999 }), one),
      );
      expect(ours).toEqual(theirs.page_hinkley[at]);
    });
    expect(theirs.adwin.flat().length).toBeGreaterThan(50);
  });
});
