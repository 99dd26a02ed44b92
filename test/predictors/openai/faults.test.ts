/** Services that misbehave, on real sockets: every fault has a name, what may pass is tried again, and the deadline holds. */
import { Value } from "@sinclair/typebox/value";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLimiter } from "../../../src/predictors/openai/limiter.ts";
import { openOpenai } from "../../../src/predictors/openai/openai.ts";
import { type OpenaiOptions, openaiOptionsSchema } from "../../../src/predictors/openai/options.ts";
import {
  bytes,
  type ChatAnswer,
  type ChatServer,
  completion,
  json,
  startChatServer,
} from "../../support/chat-server.ts";
import { testDeps } from "../../support/remote-deps.ts";
import { situationAfter } from "../../support/situations.ts";

const never = new AbortController().signal;
const here = situationAfter(["here", "look"]);
const ok = completion("there");
let server: ChatServer;

beforeAll(async () => {
  server = await startChatServer(ok);
});
afterAll(() => server.close());

/** Waits are noted, not taken. */
async function ask(answers: readonly ChatAnswer[], given: Partial<OpenaiOptions> = {}, signal = never) {
  server.script(...answers);
  const waits: number[] = [];
  let skipped = 0;
  const deps = testDeps({}, async (ms) => {
    waits.push(ms);
    skipped += ms / 1_000;
  });
  const seconds = () => performance.now() / 1_000 + skipped;
  const defaults = { model: "m1", url: server.url, retryMs: 100, timeoutMs: 2_000, responseBytesMax: 2_048 };
  const options = Value.Decode(openaiOptionsSchema, Value.Default(openaiOptionsSchema, { ...defaults, ...given }));
  const predictor = await openOpenai(options, { ...deps, seconds }, () => 0.5);
  const [prediction] = await predictor.predict([here], signal);
  await predictor.close();
  return { prediction, waits, retries: deps.counts.retries ?? 0 };
}

describe("a service that fails for a while", () => {
  it("is asked again after 5xx and broken connections, with waits that double", async () => {
    const drop: ChatAnswer = (response) => void response.socket?.destroy();
    const { prediction, waits, retries } = await ask([json(500, {}), drop, json(503, {}), ok]);
    expect(prediction).toMatchObject({ status: "answered", next: { stateText: '"there"' } });
    expect(retries).toBe(3);
    expect(waits).toEqual([75, 150, 300]);
  });

  it("is given the time that it asks for with 429", async () => {
    const busy = json(429, { error: { message: "slow down" } }, { "retry-after": "7" });
    const { prediction, waits } = await ask([busy, ok]);
    expect(prediction).toMatchObject({ status: "answered" });
    expect(waits).toEqual([7_000]);
    const date = json(429, {}, { "retry-after": new Date(Date.now() + 9_000).toUTCString() });
    const dated = await ask([date, ok]);
    expect(dated.waits[0]).toBeGreaterThan(7_000);
    expect(dated.waits[0]).toBeLessThanOrEqual(9_000);
  });

  it("is given up after the last try, or at once where waiting is no use", async () => {
    const { prediction, retries } = await ask([json(500, { error: { message: "oh" } })], { retriesMax: 2 });
    expect(prediction).toEqual({ status: "failed", reason: "the service fails (500): oh" });
    expect(retries).toBe(2);
    const hour = await ask([json(429, {}, { "retry-after": "3600" })]);
    expect(hour).toMatchObject({
      prediction: { reason: "the service is busy (429), to be tried again after 3600 s" },
      retries: 0,
    });
    const quota = await ask([json(429, { error: { code: "insufficient_quota", message: "pay" } })]);
    expect(quota).toMatchObject({ prediction: { reason: "the account's quota is used up (429): pay" }, retries: 0 });
  });

  it("is not waited for beyond timeout and deadline", async () => {
    const silent: ChatAnswer = () => {};
    const slow = await ask([silent], { timeoutMs: 50, retriesMax: 1 });
    expect(slow).toMatchObject({ prediction: { reason: "no response within 50 ms (timeoutMs)" }, retries: 1 });
    const late = await ask([silent], {}, AbortSignal.timeout(50));
    expect(late).toMatchObject({ prediction: { status: "failed", reason: "deadline" }, retries: 0 });
    const before = await ask([ok], {}, AbortSignal.abort());
    expect(before.prediction).toEqual({ status: "failed", reason: "deadline" });
  });
});

describe("an answer that is none", () => {
  const good = JSON.stringify({ choices: [{ message: { content: "there" }, finish_reason: "stop" }] });
  const cases: readonly (readonly [string, ChatAnswer])[] = [
    ["the response is not JSON", bytes(200, Buffer.from(good.slice(0, -9)))],
    ["the response is not UTF-8", bytes(200, Buffer.from([0x7b, 0xc3, 0x28, 0x7d]))],
    ["the response is larger than 2048 bytes", bytes(200, Buffer.alloc(50_000_000, 0x20))],
    ["the response has no choices", json(200, { error: null })],
    ["the response has empty choices", json(200, { choices: [] })],
    ["the answer has no text", json(200, { choices: [{ message: { content: null } }] })],
    ["the answer was cut at maxTokens", completion("ther", { choice: { finish_reason: "length" } })],
    ['finish_reason "content_filter"', completion("x", { choice: { finish_reason: "content_filter" } })],
    ["the answer is empty", completion("  ")],
    ["the service refuses the key (401)", json(401, { error: { message: "Incorrect API key: sk-abc***" } })],
    ["the service refuses the request (404): no such model", json(404, { error: { message: "no such model" } })],
    ["the service redirects (307)", json(307, {}, { location: "http://127.0.0.1:1/" })],
  ];
  it.each(cases)("fails with: %s", async (reason, answer) => {
    const { prediction, retries } = await ask([answer]);
    expect(prediction).toMatchObject({ status: "failed", reason: expect.stringContaining(reason) });
    expect(prediction).not.toMatchObject({ reason: expect.stringContaining("sk-abc") });
    expect(retries).toBe(0);
  });

  it("that ends in the middle of the connection is tried again", async () => {
    const cut: ChatAnswer = (response) => {
      response.writeHead(200, { "content-length": "1000" }).write("{");
      setTimeout(() => response.socket?.destroy(), 10);
    };
    const { prediction, retries } = await ask([cut], { retriesMax: 1 });
    expect(prediction).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(/^connection to http:\/\/127/),
    });
    expect(retries).toBe(1);
    expect((await ask([cut, ok])).prediction).toMatchObject({ status: "answered" });
  });
});

describe("limits a minute", () => {
  it("let in as many as they say, by turns, and correct a guess by what was taken", async () => {
    let now = 0;
    const clock = {
      seconds: () => now,
      sleep: async (ms: number) => {
        now += ms / 1_000;
      },
    };
    const requests = createLimiter({ requestsPerMinute: 60, tokensPerMinute: null }, clock);
    await Promise.all(Array.from({ length: 90 }, () => requests.enter(1_000, never)));
    expect(now).toBeCloseTo(30, 1);
    now = 0;
    const tokens = createLimiter({ requestsPerMinute: null, tokensPerMinute: 600 }, clock);
    await tokens.enter(600, never);
    tokens.correct(600, 100);
    await tokens.enter(500, never);
    expect(now).toBe(0);
    await tokens.enter(100, never);
    expect(now).toBeCloseTo(10, 1);
    // More than a minute's worth waits for a full bucket, not for ever.
    await tokens.enter(6_000, never);
    expect(now).toBeCloseTo(70, 1);
    expect(await tokens.enter(1, AbortSignal.abort())).toBe(false);
  });

  it("hold back everybody while the service asks for a pause", async () => {
    let now = 0;
    const sleep = async (ms: number) => {
      now += ms / 1_000;
    };
    const limiter = createLimiter({ requestsPerMinute: null, tokensPerMinute: null }, { seconds: () => now, sleep });
    limiter.pause(5_000);
    await limiter.enter(1, never);
    expect(now).toBeCloseTo(5, 6);
  });
});
