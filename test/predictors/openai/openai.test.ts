/** The `openai` predictor against a server on loopback: what it sends, what it makes of good answers, and what it counts. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Value } from "@sinclair/typebox/value";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openaiFactory } from "../../../src/predictors/openai/openai.ts";
import { type OpenaiOptions, openaiOptionsSchema, settingsOf } from "../../../src/predictors/openai/options.ts";
import { type ChatServer, completion, startChatServer } from "../../support/chat-server.ts";
import { testDeps } from "../../support/remote-deps.ts";
import { situationAfter } from "../../support/situations.ts";

const never = new AbortController().signal;
const hall = situationAfter(["You are in the hall.", "go north"]);
let server: ChatServer;

beforeAll(async () => {
  server = await startChatServer(completion("You are in the garden."));
});
afterAll(() => server.close());

function optionsOf(given: Partial<OpenaiOptions>): OpenaiOptions {
  return Value.Decode(
    openaiOptionsSchema,
    Value.Default(openaiOptionsSchema, { model: "m1", url: server.url, ...given }),
  );
}

async function opened(given: Partial<OpenaiOptions> = {}, env = {}) {
  const deps = testDeps(env);
  return { deps, predictor: await openaiFactory.open(optionsOf(given), deps) };
}

describe("openai", () => {
  it("asks for a completion at temperature 0 and answers with the text, the confidence and the cost", async () => {
    const logprobs = { content: [{ logprob: Math.log(0.5) }, { logprob: Math.log(0.5) }] };
    server.script(completion(" You are in the garden.\n", { choice: { logprobs } }));
    const { deps, predictor } = await opened(
      { logprobs: true, seed: 7, priceIn: 2, priceOut: 20, maxTokens: 99 },
      { OPENAI_API_KEY: "secret-key" },
    );
    const predictions = await predictor.predict([hall], never);
    expect(predictions).toEqual([
      {
        status: "answered",
        next: { form: "state", stateText: '"You are in the garden."' },
        confidence: expect.closeTo(0.25, 10),
      },
    ]);
    const { headers, body } = server.requests.at(-1) ?? {};
    expect(headers?.authorization).toBe("Bearer secret-key");
    expect(body).toMatchObject({ model: "m1", temperature: 0, seed: 7, max_tokens: 99, logprobs: true });
    expect(body?.messages.map(({ role }) => role)).toEqual(["system", "user"]);
    expect(deps.counts).toMatchObject({ tokensIn: 100, tokensOut: 10 });
    expect(deps.counts.costDollars).toBeCloseTo((100 * 2 + 10 * 20) / 1e6, 12);
    expect(predictor.version).toMatch(/^m1\+[0-9a-f]{8}$/);
    expect(predictor).toMatchObject({ deterministic: false, backend: { name: "http" } });
    await predictor.close();
  });

  it("says null for the confidence where the service offers none, and the mean where told", async () => {
    server.script(completion("x"));
    const { predictor } = await opened();
    expect(await predictor.predict([hall], never)).toMatchObject([{ status: "answered", confidence: null }]);
    const logprobs = { content: [{ logprob: Math.log(0.9) }, { logprob: Math.log(0.4) }] };
    server.script(completion("x", { choice: { logprobs } }));
    const mean = await opened({ confidence: "mean" });
    expect(await mean.predictor.predict([hall], never)).toMatchObject([{ confidence: expect.closeTo(0.6, 10) }]);
  });

  it("keeps the order of a batch, whichever answer comes first", async () => {
    server.script(async (response, request) => {
      const action = request.body.messages.at(-1)?.content ?? "";
      await new Promise((resolve) => setTimeout(resolve, action === "0" ? 60 : 1));
      await completion(`after ${action}`)(response, request);
    });
    const { predictor } = await opened();
    const batch = ["0", "1", "2"].map((action) => situationAfter(["here", action]));
    expect(await predictor.predict(batch, never)).toMatchObject(
      ["0", "1", "2"].map((action) => ({ next: { stateText: `"after ${action}"` } })),
    );
  });

  it("asks for the same only once, as long as it remembers", async () => {
    server.script(completion("x"));
    const { deps, predictor } = await opened({ cacheMax: 2 });
    const before = server.requests.length;
    const at = (action: string) => predictor.predict([situationAfter(["here", action])], never);
    for (const action of ["a", "a", "b", "a", "c", "b"]) await at(action);
    expect(server.requests.length - before).toBe(4);
    expect(deps.counts.cacheHits).toBe(2);
  });

  it("predicts structured states by patches", async () => {
    server.script(completion('```json\n[{"op":"replace","path":"/open","value":true}]\n```'));
    const { predictor } = await opened();
    const predictions = await predictor.predict([situationAfter([{ open: false }, "open"])], never);
    expect(predictions).toMatchObject([{ next: { form: "patch", patch: [{ path: "/open", value: true }] } }]);
    server.script(completion("The door opens."));
    expect(await predictor.predict([situationAfter([{ open: false }, "look"])], never)).toMatchObject([
      { status: "failed", reason: expect.stringContaining("the answer is not JSON") },
    ]);
  });

  it("leaves out the oldest steps where the context is full, and says so", async () => {
    server.script(completion("x"));
    const { deps, predictor } = await opened({ contextTokens: 700, maxTokens: 100 });
    const told = Array.from({ length: 62 }, (_, at) => (at % 2 === 0 ? `state ${at} ${"x".repeat(50)}` : `do ${at}`));
    await predictor.predict([situationAfter(told)], never);
    const messages = server.requests.at(-1)?.body.messages ?? [];
    const shown = (messages.length - 2) / 2;
    expect(deps.counts.stepsDropped).toBe(30 - shown);
    // The cut is at a multiple of eight steps.
    expect((30 - shown) % 8).toBe(0);
    expect(messages.at(-1)?.content).toBe("do 61");
    const huge = situationAfter(["x".repeat(10_000), "look"]);
    expect(await predictor.predict([huge], never)).toEqual([
      { status: "failed", reason: "the situation is longer than the context (700 tokens)" },
    ]);
  });

  it("starts warm from a file of examples, and shows the most similar", async () => {
    const folder = mkdtempSync(join(tmpdir(), "driftline-warm-"));
    try {
      const file = join(folder, "events.jsonl");
      const lines = [
        { type: "reset", episode: "a", environment: "rooms", state: "You are in the hall." },
        { type: "step", episode: "a", step: 0, action: "go north", state: "You are in the winter garden." },
      ];
      writeFileSync(file, lines.map((line) => JSON.stringify(line)).join("\n"));
      server.script(completion("x"));
      const { deps, predictor } = await opened({ shots: "retrieved", examples: file });
      await predictor.predict([hall], never);
      expect(server.requests.at(-1)?.body.messages[0]?.content).toContain("Next: You are in the winter garden.");
      expect(deps.lines.join()).toContain('"transitions":1');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("options of openai", () => {
  it("know the models of the study, and let prices and limits be overridden", () => {
    const of = (model: string, more: Partial<OpenaiOptions> = {}) =>
      settingsOf(optionsOf({ url: null, model, ...more }));
    expect(of("Claude-sonnet-4.5")).toMatchObject({ model: "claude-sonnet-4-5", priceIn: 3, priceOut: 15 });
    expect(of("GPT-4o")).toMatchObject({ model: "gpt-4o", priceIn: 2.5, contextTokens: 128_000, logprobs: true });
    expect(of("gpt-4-turbo", { priceIn: 1 })).toMatchObject({ priceIn: 1, priceOut: 30 });
    expect(of("gpt-4o-2024-08-06").model).toBe("gpt-4o-2024-08-06");
    // A server of one's own does not cost what the service does.
    expect(of("gpt-4o", { url: server.url })).toMatchObject({ model: "gpt-4o", priceIn: 0, contextTokens: null });
    expect(() => of("my-model")).toThrow(/url is missing: nothing is known of the model "my-model"/);
  });

  it.each([
    [{ url: "http://example.com/v1" }, /http to another machine: use https, or say allowPlainHttp/],
    [{ url: "ftp://example.com" }, /begins with https/],
    [{ url: "nonsense" }, /is not an address/],
    [{ url: "https://me:pass@example.com/v1" }, /the key belongs into an environment variable/],
    [{ url: "https://example.com/v1" }, /the environment variable OPENAI_API_KEY holds no key/],
    [{ keyVariable: "MY_KEY" }, /the environment variable MY_KEY holds no key/],
    [{ keyFile: "/nowhere/key" }, /keyFile \/nowhere\/key cannot be read: ENOENT/],
  ])("that cannot be are refused at the start, naming the option: %#", async (given, message) => {
    await expect(opened(given)).rejects.toThrow(message);
  });

  it("never bring the key into an error, a log line or a failed prediction", async () => {
    const key = "sk-very-secret";
    server.script((response) => {
      const error = { message: `bad thing about ${key}` };
      response.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify({ error }));
    });
    const { deps, predictor } = await opened({ keyVariable: "MY_KEY" }, { MY_KEY: key });
    const predictions = await predictor.predict([hall], never);
    expect(predictions).toMatchObject([{ reason: "the service refuses the request (400): bad thing about [key]" }]);
    expect(JSON.stringify([predictions, deps.lines, predictor])).not.toContain(key);
    await expect(opened({ keyVariable: "MY_KEY" }, { MY_KEY: "two\nlines" })).rejects.toThrow(
      /^MY_KEY does not hold a key: it has spaces or other signs$/,
    );
  });
});
