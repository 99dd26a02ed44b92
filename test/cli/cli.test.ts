/** The commands as a user types them: in processes of their own where that shows, the others by the dispatch of the program. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { meaningOf } from "../../src/codec/abstention-reasons.ts";
import { roleWords } from "../../src/predictors/rule-kinds.ts";
import { worldEvents } from "../crash/world.ts";
import { driftline, startRun, temporaryFolder, until } from "../support/driftline.ts";
import { driftlineHere } from "../support/driftline-here.ts";

const folder = temporaryFolder();
const file = (name: string) => join(folder.path, name);
const data = file("data");
const ndjson = (events: readonly object[]) => events.map((event) => `${JSON.stringify(event)}\n`).join("");
const bad = [
  { type: "step", episode: "p", environment: "house", step: 0, action: "x", patch: [{ op: "remove", path: "/x" }] },
  { type: "reset", episode: "x", environment: "house", stat: 1 },
];

beforeAll(async () => {
  writeFileSync(file("train.jsonl"), ndjson(worldEvents(1, { eventsMin: 700, stepsMax: 20 })));
  writeFileSync(file("test.jsonl.gz"), gzipSync(ndjson(worldEvents(2, { eventsMin: 200, stepsMax: 20 }))));
  writeFileSync(file("bad.jsonl"), `${ndjson(bad)}not json\n`);
  const said = await driftline(["replay", file("train.jsonl"), file("bad.jsonl"), "--data-dir", data]);
  expect(said.code, said.err).toBe(0);
  expect(said.out).toMatch(/events sent in .* 2 refused/);
});
afterAll(() => folder.cleanup());

describe("driftline", () => {
  it("says what there is, and help for each command", async () => {
    const said = await driftline([]);
    for (const { name, summary } of commands) expect(said.out).toContain(`${name.padEnd(17)}${summary}`);
    for (const { name } of commands) {
      const help = await driftlineHere([name, "--help"]);
      expect(help).toMatchObject({ code: 0, err: "" });
      expect(help.out).toContain(`driftline ${name}`);
    }
    // Rules speak of S, G and A…, and nothing said what that means.
    for (const name of ["rules", "explain"]) expect((await driftlineHere([name, "--help"])).out).toContain(roleWords);
    expect(await driftline(["--version"])).toMatchObject({ code: 0, out: "0.1.0\n" });
  });

  it("ends with 2 and says what is wrong for wrong usage", async () => {
    for (const [args, message] of [
      [["rum"], /no command "rum"; did you mean run\?/],
      [["explode"], /no command "explode"\. /],
      [["replay"], /name the files/],
      [["replay", "nowhere.jsonl"], /no file nowhere.jsonl/],
      [["replay", file("train.jsonl"), "--speed", "fast"], /needs a number/],
      [["topics", "read", "nothing"], /there are interactions/],

      [["reset", "driftline-track"], /--to start/],
      [["reset", "nobody", "--to", "start"], /driftline-track/],
      [["evaluate", "--test", "nowhere"], /nowhere/],
      [["evaluate", "--train", file("train.jsonl")], /--test/],
      [["evaluate", "--test", file("train.jsonl"), "--predictor", "oracle"], /no predictor oracle here.*theirs/],
      [
        ["evaluate", "--test", file("train.jsonl"), "--stream", "--protocol", "frozen"],
        /--stream is --protocol stream/,
      ],
      [["dead-letters", "show", "7", "--data-dir", data], /7/],
      [["config", "--sampel", "1"], /did you mean/],
      // All but the last were listed, or none.
      [["rules", "house", "--max", "-1", "--data-dir", data], /--max takes a whole number from 1, not -1/],
      [["pin", "--list", "--max", "0", "--data-dir", data], /whole number/],
      [["dead-letters", "list", "--max", "1.5", "--data-dir", data], /whole number/],
    ] as const) {
      const said = await driftlineHere(args);
      expect(said.code, `${args.join(" ")}: ${said.err}`).toBe(2);
      expect(said.err).toMatch(message);
    }
    expect(await driftline(["rum"])).toMatchObject({ code: 2, out: "", err: expect.stringContaining('"rum"') });
  });

  it("says on demand where in the sources an error was thrown", async () => {
    const args = ["run", "--port", "0", "--data-dir", join(file("train.jsonl"), "below")];
    const said = await driftline(args, "", { DRIFTLINE_STACK: "1" });
    expect(said.code).toBe(1);
    expect(said.err).toMatch(/at openRuntime \(\S*src\/runtime\/runtime\.ts:\d+:\d+\)/);
  });
});

describe("driftline replay", () => {
  it("takes standard input, and prints one JSON object on demand", async () => {
    const other = file("stdin");
    const said = await driftline(
      ["replay", "-", "--json", "--data-dir", other],
      ndjson(worldEvents(3, { eventsMin: 100, stepsMax: 10 })),
    );
    const summary = JSON.parse(said.out);
    expect(summary).toMatchObject({ refused: 0, processed: true, deadLetters: 0 });
    expect(summary.events).toBeGreaterThanOrEqual(100);
    expect(summary.accuracy.map((one: { predictor: string }) => one.predictor)).toContain("recall");
  });

  it("changes nothing when the same file is played twice, and plays it again under fresh ids on demand", async () => {
    const other = file("twice");
    const run = async (...more: string[]) =>
      JSON.parse((await driftline(["replay", file("test.jsonl.gz"), "--json", "--data-dir", other, ...more])).out);
    const first = await run();
    expect(first.transitions).toBeGreaterThan(100);
    expect((await run()).transitions).toBe(0);
    expect((await run("--fresh")).transitions).toBe(first.transitions);
  });

  it("sends to the process that runs on the data folder", async () => {
    const other = file("running");
    const server = await startRun(other);
    const said = await driftline(["replay", file("test.jsonl.gz"), "--data-dir", other]);
    expect(said.code, said.err).toBe(0);
    expect(said.err).toContain(`sending to the process that runs on this data folder, ${server.address}`);
    expect(said.out).toContain("all processed");
    const counted = await driftline(["topics", "count", "--json", "--data-dir", other]);
    const transitions = counted.out.split("\n").find((line) => line.includes('"transitions"'));
    expect(JSON.parse(transitions ?? "{}").ever).toBeGreaterThan(100);
    await server.stop();
  });
});

describe("driftline topics and dead-letters", () => {
  it("count and read every topic", async () => {
    const counted = await driftlineHere(["topics", "count", "--data-dir", data]);
    expect(counted.out).toMatch(/transitions +4 +\d+/);
    for (const topic of ["interactions", "transitions", "scores", "outcomes", "rollups", "models"]) {
      const said = await driftlineHere(["topics", "read", topic, "--json", "--max", "3", "--data-dir", data]);
      const records = said.out
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect(records.length).toBeGreaterThan(0);
      expect(records[0].topic).toBe(topic);
      expect(records[0].value.undecodable).toBeUndefined();
    }
  });

  it("list dead letters by reason and show one whole, with its original", async () => {
    const listed = await driftlineHere(["dead-letters", "list", "--data-dir", data]);
    for (const reason of ["no-base-state", "invalid", "undecodable"]) expect(listed.out).toContain(reason);
    const one = (
      await driftlineHere(["dead-letters", "list", "--reason", "invalid", "--json", "--data-dir", data])
    ).out.trim();
    const { partition, offset } = JSON.parse(one);
    const shown = await driftlineHere(["dead-letters", "show", `${partition}/${offset}`, "--data-dir", data]);
    expect(shown.out).toContain('"stat":1');
    expect(shown.out).toMatch(/misspelt|form of its type|no key "stat"/);
  });
});

describe("driftline explain", () => {
  it("says who predicted a step where it is asked for another", async () => {
    const read = await driftlineHere(["topics", "read", "scores", "--json", "--max", "1", "--data-dir", data]);
    const { episode, step } = JSON.parse(read.out).value;
    const explain = ["explain", episode, String(step), "--data-dir", data, "--predictor"];
    expect((await driftlineHere([...explain, "persistence"])).code).toBe(0);
    expect(await driftlineHere([...explain, "persistance"])).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringMatching(/persistance predicted nothing there; there are .*persistence/),
    });
  });

  it("says what the reason means where a predictor said nothing", async () => {
    const read = await driftlineHere(["topics", "read", "scores", "--json", "--max", "1", "--data-dir", data]);
    const { episode, step, entries } = JSON.parse(read.out).value;
    expect(entries).toContainEqual(expect.objectContaining({ predictor: "recall", reason: "untrained" }));
    const { out } = await driftlineHere([
      "explain",
      episode,
      String(step),
      "--data-dir",
      data,
      "--predictor",
      "recall",
    ]);
    expect(out).toContain(`  no explanation: untrained\n  ${meaningOf("untrained")}`);
  });
});

describe("driftline evaluate", () => {
  const args = ["evaluate", "--train", file("train.jsonl"), "--test", file("test.jsonl.gz")];
  const results = async (...more: string[]) => {
    const said = await driftlineHere([...args, "--json", ...more]);
    expect(said.code, said.err).toBe(0);
    return JSON.parse(said.out).results as {
      environment: string;
      predictor: string;
      n: number;
      exact: Record<string, number>;
      fields: number;
      tokens: unknown;
    }[];
  };

  it("prints a table of each predictor on each environment", async () => {
    const said = await driftline(args);
    expect(said.code, said.err).toBe(0);
    for (const word of ["house", "store", "persistence", "recall", "dynamic", "unseen"])
      expect(said.out).toContain(word);
  });

  it("prints ratios from 0 to 1 as JSON in the agreed form", async () => {
    const all = await results();
    expect(all.filter((one) => one.predictor !== "theirs")).toHaveLength(6);
    // Lifted edits are for structured states alone, text edits for texts.
    const lifted = all.filter((one) => one.predictor === "lifted-edits");
    expect(lifted.map((one) => one.environment)).toEqual(["store"]);
    expect(all.find((one) => one.predictor === "theirs")?.exact["all"]).toBe(1);
    for (const one of all) {
      expect(one.n).toBeGreaterThan(0);
      expect(Object.keys(one.exact)).toEqual(expect.arrayContaining(["all", "dynamic", "static", "unseen"]));
      for (const ratio of Object.values(one.exact)) expect(ratio === null || (ratio >= 0 && ratio <= 1)).toBe(true);
      expect(one.fields).toBeLessThanOrEqual(1);
    }
    const house = (predictor: string) =>
      all.find((one) => one.environment === "house" && one.predictor === predictor)?.exact["all"] ?? 0;
    expect(house("recall")).toBeGreaterThan(house("persistence"));
  });

  it("learns nothing from tested episodes unless asked to, and says so", async () => {
    const exact = (some: Awaited<ReturnType<typeof results>>) =>
      some.find((one) => one.environment === "house" && one.predictor === "recall")?.exact["all"] ?? 0;
    const untrained = ["evaluate", "--test", file("test.jsonl.gz"), "--json"];
    const frozen = JSON.parse((await driftlineHere(untrained)).out).results;
    expect(exact(frozen)).toBe(0);
    const stream = await driftlineHere([...untrained, "--stream"]);
    expect(exact(JSON.parse(stream.out).results)).toBeGreaterThan(0);
    expect((await driftlineHere(["evaluate", "--test", file("test.jsonl.gz"), "--stream"])).out).toMatch(/stream/);
    const prequential = await driftlineHere([
      "evaluate",
      "--protocol",
      "prequential",
      "--test",
      file("test.jsonl.gz"),
      "--json",
    ]);
    const last: Awaited<ReturnType<typeof results>> = JSON.parse(prequential.out).results;
    expect(exact(last)).toBeGreaterThan(0);
    // Chosen step by step: no worse than the best of the others but for what choosing costs, and only where there is something to go by.
    const all = (name: string) =>
      last.find((one) => one.environment === "house" && one.predictor === name)?.exact["all"] ?? 0;
    expect(all("best-of")).toBeGreaterThan(Math.max(...["persistence", "recall", "text-edits"].map(all)) - 0.1);
    expect(frozen.filter((one: { predictor: string }) => one.predictor === "best-of")).toEqual([]);
  });

  it("says which file cannot be read, and that there was nothing to predict", async () => {
    writeFileSync(
      file("cut.jsonl.gz"),
      gzipSync(ndjson(worldEvents(4, { eventsMin: 100, stepsMax: 10 }))).subarray(0, 500),
    );
    writeFileSync(file("empty.jsonl"), "");
    for (const [name, message] of [
      ["cut.jsonl.gz", /cut\.jsonl\.gz: unexpected end of file/],
      ["empty.jsonl", /there is no step to predict in .*empty\.jsonl/],
    ] as const) {
      const said = await driftlineHere(["evaluate", "--test", file(name)]);
      expect(said).toMatchObject({ code: 1, out: "", err: expect.stringMatching(message) });
    }
  });

  it("gives the same figures every time", async () => {
    const strip = (some: Awaited<ReturnType<typeof results>>) =>
      some.map(({ environment, predictor, n, exact, fields }) => ({ environment, predictor, n, exact, fields }));
    expect(strip(await results("--predictor", "recall"))).toEqual(
      strip((await results()).filter((one) => one.predictor === "recall")),
    );
  });
});

describe("driftline suggest-compare, topology, config, reset", () => {
  it("suggests to ignore what never repeats, and only that", async () => {
    const events = Array.from({ length: 60 }, (_, at) => [
      {
        type: "reset",
        episode: `e${at}`,
        environment: "api",
        state: { id: `req-${at}-x`, status: "new", at: `2026-01-01T00:00:${String(at).padStart(2, "0")}Z` },
      },
      {
        type: "step",
        episode: `e${at}`,
        step: 0,
        action: "pay",
        state: { id: `req-${at}-y`, status: "paid", at: `2026-01-02T00:00:${String(at).padStart(2, "0")}Z` },
      },
    ]).flat();
    writeFileSync(file("api.jsonl"), ndjson(events));
    const said = await driftlineHere(["suggest-compare", file("api.jsonl"), "--json"]);
    expect(said.code, said.err).toBe(0);
    expect(said.out).toContain("/id");
    expect(said.out).not.toContain("/status");
  });

  it("prints the topology as tables, JSON and Mermaid", async () => {
    expect((await driftlineHere(["topology"])).out).toMatch(/track +episode +interactions/);
    expect(JSON.parse((await driftlineHere(["topology", "--json"])).out)).toHaveProperty("subTopologies");
    expect((await driftlineHere(["topology", "--mermaid"])).out).toMatch(/^flowchart|^graph/);
  });

  it("lists every option, and shows what is in force without secrets", async () => {
    expect((await driftlineHere(["config"])).out).toContain("DRIFTLINE_TRACK_REORDER_MS");
    const shown = await driftlineHere(["config", "--json"], {
      DRIFTLINE_TOKEN: "a-secret-of-sixteen",
      DRIFTLINE_PORT: "1234",
    });
    expect(JSON.parse(shown.out).http).toMatchObject({ port: 1234, token: "(set)" });
  });

  it("starts a group anew: the monitor counts again what the log still holds", async () => {
    const said = await driftline(["reset", "driftline-monitor", "--to", "start", "--data-dir", data]);
    expect(said).toMatchObject({ code: 0, out: expect.stringContaining("4 partitions") });
    const server = await startRun(data);
    await until(
      async () => {
        const view = (await (await fetch(`${server.address}/api/status`)).json()) as {
          environments?: { windows: { window: string; transitions: number }[] }[];
          totals: { transitions: number };
        };
        const all = view.environments?.flatMap((one) => one.windows.filter(({ window }) => window === "all")) ?? [];
        return all.length > 0 && all.reduce((sum, one) => sum + one.transitions, 0) === view.totals.transitions;
      },
      15_000,
      "every transition is counted once",
    );
    await server.stop();
  });
});
