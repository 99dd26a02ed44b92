/** `POST /v1/interactions` over a real server on a real port: what is taken, what is refused and how, and back-pressure. */
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { codecs } from "../../src/codec/codecs.ts";
import { registerIngest } from "../../src/ingest/http.ts";
import type { IngestOptions } from "../../src/ingest/options.ts";
import { createMemoryLog, type MemoryLog } from "../../src/log/memory/memory-log.ts";
import { LogBusy } from "../../src/log/port.ts";
import { createHttp, type HttpServer } from "../../src/serve/http.ts";
import { topicSpecs } from "../../src/topology.ts";
import { defaultsOf } from "../support/defaults.ts";
import { createRecorder } from "../support/recorder.ts";

const servers: HttpServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** What the tests look at, of any answer. */
interface Answer {
  readonly message: string;
  readonly accepted: number;
  readonly errors: readonly { readonly index: number; readonly key: string | null; readonly reason: string }[];
}

interface Given {
  readonly options?: Partial<IngestOptions>;
  readonly lag?: Awaited<ReturnType<MemoryLog["lag"]>>;
  readonly busy?: boolean;
}

async function serve({ options = {}, lag, busy = false }: Given = {}) {
  const log = createMemoryLog({ now: Date.now });
  await log.ensureTopics(topicSpecs(2, null));
  const accepted: number[] = [];
  const recorder = createRecorder();
  const server = await createHttp({
    options: { ...defaultsOf().http, port: 0 },
    version: "test",
    onError(error) {
      throw error;
    },
    register: (app) =>
      registerIngest(app, {
        log: {
          append: (records) => (busy ? Promise.reject(new LogBusy("the log is full")) : log.append(records)),
          lag: async () => lag ?? [],
        },
        options: { ...defaultsOf().ingest, ...options },
        metrics: recorder.metrics,
        now: Date.now,
        breathe: () => null,
        onAccepted: (events) => void accepted.push(events),
      }),
  });
  servers.push(server);
  const address = await server.listen();
  async function post(
    body: string | Uint8Array,
    headers: Record<string, string> = { "content-type": "application/json" },
  ) {
    const response = await fetch(`${address}/v1/interactions`, { method: "POST", body: Buffer.from(body), headers });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer };
  }
  return { log, address, accepted, post, count: recorder.count };
}

async function events(log: MemoryLog) {
  const all = [0, 1].map((partition) =>
    log.read("interactions", partition, 0, { recordsMax: 999, bytesMax: 99_999_999 }, 0),
  );
  return (await Promise.all(all)).flat().map(({ value }) => codecs.interaction.decode(value ?? new Uint8Array()));
}

async function letters(log: MemoryLog) {
  const all = await log.read("dead-letters", 0, 0, { recordsMax: 999, bytesMax: 99_999_999 }, 0);
  return all.map(({ value }) => codecs.deadLetter.decode(value ?? new Uint8Array()));
}

const reset = { type: "reset", episode: "e1", environment: "shop", state: { cart: [] } };
const step = { type: "step", episode: "e1", step: 0, action: "add", state: { cart: ["pen"] } };
const ndjson = { "content-type": "application/x-ndjson" };

describe("POST /v1/interactions", () => {
  it("takes one event, an array, NDJSON, and each of them gzipped", async () => {
    const { post, log, accepted } = await serve();
    const lines = `${JSON.stringify(reset)}\n\n${JSON.stringify(step)}\n`;
    const gzip = { "content-encoding": "gzip" };
    const json = { "content-type": "application/json" };
    for (const [body, headers, count] of [
      [JSON.stringify(reset), json, 1],
      [JSON.stringify([reset, step]), json, 2],
      [lines, ndjson, 2],
      [gzipSync(JSON.stringify([reset, step])), { ...json, ...gzip }, 2],
      [gzipSync(lines), { ...ndjson, ...gzip }, 2],
    ] as const) {
      expect(await post(body, headers)).toMatchObject({
        status: 202,
        body: { accepted: count, rejected: 0, errors: [] },
      });
    }
    expect(await events(log)).toHaveLength(9);
    expect(accepted).toEqual([1, 2, 2, 2, 2]);
  });

  it("takes the good events beside bad ones, names index, key and reason of the bad ones, and keeps them as dead letters", async () => {
    const { post, log, count } = await serve();
    const bad = { ...step, sucess: true };
    const answer = await post(JSON.stringify([reset, bad, 7, step]));
    expect(answer).toMatchObject({ status: 202, body: { accepted: 2, rejected: 2 } });
    expect(answer.body.errors).toMatchObject([
      { index: 1, key: "sucess", reason: "invalid" },
      { index: 2, key: null, reason: "invalid" },
    ]);
    expect(await events(log)).toHaveLength(2);
    const kept = await letters(log);
    expect(kept).toMatchObject([{ stage: "ingest", reason: "invalid" }, { stage: "ingest" }]);
    expect(JSON.parse(Buffer.from(kept[0]?.value ?? []).toString())).toEqual(bad);
    expect(count('driftline_dead_letters_total{reason="invalid",stage="ingest"}')).toBe(2);
  });

  it("answers 400 where no event is good: the sender has everything, so nothing is kept twice", async () => {
    const { post, log } = await serve();
    expect(await post(JSON.stringify({ ...step, step: -1 }))).toMatchObject({
      status: 400,
      body: { accepted: 0, errors: [{ key: "step" }] },
    });
    expect(await letters(log)).toEqual([]);
  });

  it("refuses lines that are no UTF-8 or no JSON, and takes the others", async () => {
    const { post } = await serve();
    const body = Buffer.concat([
      Buffer.from(`${JSON.stringify(reset)}\n{"type":\n`),
      Buffer.from([0xff, 0xfe, 0x0a]),
      Buffer.from(JSON.stringify(step)),
    ]);
    expect(await post(body, ndjson)).toMatchObject({
      status: 202,
      body: {
        accepted: 2,
        errors: [
          { index: 1, reason: "undecodable" },
          { index: 2, reason: "undecodable" },
        ],
      },
    });
  });

  const refusals: readonly [string, number, string | Uint8Array, Record<string, string>, RegExp][] = [
    ["malformed JSON", 400, "{", { "content-type": "application/json" }, /x-ndjson/],
    ["bad UTF-8", 400, Buffer.from([0x22, 0xff, 0x22]), { "content-type": "application/json" }, /not JSON/],
    ["an empty body", 400, "[]", { "content-type": "application/json" }, /no events/],
    ["another content type", 415, "x", { "content-type": "text/plain" }, /application\/json/],
    ["another encoding", 415, "x", { "content-type": "application/json", "content-encoding": "br" }, /gzip/],
    ["gzip that is none", 400, "x", { "content-type": "application/json", "content-encoding": "gzip" }, /not gzip/],
  ];
  it.each(refusals)("refuses %s with %d and says how to mend it", async (_title, status, body, headers, message) => {
    const { post } = await serve();
    const answer = await post(body, headers);
    expect(answer.status).toBe(status);
    expect(answer.body.message).toMatch(message);
  });

  it("survives deep nesting, __proto__, NaN and huge numbers", async () => {
    const { post, log } = await serve();
    for (const body of [
      "[".repeat(200_000),
      `{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`,
      '{"type":"end","episode":"e","__proto__":{"admin":true}}',
      '{"type":"step","episode":"e","action":"x","state":{"__proto__":{"admin":true}}}',
      '{"type":"step","episode":"e","action":"x","state":NaN}',
      '{"type":"step","episode":"e","action":"x","state":1e999}',
      '{"type":"end","episode":"e","time":99999999999999999}',
    ])
      expect((await post(body)).status).toBe(400);
    expect(Object.hasOwn(Object.prototype, "admin")).toBe(false);
    expect(await events(log)).toEqual([]);
  });

  it("bounds body, inflated body, event and number of events, each with the option to raise", async () => {
    const { post } = await serve({
      options: { bodyBytesMax: 4_096, inflatedBytesMax: 8_192, eventBytesMax: 1_024, eventsMax: 3 },
    });
    const long = "x".repeat(20_000);
    const gzip = { "content-type": "application/json", "content-encoding": "gzip" };
    const big = await post(JSON.stringify({ ...step, state: long }));
    expect([big.status, big.body.message]).toEqual([413, expect.stringContaining("ingest.bodyBytesMax")]);
    const bomb = await post(gzipSync(JSON.stringify({ ...step, state: long })), gzip);
    expect([bomb.status, bomb.body.message]).toEqual([413, expect.stringContaining("ingest.inflatedBytesMax")]);
    const event = await post(JSON.stringify({ ...step, state: "x".repeat(2_000) }));
    expect(event).toMatchObject({ status: 400, body: { errors: [{ reason: "too-large" }] } });
    const many = await post(JSON.stringify(Array.from({ length: 4 }, () => step)));
    expect([many.status, many.body.message]).toEqual([413, expect.stringContaining("ingest.eventsMax")]);
  });

  it("pushes back with 429 and Retry-After while the stages lag, and says what to do", async () => {
    const { post } = await serve({ lag: [{ group: "driftline-track", topic: "interactions", records: 999_999 }] });
    const answer = await post(JSON.stringify(reset));
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(answer.body).toMatchObject({
      error: "busy",
      message: expect.stringMatching(/999999 records behind.*ingest\.lagMax/),
    });
  });

  it("pushes back when the log cannot take more", async () => {
    const { post } = await serve({ busy: true });
    expect(await post(JSON.stringify(reset))).toMatchObject({ status: 429, body: { error: "busy" } });
  });

  it("lists at most a hundred errors and counts the rest", async () => {
    const { post } = await serve();
    const { body } = await post(JSON.stringify([reset, ...Array.from({ length: 150 }, () => 1)]));
    expect(body).toMatchObject({ accepted: 1, rejected: 150 });
    expect(body.errors).toHaveLength(100);
  });
});
