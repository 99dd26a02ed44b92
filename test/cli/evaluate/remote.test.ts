/** Remote predictors in `evaluate`: batches, earlier steps, protocols and limits, with a service on a real socket. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EvaluationOptions, evaluate } from "../../../src/cli/evaluate/evaluation.ts";
import { loadConfig } from "../../../src/config.ts";
import { openaiFactory } from "../../../src/predictors/openai/openai.ts";
import { predictorFactories } from "../../../src/predictors/registry.ts";
import { remoteOptionsOf } from "../../../src/predictors/remote-options.ts";
import { remoteFactories } from "../../../src/predictors/remote-registry.ts";
import { type ChatServer, completion, json, startChatServer } from "../../support/chat-server.ts";

const folder = mkdtempSync(join(tmpdir(), "driftline-evaluate-"));
const file = join(folder, "events.jsonl");
const steps = 6;
const rooms = ["hall", "garden"];
let server: ChatServer;

/** Two episodes of going to and fro; what follows from an action alone. */
function events(): readonly object[] {
  return ["a", "b"].flatMap((episode) => [
    { type: "reset", episode, environment: "rooms", state: `You are in the hall. (${episode})` },
    ...Array.from({ length: steps }, (_, step) => {
      const room = rooms[(step + 1) % 2];
      return { type: "step", episode, step, action: `go to the ${room}`, state: `You are in the ${room}.` };
    }),
    { type: "end", episode, success: true },
  ]);
}

beforeAll(async () => {
  writeFileSync(
    file,
    events()
      .map((event) => JSON.stringify(event))
      .join("\n"),
  );
  server = await startChatServer(async (response, request) => {
    const action = request.body.messages.at(-1)?.content ?? "";
    await completion(action.replace("go to", "You are in").concat("."))(response, request);
  });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

function evaluated(more: Partial<EvaluationOptions> = {}, options: object = {}) {
  const given = { model: "m1", url: server.url, cacheMax: 0, retriesMax: 0, ...options };
  const choice = { kind: "openai", ...remoteOptionsOf(openaiFactory, given).options };
  const host = {
    env: {},
    now: Date.now,
    seconds: () => performance.now() / 1_000,
    sleep: (ms: number) => delay(ms).then(() => {}),
    err() {},
    stop: new AbortController().signal,
  };
  return evaluate(
    {
      train: [],
      test: [file],
      predictors: [],
      context: true,
      learnFromTest: false,
      openLoopLengths: [],
      remote: { served: choice },
      ...more,
    },
    {
      factories: predictorFactories,
      track: loadConfig({ flags: [], env: {}, readFile: () => null }).track,
      remote: { factories: remoteFactories, host },
      seconds: host.seconds,
      stopped: () => false,
      progress() {},
    },
  );
}

describe("evaluate with a remote predictor", () => {
  it("scores it beside the others on the same steps", async () => {
    const { results, work, steps: predicted } = await evaluated();
    const served = results.find((one) => one.predictor === "served");
    expect(predicted).toBe(2 * steps);
    expect(served).toMatchObject({ n: 12, exact: { all: 1 }, skill: 1 });
    expect(results.find((one) => one.predictor === "persistence")?.n).toBe(12);
    expect(work["served"]).toMatchObject({ tokensIn: 1_200, tokensOut: 120 });
  });

  it("shows it as many earlier steps as it looks at", async () => {
    const before = server.requests.length;
    await evaluated({}, { historySteps: 2 });
    const asked = server.requests.slice(before);
    const longest = Math.max(...asked.map(({ body }) => body.messages.length));
    // System, two earlier steps, the action.
    expect(longest).toBe(1 + 2 * 2 + 1);
  });

  it("predicts the first steps only where told, all predictors the same", async () => {
    const { results, steps: predicted } = await evaluated({ limit: 4 });
    expect(predicted).toBe(4);
    for (const { n } of results) expect(n).toBe(4);
  });

  it("gathers no examples from what it tests when frozen, and does in a stream, but never a step's own outcome", async () => {
    const asked = async (learnFromTest: boolean) => {
      const before = server.requests.length;
      await evaluated({ learnFromTest }, { shots: "retrieved", historySteps: 0 });
      return server.requests.slice(before).map(({ body: { messages } }) => ({
        system: messages[0]?.content ?? "",
        action: messages.at(-1)?.content,
      }));
    };
    expect((await asked(false)).filter(({ system }) => system.includes("# Examples"))).toEqual([]);
    const streamed = await asked(true);
    expect(streamed.filter(({ system }) => system.includes("# Examples")).length).toBeGreaterThan(5);
    const firstOf = (episode: string) =>
      streamed.find(({ system, action }) => action === "go to the garden" && system.endsWith(`hall. (${episode})`));
    expect(firstOf("a")?.system).not.toContain("# Examples");
    // The first step of the second episode may be shown the first episode, whose first action was the same.
    expect(firstOf("b")?.system).toContain("Before: You are in the hall. (a)\nAction: go to the garden");
  });

  it("says why predictions are none, and how often", async () => {
    const fault = await startChatServer(json(500, { error: { message: "oh" } }));
    const { reasons, results } = await evaluated({}, { url: fault.url });
    await fault.close();
    expect([...(reasons.get("served") ?? [])]).toEqual([["the service fails (500): oh", 12]]);
    expect(results.find((one) => one.predictor === "served")).toMatchObject({ n: 12, failed: 12, exact: { all: 0 } });
  });

  it("does not begin where one cannot be opened", async () => {
    await expect(evaluated({}, { url: "http://example.com" })).rejects.toThrow(/allowPlainHttp/);
  });
});
