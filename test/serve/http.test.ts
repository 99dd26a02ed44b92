/** The server as others see it: who may ask, what the API says, OpenAPI, the stream of live views. */

import { writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { abstentionReasons } from "../../src/codec/abstention-reasons.ts";
import { eventFields, eventTypes } from "../../src/codec/event-table.ts";
import { driftline, metric, type Running, startRun, temporaryFolder, until } from "../support/driftline.ts";

const folder = temporaryFolder();
let server: Running;
const events = [
  { type: "reset", episode: "e1", environment: "shop", state: { cart: [], open: true } },
  { type: "step", episode: "e1", step: 0, action: "add pen", state: { cart: ["pen"], open: true } },
  { type: "step", episode: "e1", step: 1, action: "wait", state: { cart: ["pen"], open: true } },
  { type: "step", episode: "e1", step: 2, action: "break", patch: [{ op: "remove", path: "/nothing" }] },
  { type: "end", episode: "e1", success: true },
];

beforeAll(async () => {
  server = await startRun(folder.path);
  await fetch(`${server.address}/v1/interactions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(events),
  });
  await until(async () => ((await status()).totals.outcomes === 1 ? true : null), 10_000, "the episode ends");
});
afterAll(async () => {
  await server.stop();
  folder.cleanup();
});

// biome-ignore lint/suspicious/noExplicitAny: what comes is asserted field by field below.
type Body = any;
async function get(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(server.address + path, { headers });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
}
const status = async () => (await get("/api/status")).body;

/** With headers that fetch does not let through. */
function raw(method: string, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(server.address + path, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on("error", reject);
    sent.end();
  });
}

describe("the API", () => {
  it("is alive and ready", async () => {
    expect(await get("/healthz")).toMatchObject({ status: 200, body: { status: "alive" } });
    expect(await get("/readyz")).toMatchObject({ status: 200, body: { ready: true, phase: "running" } });
  });

  it("shows the environment with accuracy, interval and count", async () => {
    const view = await until(
      async () => {
        const [environment] = (await status()).environments;
        return environment?.windows.find((one: { window: string }) => one.window === "all")?.transitions === 2
          ? environment
          : null;
      },
      10_000,
      "two transitions",
    );
    expect(view).toMatchObject({ environment: "shop", kind: "state", baseline: "persistence" });
    const [persistence] = view.windows[0].predictors;
    expect(persistence).toMatchObject({
      predictor: "persistence",
      summary: { samples: 2, accuracy: 0.5, dynamicSamples: 1 },
    });
    expect(persistence.summary.interval.lower).toBeGreaterThan(0);
    expect(persistence.abstentions).toEqual([]);
    const recall = view.windows[0].predictors.find((one: { predictor: string }) => one.predictor === "recall");
    expect(recall.abstentions).toEqual([{ reason: "untrained", steps: 2, means: abstentionReasons.untrained }]);
  });

  it("shows the last wrong prediction with state, action and truth", async () => {
    const found = await until(
      async () => (await get("/api/examples?environment=shop&max=5")).body.examples.at(0) ?? null,
      10_000,
      "an example",
    );
    expect(found).toMatchObject({ environment: "shop", episode: "e1", step: 0, action: '"add pen"' });
    expect(JSON.parse(found.truth)).toEqual([{ op: "add", path: "/cart/0", value: "pen" }]);
    expect((await get("/api/examples?environment=nowhere")).body).toEqual({ examples: [] });
  });

  it("shows dead letters by reason, with what to do", async () => {
    const found = await until(
      async () => (await get("/api/dead-letters")).body.deadLetters.at(0) ?? null,
      10_000,
      "a dead letter",
    );
    expect(found.episode).toBe("e1");
    expect((await get(`/api/dead-letters?reason=${found.reason}`)).body.deadLetters).toHaveLength(1);
    expect((await get("/api/dead-letters?reason=conflict")).body.deadLetters).toEqual([]);
    expect((await status()).deadLetters).toMatchObject([{ reason: found.reason, count: 1 }]);
    expect((await status()).deadLetters[0].mend.length).toBeGreaterThan(10);
  });

  it("explains a step: what each predictor said, and why or why not", async () => {
    const answer = await get("/api/explain?episode=e1&step=0");
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ environment: "shop", episode: "e1", step: 0, action: '"add pen"' });
    const persistence = answer.body.predictions.find((one: Body) => one.predictor === "persistence");
    expect(persistence).toMatchObject({ status: "answered", exact: false, explanation: null });
    expect(persistence.why).toContain("nothing changes");
    expect(await get("/api/explain?episode=e1&step=77")).toMatchObject({ status: 404, body: { error: "not-found" } });
    expect(await get("/api/explain?episode=e1&step=-1")).toMatchObject({ status: 400, body: { error: "bad-request" } });
    expect(await get("/api/explain?step=0")).toMatchObject({ status: 400 });
  });

  it("refuses queries beyond their bounds, and unknown paths, with a reason", async () => {
    expect(await get("/api/examples?max=100000")).toMatchObject({ status: 400, body: { error: "bad-request" } });
    expect(await get("/api/nothing")).toMatchObject({
      status: 404,
      body: { message: expect.stringContaining("/openapi.json") },
    });
    // Asked for in a browser it was said not to be known.
    const asked = await fetch(`${server.address}/v1/interactions`);
    expect([asked.status, asked.headers.get("allow")]).toEqual([405, "POST"]);
    expect(await asked.json()).toMatchObject({ error: "method-not-allowed", message: expect.stringContaining("POST") });
    const put = await fetch(`${server.address}/api/status?x=1`, { method: "PUT" });
    expect([put.status, put.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  it("sends live views as server-sent events", async () => {
    const stop = new AbortController();
    const response = await fetch(`${server.address}/api/live`, { signal: stop.signal });
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    let text = "";
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (/event: live\ndata: .*\n\n/.test(text)) break;
    }
    stop.abort();
    const [, data = ""] = /data: (.*)\n/.exec(text) ?? [];
    expect(JSON.parse(data)).toMatchObject({ ready: true, sample: false, totals: { transitions: 2 } });
  });

  it("describes itself as OpenAPI, with every field of every event from the one table", async () => {
    const { body } = await get("/openapi.json");
    expect(body.openapi).toMatch(/^3\./);
    for (const path of [
      "/v1/interactions",
      "/metrics",
      "/healthz",
      "/readyz",
      "/api/status",
      "/api/live",
      "/api/examples",
      "/api/models",
      "/api/dead-letters",
    ])
      expect(Object.keys(body.paths)).toContain(path);
    const schema = body.paths["/v1/interactions"].post.requestBody.content["application/json"].schema;
    const forms = schema.anyOf[0].anyOf;
    expect(forms.map((form: { title: string }) => form.title)).toEqual([...eventTypes]);
    const fields = new Set(forms.flatMap((form: { properties: object }) => Object.keys(form.properties)));
    expect([...fields].sort()).toEqual(["type", ...Object.keys(eventFields)].sort());
  });

  it("sends the page with a policy that lets nothing else in", async () => {
    const response = await fetch(`${server.address}/`);
    expect(await response.text()).toContain('<div id="page">');
    expect(response.headers.get("content-security-policy")).toContain("default-src 'self'");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("counts what came", async () => {
    expect(await metric(server.address, 'driftline_transitions_total{environment="shop",quality="ok"}')).toBe(2);
    expect(await metric(server.address, 'driftline_interactions_total{environment="shop",type="step"}')).toBe(3);
    expect(
      await metric(
        server.address,
        'driftline_next_state_accuracy_ratio{environment="shop",predictor="persistence",window="all"}',
      ),
    ).toBe(0.5);
  });
});

describe("who may ask", () => {
  it("without a token: only by a loopback name, and no page of another origin", async () => {
    expect(await raw("GET", "/api/status", { host: "evil.example" })).toBe(403);
    expect(await raw("GET", "/api/status", { host: "localhost:80" })).toBe(200);
    expect(
      await raw("POST", "/v1/interactions", { origin: "http://evil.example", "content-type": "application/json" }),
    ).toBe(403);
    expect(await raw("GET", "/healthz", { host: "evil.example" })).toBe(200);
  });

  it("with a token: whoever has it, as bearer or as password", async () => {
    const other = temporaryFolder();
    const token = "a-token-of-sixteen";
    const guarded = await startRun(other.path, ["--no-sample", "--token", token]);
    try {
      const ask = async (authorization: string) =>
        (await fetch(`${guarded.address}/metrics`, { headers: { authorization } })).status;
      expect((await fetch(`${guarded.address}/metrics`)).status).toBe(401);
      expect((await fetch(`${guarded.address}/healthz`)).status).toBe(200);
      expect(await ask("Bearer wrong")).toBe(401);
      expect(await ask(`Bearer ${token}`)).toBe(200);
      expect(await ask(`Basic ${Buffer.from(`me:${token}`).toString("base64")}`)).toBe(200);
      expect(guarded.output()).not.toContain(token);
    } finally {
      await guarded.stop();
      other.cleanup();
    }
  });

  it("never beyond loopback without a token", async () => {
    const said = await driftline(["run", "--host", "0.0.0.0", "--data-dir", folder.path]);
    expect(said).toMatchObject({ code: 2, err: expect.stringContaining("http.token must be set") });
  });
});

describe("the life of the process", () => {
  it("says so when the port is taken, when the data folder is, and when it cannot be written", async () => {
    const port = new URL(server.address).port;
    const other = temporaryFolder();
    const taken = await driftline(["run", "--port", port, "--data-dir", other.path]);
    expect(taken).toMatchObject({ code: 1, err: expect.stringContaining(`port ${port}`) });
    const locked = await driftline(["run", "--port", "0", "--data-dir", folder.path]);
    expect(locked).toMatchObject({ code: 1, err: expect.stringContaining("reading is possible") });
    const file = join(other.path, "file");
    writeFileSync(file, "");
    const barred = await driftline(["run", "--port", "0", "--data-dir", file]);
    expect(barred).toMatchObject({
      code: 1,
      err: expect.stringContaining(`the data folder ${file} cannot be written`),
    });
    other.cleanup();
  });

  it("stops gracefully, and shows the same after the next start", async () => {
    const other = temporaryFolder();
    const first = await startRun(other.path);
    await fetch(`${first.address}/v1/interactions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(events),
    });
    const series =
      'driftline_next_state_accuracy_ratio_samples{environment="shop",predictor="persistence",window="all"}';
    await until(async () => (await metric(first.address, series)) === 2, 10_000, "two samples");
    expect(await first.stop()).toBe(0);
    expect(first.output()).toContain("everything is written");
    const second = await startRun(other.path);
    await until(async () => (await metric(second.address, series)) === 2, 10_000, "two samples after the restart");
    expect(await second.stop()).toBe(0);
    other.cleanup();
  });
});
