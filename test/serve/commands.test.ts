/** `POST /api/commands` and what follows from it in the API, on the metrics and in the log. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { worldEvents } from "../crash/world.ts";
import { type Running, startRun, temporaryFolder, until } from "../support/driftline.ts";
import { driftlineHere } from "../support/driftline-here.ts";
import { isLearnt } from "../support/is-learnt.ts";

const folder = temporaryFolder();
const data = join(folder.path, "data");
const token = "a-token-of-sixteen";
const options = ["--learn-publish-interval-ms", "500", "--no-learn-pin-automatically"];
let server: Running;

const send = (path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(server.address + path, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}`, ...headers },
    body,
  });
const play = (seed: number) =>
  send("/v1/interactions", JSON.stringify(worldEvents(seed, { eventsMin: 400, stepsMax: 20 })));
const text = async (path: string) =>
  (await fetch(server.address + path, { headers: { authorization: `Bearer ${token}` } })).text();

interface Models {
  readonly environment: string;
  readonly predictor: string;
  readonly reference: { version: string; at: number; author: string | null } | null;
  readonly versions: { version: string }[];
}
async function models(environment = "house"): Promise<Models | null> {
  const body = JSON.parse(await text("/api/models")) as { models: Models[] };
  return body.models.find((one) => one.environment === environment && one.predictor === "recall") ?? null;
}

async function command(body: unknown, headers: Record<string, string> = {}) {
  const response = await send("/api/commands", typeof body === "string" ? body : JSON.stringify(body), headers);
  return { status: response.status, body: JSON.parse(await response.text()) as Record<string, string> };
}
const pin = { command: "pin", environment: "house", predictor: "recall", author: "me" };

beforeAll(async () => {
  server = await startRun(data, ["--no-sample", "--token", token, ...options]);
  await play(31);
  await until(async () => ((await models())?.versions.length ?? 0) >= 1, 15_000, "a version");
  await play(32);
  await until(async () => ((await models())?.versions.length ?? 0) >= 2, 15_000, "another version");
});
afterAll(async () => {
  await server.stop();
  folder.cleanup();
});

describe("a command", () => {
  it("that is not one is refused, and the answer names the key", async () => {
    for (const [body, status, message] of [
      ["not json", 400, /not JSON/],
      ["[]", 400, /a command is an object/],
      [{ ...pin, command: "restart" }, 400, /"pin", "unpin", .* or "restore-rule"/],
      // It was said that the author was missing.
      [{ command: "explode" }, 400, /"pin", "unpin", .* or "restore-rule"/],
      [{}, 400, /"pin", "unpin", .* or "restore-rule"/],
      [{ ...pin, author: undefined }, 400, /"author"/],
      [{ ...pin, predictor: 1 }, 400, /"predictor"/],
      [{ ...pin, versoin: "a" }, 400, /"versoin"/],
      [{ ...pin, environment: "" }, 400, /"environment"/],
      [{ ...pin, environment: "\ud800" }, 400, /surrogate/],
      [{ ...pin, command: "unpin", version: "a" }, 400, /"version"/],
      [{ ...pin, note: "x".repeat(20_000) }, 413, /too large/],
    ] as const) {
      const answer = await command(body);
      expect(answer.status, JSON.stringify(answer.body)).toBe(status);
      expect(answer.body["message"]).toMatch(message);
    }
    expect((await command(pin, { "content-type": "text/plain" })).status).toBe(415);
  });

  it("about what is not there is refused, and the answer says what is", async () => {
    const versions = (await models())?.versions ?? [];
    for (const [body, status, message] of [
      [{ ...pin, environment: "nowhere" }, 404, /nowhere; there are house, store/],
      [{ ...pin, predictor: "persistence" }, 404, /persistence has no version in house; there are recall/],
      [{ ...pin, version: "zzz" }, 404, new RegExp(`no version zzz .* ${versions.at(-1)?.version.slice(0, 12)}`)],
    ] as const) {
      const answer = await command(body);
      expect(answer.status).toBe(status);
      expect(answer.body["message"]).toMatch(message);
    }
    expect((await models())?.reference).toBeNull();
  });

  it("needs the token, and comes from no page of another origin", async () => {
    expect((await command(pin, { authorization: "Bearer wrong" })).status).toBe(401);
    const other = temporaryFolder();
    const open = await startRun(other.path);
    const from = (origin: string) =>
      fetch(`${open.address}/api/commands`, {
        method: "POST",
        headers: { "content-type": "application/json", origin },
        body: JSON.stringify(pin),
      });
    expect((await from("http://evil.example")).status).toBe(403);
    const asked = await from(open.address);
    expect(asked.status).toBe(404);
    expect(await asked.text()).toContain("there are none yet");
    await open.stop();
    other.cleanup();
  });

  it("is in the OpenAPI", async () => {
    const { paths } = JSON.parse(await text("/openapi.json"));
    expect(Object.keys(paths["/api/commands"].post.responses)).toEqual(expect.arrayContaining(["202", "404", "409"]));
  });
});

describe("a pin", () => {
  it("is answered once durable, with its version, and is then shown everywhere until it is lifted", async () => {
    const first = (await models())?.versions[0]?.version ?? "";
    const answer = await command({ ...pin, version: first.slice(0, 12), note: "before the release" });
    expect(answer).toEqual({
      status: 202,
      body: { command: "pin", environment: "house", predictor: "recall", version: first },
    });
    const written = await driftlineHere(["topics", "read", "commands", "--json", "--data-dir", data]);
    expect(JSON.parse(written.out).value).toMatchObject({
      command: "pin",
      undo: false,
      version: first,
      author: "me",
      note: "before the release",
    });
    await until(async () => (await models())?.reference?.version === first, 10_000, "the API shows it");
    expect((await models())?.reference).toEqual({ version: first, at: expect.any(Number), author: "me" });
    await play(33);
    const accuracy =
      /^driftline_next_state_accuracy_ratio\{environment="house",predictor="recall@reference",window="all"\} /m;
    await until(async () => accuracy.test(await text("/metrics")), 10_000, "the accuracy of the reference");
    const info = (role: string) =>
      `driftline_model_info{environment="house",predictor="recall",version="${first.slice(0, 12)}",role="${role}"} 1`;
    expect(await text("/metrics")).toContain(info("reference"));
    expect(await text("/metrics")).toMatch(/^driftline_model_info\{environment="house",.*role="live"\} 1$/m);
    const view = await until(
      async () => {
        const house = JSON.parse(await text("/api/status")).environments.find(
          (one: { environment: string }) => one.environment === "house",
        );
        const names = house.windows.at(-1).predictors.map((one: { predictor: string }) => one.predictor);
        return names.includes("recall@reference") ? { references: house.references, names } : null;
      },
      10_000,
      "the view of the page has the reference",
    );
    expect(view.references).toEqual([{ predictor: "recall", version: first, at: expect.any(Number), author: "me" }]);
    expect(view.names.indexOf("recall@reference")).toBe(view.names.indexOf("recall") + 1);
    await explained("h33-0", first);

    expect(await command({ ...pin, command: "unpin" })).toMatchObject({ status: 202, body: { version: first } });
    await until(async () => (await models())?.reference === null, 10_000, "it is lifted");
    expect(await command({ ...pin, command: "unpin" })).toMatchObject({ status: 409, body: { error: "not-pinned" } });
  });

  it("holds after kill -9", async () => {
    const { body } = await command(pin);
    await until(async () => (await models())?.reference?.version === body["version"], 10_000, "it is pinned");
    await server.kill();
    server = await startRun(data, ["--no-sample", "--token", token, ...options]);
    await until(async () => (await models())?.reference?.version === body["version"], 15_000, "it is still pinned");
    await play(34);
    const count = /^driftline_predictions_total\{environment="house",predictor="recall@reference",.*result="match"\}/m;
    await until(async () => count.test(await text("/metrics")), 15_000, "the reference predicts on");
  });
});

/** Of an episode, why the reference said what it said at a step that it answered: by the API, and on the command line. */
async function explained(episode: string, version: string): Promise<void> {
  const answered = async () => {
    for (let step = 0; ; step++) {
      const told = JSON.parse(await text(`/api/explain?environment=house&episode=${episode}&step=${step}`));
      if (told.predictions === undefined) return null;
      const its = told.predictions.find((one: { predictor: string }) => one.predictor === "recall@reference");
      if (its?.status === "answered") return { step, its };
    }
  };
  const { step, its } = await until(answered, 20_000, "a step that the reference answered");
  expect(its).toMatchObject({ version, why: null });
  expect(its.explanation.edits[0].expression).toMatch(/^as remembered: /);
  const words = ["explain", episode, String(step), "--predictor", "recall@reference", "--data-dir", data];
  const { out, code } = await driftlineHere(words);
  expect(code).toBe(0);
  expect(out).toContain(`recall@reference (${version.slice(0, 12)})`);
  expect(out).toContain("as remembered: ");
}

interface Rule {
  readonly id: string;
  readonly says: string;
  readonly ordered: { order: string; author: string } | null;
}

describe("the rules", () => {
  const rules = async (query = "", max = 200) =>
    JSON.parse(await text(`/api/rules?environment=house&max=${max}${query}`)) as {
      predictor: string;
      total: number;
      from: number;
      kinds: { kind: string; rules: number }[];
      rules: Rule[];
    };

  beforeAll(() => until(() => isLearnt("house", text), 20_000, "all is learnt: no other version comes"));

  it("are listed in words, by kind, by what they say, page by page", async () => {
    const all = await rules();
    expect(all.predictor).toBe("text-edits");
    expect(all.kinds.reduce((sum, one) => sum + one.rules, 0)).toBe(all.total);
    const answers = await rules("&kind=answer");
    expect(answers.total).toBe(all.kinds.find(({ kind }) => kind === "answer")?.rules);
    expect(answers.rules.every(({ says }) => says.startsWith("the answer is"))).toBe(true);
    const second = await rules("&kind=answer&from=1", 1);
    expect(second).toMatchObject({ total: answers.total, from: 1, rules: [answers.rules[1]] });
    const [first] = answers.rules;
    expect((await rules(`&find=${first?.id.toUpperCase()}`)).rules).toEqual([first]);
  });

  it("are refused with a reason where there are none", async () => {
    for (const [query, error] of [
      ["environment=nowhere", "unknown-model"],
      ["environment=house&predictor=recall", "no-rules"],
      ["environment=house&kind=wish", "bad-request"],
      ["environment=house&max=1000", "bad-request"],
      ["predictor=text-edits", "bad-request"],
    ])
      expect(JSON.parse(await text(`/api/rules?${query}`)), query).toMatchObject({ error });
  });

  it("are deleted and restored: by the API, and by the command line, which sends it to the server", async () => {
    const [first] = (await rules("&kind=answer")).rules;
    const order = { command: "delete-rule", environment: "house", rule: first?.id, author: "me" };
    expect(await command({ ...order, rule: "000000000000" })).toMatchObject({
      status: 404,
      body: { error: "unknown-rule" },
    });
    expect(await command({ ...order, command: "restore-rule" })).toMatchObject({
      status: 409,
      body: { error: "not-ordered" },
    });
    expect(await command({ ...order, note: 1 })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('"note"') },
    });
    expect((await command(order, { authorization: "Bearer wrong" })).status).toBe(401);
    expect(await command(order)).toEqual({
      status: 202,
      body: { command: "delete-rule", environment: "house", predictor: "text-edits", rule: first?.id },
    });
    const now = async () => (await rules(`&find=${first?.id}`)).rules[0]?.ordered ?? null;
    await until(async () => (await now())?.order === "delete", 10_000, "the next version follows it");
    const cli = (...args: string[]) => driftlineHere(["rules", ...args, "--data-dir", data, "--token", token]);
    const listed = await cli("house", "--find", first?.id ?? "");
    expect(listed.out).toContain(`rule ${first?.id}`);
    expect(listed.out).toMatch(/, deleted by me on \d{4}-/);
    const plain = JSON.parse((await cli("house", "--kind", "answer", "--json")).out);
    expect(plain).toMatchObject({ environment: "house", predictor: "text-edits", rules: expect.any(Array) });
    expect((await cli("restore", "house", first?.id ?? "")).out).toContain(
      "the next version that is announced follows it",
    );
    await until(async () => (await now()) === null, 10_000, "it is restored");
    expect(await cli("restore", "house", first?.id ?? "")).toMatchObject({
      code: 1,
      err: expect.stringContaining("neither"),
    });
    expect(await cli("pin", "house")).toMatchObject({ code: 2 });
    expect(await cli("nowhere")).toMatchObject({ code: 1, err: expect.stringContaining("nothing was learnt") });
    expect(await cli()).toMatchObject({ code: 2, err: expect.stringContaining("name the environment") });
  });
});
