/** `driftline pin` as a user types it: beside a running server, without one, and to see what there is. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { worldEvents } from "../crash/world.ts";
import { driftline, type Running, startRun, temporaryFolder, until } from "../support/driftline.ts";
import { driftlineHere } from "../support/driftline-here.ts";

const folder = temporaryFolder();
const data = join(folder.path, "data");
const options = ["--data-dir", data, "--learn-publish-interval-ms", "500", "--no-learn-pin-automatically"];
const pin = (...args: readonly string[]) =>
  driftlineHere(["pin", ...args, "--data-dir", data], { USER: "tester", DRIFTLINE_LEARN_PIN_AUTOMATICALLY: "false" });
const listed = async (...args: readonly string[]) => (await pin(...args, "--list")).out.trimEnd().split("\n").slice(2);
const referenceIn = (lines: readonly string[]) => lines.filter((line) => line.includes("reference since"));

async function replay(seed: number): Promise<void> {
  const file = join(folder.path, `${seed}.jsonl`);
  const events = worldEvents(seed, { eventsMin: 400, stepsMax: 20 });
  writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  const said = await driftline(["replay", file, ...options]);
  expect(said.code, said.err).toBe(0);
}

async function withServer(use: (server: Running) => Promise<void>): Promise<void> {
  const server = await startRun(data, ["--no-sample", "--no-learn-pin-automatically"]);
  try {
    await use(server);
  } finally {
    await server.stop();
  }
}

beforeAll(async () => {
  await replay(41);
  await replay(42);
});
afterAll(() => folder.cleanup());

describe("driftline pin", () => {
  it("lists the versions that are kept, of all or of one", async () => {
    const all = await listed();
    expect(all.length).toBeGreaterThanOrEqual(4);
    expect(all.filter((line) => line.endsWith("live"))).toHaveLength(4);
    expect(
      (await listed("house")).every((line) => /^house +(recall|lifted-edits|text-edits) +[0-9a-f]{12} /.test(line)),
    ).toBe(true);
    // One of each predictor that learns texts.
    expect(await listed("house", "--max", "1")).toHaveLength(2);
    expect((await pin("nowhere", "--list")).out).toContain("no versions yet");
  });

  it("says what is wrong", async () => {
    const none = join(folder.path, "none");
    for (const [args, code, message] of [
      [["pin", "house"], 2, /name both/],
      [["pin", "house", "recall", "more"], 2, /belongs to nothing/],
      [["pin", "house", "recall", "--unpin", "--version", "a", "--data-dir", data], 2, /--unpin has no --version/],
      [["pin", "house", "recall", "--data-dir", none], 2, /there is no data in/],
      [["pin", "nowhere", "recall", "--data-dir", data], 1, /nowhere; there are house, store/],
      [["pin", "house", "recall", "--version", "zzz", "--data-dir", data], 1, /no version zzz .* the newest are/],
    ] as const) {
      const said = await driftlineHere(args);
      expect(said.code, said.err).toBe(code);
      expect(said.err).toMatch(message);
    }
  });

  it("writes the command where no server runs; it is done at the next start", async () => {
    const [oldest = ""] = await listed("house");
    const version = oldest.split(/ +/)[2] ?? "";
    const said = await pin("house", "recall", "--version", version.slice(0, 8));
    expect(said).toMatchObject({ code: 0, err: "" });
    expect(said.out).toBe(`pin recall ${version} in house: written; done when \`driftline run\` starts on ${data}\n`);
    expect(referenceIn(await listed())).toEqual([]);
    await withServer(async () => {
      await until(async () => referenceIn(await listed()).length === 1, 15_000, "it is pinned");
      expect(referenceIn(await listed("house"))[0]).toContain(version);
    });
    const written = await driftlineHere(["topics", "read", "commands", "--json", "--data-dir", data]);
    expect(JSON.parse(written.out).value).toMatchObject({ author: "tester", predictor: "recall" });
  });

  it("sends the command to the server that runs on the folder, waits until it is done, and lifts it again", async () => {
    await withServer(async (server) => {
      const said = await pin("store", "recall");
      expect(said.err).toBe("");
      expect(said.out).toMatch(/^pin recall [0-9a-f]{12} in store: done by /);
      expect(said.out).toContain(server.address);
      expect(referenceIn(await listed("store"))).toHaveLength(1);
      expect((await pin("store", "recall", "--unpin")).out).toMatch(/^unpin recall [0-9a-f]{12} in store: done by /);
      expect(referenceIn(await listed("store"))).toEqual([]);
      const again = await pin("store", "recall", "--unpin");
      expect(again).toMatchObject({ code: 1, err: expect.stringContaining("no version of recall in store is pinned") });
    });
  });
});
