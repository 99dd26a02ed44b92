/** The versions in force: live and reference, each from its own announcement on, and alike after a restart. */
import { describe, expect, it } from "vitest";
import { createMemoryBlobs } from "../../../src/blobs/memory.ts";
import type { Model } from "../../../src/codec/records.ts";
import { createLoader } from "../../../src/predictors/loader.ts";
import { persistenceFactory } from "../../../src/predictors/persistence.ts";
import type { Predictor, PredictorFactory } from "../../../src/predictors/predictor.ts";
import type { Episode } from "../../../src/track/pair/episode.ts";
import { createInline } from "../../../src/track/predict/logic.ts";
import { createRemote } from "../../../src/track/predict/remote.ts";
import { createVersions } from "../../../src/track/predict/versions.ts";

/** Predicts the text that its one blob holds. */
const parrot: PredictorFactory = {
  name: "parrot",
  learnt: true,
  load({ version }, [blob]): Predictor {
    const next = { form: "state", stateText: JSON.stringify(Buffer.from(blob ?? []).toString()) } as const;
    return {
      name: "parrot",
      version,
      deterministic: true,
      predict: () => ({ status: "answered", next, confidence: null }),
    };
  },
};

async function start() {
  const blobs = createMemoryBlobs();
  const trouble: string[] = [];
  const make = () => {
    const loader = createLoader([persistenceFactory, parrot], blobs, (model) => void trouble.push(model.version));
    const versions = createVersions(loader);
    const inline = createInline(
      [persistenceFactory, parrot],
      { predictors: ["persistence", "parrot"], environments: {} },
      versions,
      () => 0,
    );
    const said = () =>
      inline.predict(episode, 0, valued, valued).map(({ predictor, version, prediction }) => {
        const text = prediction.status !== "answered" ? prediction.reason : Object.values(prediction.next)[1];
        return `${predictor} ${version} ${JSON.stringify(text)}`;
      });
    return { versions, said };
  };
  return { ...make(), make, blobs, trouble };
}

const valued = { text: '"here"', value: "here" };
// Only what a situation is made of.
const episode = {
  id: "e",
  environment: "w",
  kind: "state",
  task: null,
  context: null,
  history: [],
} as unknown as Episode;

function modelOf(version: string, blobs: readonly string[], pinned: boolean | null = null): Model {
  const reference = pinned === null ? null : { pinned, at: 1, author: "me" };
  const counts = { bytes: 1, publishedAt: 1, transitions: 1, entries: 1, hits: 0, tries: 0 };
  return { environment: "w", predictor: "parrot", version, blobs, ...counts, offsets: [], reference };
}

const nothing = "persistence builtin []";

describe("the versions in force", () => {
  it("predict twice where one is pinned: live, and under the name of the reference", async () => {
    const { versions, said, blobs } = await start();
    const [a, b] = [await blobs.put(Buffer.from("a")), await blobs.put(Buffer.from("b"))];
    expect(said()).toEqual([nothing, 'parrot none "untrained"']);
    await versions.prepare([modelOf("v1", [a]), modelOf("v1", [a], true), modelOf("v2", [b])]);
    versions.announce(modelOf("v1", [a]));
    expect(said()).toEqual([nothing, 'parrot v1 "\\"a\\""']);
    versions.refer(modelOf("v1", [a], true));
    expect(said()).toEqual([nothing, 'parrot v1 "\\"a\\""', 'parrot@reference v1 "\\"a\\""']);
    versions.announce(modelOf("v2", [b]));
    expect(said()).toEqual([nothing, 'parrot v2 "\\"b\\""', 'parrot@reference v1 "\\"a\\""']);
    versions.refer(modelOf("v1", [a], false));
    expect(said()).toEqual([nothing, 'parrot v2 "\\"b\\""']);
  });

  it("are the same after a restart, and a snapshot from before there were references has none", async () => {
    const { versions, said, blobs, make } = await start();
    const [a, b] = [await blobs.put(Buffer.from("a")), await blobs.put(Buffer.from("b"))];
    await versions.prepare([modelOf("v1", [a], true), modelOf("v2", [b])]);
    versions.refer(modelOf("v1", [a], true));
    versions.announce(modelOf("v2", [b]));
    const again = make();
    await again.versions.restore(JSON.parse(JSON.stringify(versions.snapshot())));
    expect(again.said()).toEqual(said());
    expect(again.versions.snapshot()).toEqual(versions.snapshot());
    await again.versions.restore({ models: versions.snapshot().models, references: [] });
    expect(again.said()).toHaveLength(2);
  });

  it("abstain where a pinned version is gone, never with another one in silence (P4); what is lifted need not be there", async () => {
    const { versions, said, blobs, trouble } = await start();
    const b = await blobs.put(Buffer.from("b"));
    const [gone, lifted] = [modelOf("v1", ["f".repeat(64)], true), modelOf("v0", ["e".repeat(64)], false)];
    await versions.prepare([gone, lifted, modelOf("v2", [b])]);
    versions.announce(modelOf("v2", [b]));
    versions.refer(gone);
    expect(said()).toEqual([nothing, 'parrot v2 "\\"b\\""', 'parrot@reference v1 "version-gone"']);
    versions.refer(lifted);
    expect(said()).toHaveLength(2);
    expect(trouble).toEqual(["v1"]);
  });

  it("are named in situations for predictors that learn on, from their announcements on; nothing is loaded for them", async () => {
    const { versions, trouble } = await start();
    const remote = createRemote(
      { environments: {}, historySteps: 8 },
      () => [
        { name: "deep", historySteps: 2, tuned: true },
        { name: "fixed", historySteps: 4 },
      ],
      { choose: (names) => names },
      versions,
    );
    const asked = (environment: string) => remote.ask({ id: "e", environment, arm: "real" }, 0, 0);
    const of = (version: string, predictor: string, pinned: boolean | null = null) => {
      return { ...modelOf(version, [`b${version}`], pinned), predictor };
    };
    const named = () => asked("w").models.map(({ predictor, version, blobs }) => [predictor, version, ...blobs]);
    expect(asked("w").asked.map(({ name }) => name)).toEqual(["deep", "fixed"]);
    expect(remote.own("w")).toEqual(["deep", "deep@reference", "fixed"]);
    expect(remote.historySteps("w")).toBe(4);
    await versions.prepare([of("1", "deep"), of("2", "deep"), of("1", "deep", true), of("9", "fixed")]);
    expect(named()).toEqual([]);
    versions.announce(of("1", "deep"));
    versions.announce(of("9", "fixed"));
    expect(named()).toEqual([["deep", "1", "b1"]]);
    versions.refer(of("1", "deep", true));
    versions.announce(of("2", "deep"));
    expect(named()).toEqual([
      ["deep", "2", "b2"],
      ["deep@reference", "1", "b1"],
    ]);
    expect(asked("elsewhere").models).toEqual([]);
    versions.refer(of("1", "deep", false));
    expect(named()).toEqual([["deep", "2", "b2"]]);
    expect(trouble).toEqual([]);
  });
});
