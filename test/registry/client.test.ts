/** The client's failure modes, against a server that fails as it is told. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { loadConfig, shownConfig } from "../../src/config.ts";
import type { SchemaRegistry } from "../../src/registry/client.ts";
import { answerBytesMax } from "../../src/registry/exchange.ts";
import { temporaryFolder } from "../support/driftline.ts";
import { freePorts } from "../support/ports.ts";
import { registryClient } from "../support/registry-client.ts";
import { requireTool } from "../support/require.ts";

const folder = temporaryFolder();
afterAll(folder.cleanup);
const opened: { close(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

async function listening(server: Server, scheme = "http"): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push(server);
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers as told, in turn; the last answer stays. */
async function failing(...answers: readonly ((request: IncomingMessage, response: ServerResponse) => void)[]) {
  const asked: IncomingMessage[] = [];
  const url = await listening(
    createServer((request, response) => {
      asked.push(request);
      answers[Math.min(asked.length, answers.length) - 1]?.(request, response);
    }),
  );
  return { url, asked };
}
const answer =
  (status: number, body: unknown): RequestListener =>
  (_, response) =>
    void response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
const good = answer(200, { schema: '"string"' });
const schema = { type: "AVRO", text: '"string"' };
const client = (...args: Parameters<typeof registryClient>) => {
  const made = registryClient(...args);
  opened.push(made.registry);
  return made;
};
const failureOf = async (asking: Promise<unknown>) => {
  const error: unknown = await asking.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error("it did not fail");
  return { failure: "failure" in error ? error.failure : null, message: error.message };
};

describe("trouble that passes", () => {
  it("is asked again, with longer and longer waits, and told", async () => {
    const { url, asked } = await failing(answer(500, "oops"), answer(503, { message: "starting" }), good);
    const { registry, waits, said } = client([url]);
    expect(await registry.schema(7)).toEqual(schema);
    expect([asked.length, waits]).toEqual([3, [100, 200]]);
    expect(said[1]).toMatch(/answers 503 to GET \/schemas\/ids\/7 \(starting\)/);
  });

  it("ends at the deadline, with what the registry said last", async () => {
    const { url, asked } = await failing(answer(500, { error_code: 50001, message: "no space left" }));
    const { registry, waits } = client([url], { deadlineMs: 5_000 });
    const { failure, message } = await failureOf(registry.schema(7));
    expect(failure).toBe("failing");
    expect(message).toMatch(
      /answers 500 to GET \/schemas\/ids\/7 \(no space left\): see its log \(tries: 6, within 5000 ms\)/,
    );
    expect(asked.length).toBe(6);
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(5_000);
  });

  it("moves on to the next URL, and stays there", async () => {
    const [free = 0] = await freePorts(1);
    const { url, asked } = await failing(good);
    const { registry, waits } = client([`http://127.0.0.1:${free}`, url]);
    expect(await registry.schema(1)).toEqual(schema);
    expect(await registry.schema(2)).toEqual(schema);
    expect([asked.length, waits]).toEqual([2, []]);
  });

  it("is also a registry that is not there, or does not answer in time", async () => {
    const [free = 0] = await freePorts(1);
    const gone = client([`http://127.0.0.1:${free}`], { deadlineMs: 100 });
    expect(await failureOf(gone.registry.schema(1))).toEqual({
      failure: "unreachable",
      message: `the schema registry at http://127.0.0.1:${free} does not answer GET /schemas/ids/1 (ECONNREFUSED): start it, or mend log.registry.url (tries: 1, within 100 ms)`,
    });
    const slow = await failing(() => {});
    const { registry } = client([slow.url], { requestMs: 100, deadlineMs: 100 });
    expect(await failureOf(registry.schema(1))).toMatchObject({
      failure: "unreachable",
      message: expect.stringContaining("(ETIMEDOUT)"),
    });
    const halfway = await failing((_, response) => void response.writeHead(200).write('{"schema":'));
    const other = client([halfway.url], { requestMs: 100, deadlineMs: 100 });
    expect(await failureOf(other.registry.schema(1))).toMatchObject({ failure: "unreachable" });
  });
});

describe("trouble that does not pass", () => {
  const cases: readonly [string, RequestListener, string, RegExp][] = [
    [
      "401",
      answer(401, { message: "who?" }),
      "login",
      /refuses the login \(401, who\?\): mend log\.registry\.username/,
    ],
    ["403", answer(403, "no"), "login", /does not allow GET \/schemas\/ids\/7 \(403, no\)/],
    ["HTML", answer(200, "<html>"), "unusable", /is not of a schema registry \(200, <html>\).*ccompat/],
    ["JSON without a schema", answer(200, { a: 1 }), "unusable", /200, \{"a":1\}/],
    ["another 404", answer(404, "<html>not here"), "unusable", /404, <html>not here/],
    ["a 404 of the server", answer(404, { error_code: 404, message: "HTTP 404 Not Found" }), "unusable", /root of the/],
    ["a redirect", answer(302, ""), "unusable", /302/],
    ["an endless answer", answer(200, "x".repeat(answerBytesMax + 1)), "unusable", /more than 4194304 bytes/],
  ];
  it.each(cases)("is named and not asked again: %s", async (_, listener, failure, words) => {
    const { url, asked } = await failing(listener);
    const { registry } = client([url]);
    expect(await failureOf(registry.schema(7))).toEqual({ failure, message: expect.stringMatching(words) });
    expect(asked.length).toBe(1);
  });

  it("is told from a schema that is not there", async () => {
    const { url } = await failing(answer(404, { error_code: 40403, message: "Schema not found" }));
    expect(await client([url]).registry.schema(7)).toBe(null);
  });

  it("shows no password, though the registry repeats it", async () => {
    const { url, asked } = await failing((request, response) => {
      const sent = Buffer.from(request.headers.authorization?.slice(6) ?? "", "base64").toString();
      response.writeHead(401).end(JSON.stringify({ message: `bad login: ${sent}` }));
    });
    const { registry } = client([url], { username: "u", passwordFile: "secret.txt" }, () => "hunter-2\n");
    const { message } = await failureOf(registry.schema(7));
    expect(message).toContain("bad login: u:(password)");
    expect(asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from("u:hunter-2").toString("base64")}`);
  });
});

describe("what is asked", () => {
  const many = (registry: SchemaRegistry, ids: readonly number[]) => Promise.all(ids.map((id) => registry.schema(id)));

  it("is asked once at a time, and not again once it is known", async () => {
    const { url, asked } = await failing(good);
    const { registry } = client([url]);
    await many(registry, Array(10).fill(7));
    await registry.schema(7);
    expect(asked.length).toBe(1);
  });

  it("is forgotten beyond a bound, the oldest first", async () => {
    const { url, asked } = await failing(good);
    const { registry } = client([url]);
    await many(
      registry,
      Array.from({ length: 1_001 }, (_, id) => id),
    );
    await registry.schema(1_000);
    expect(asked.length).toBe(1_001);
    await registry.schema(0);
    expect(asked.length).toBe(1_002);
  });
});

describe.runIf(requireTool("keytool"))("TLS", () => {
  it("trusts the authority of the file, and says which option names it where it does not", async () => {
    const store = ["-keystore", join(folder.path, "r.p12"), "-storetype", "PKCS12", "-storepass", "changeit"];
    const names = ["-dname", "CN=localhost", "-ext", "SAN=dns:localhost,ip:127.0.0.1", "-ext", "bc:c"];
    const run = (args: readonly string[]) =>
      execFileSync("keytool", [...args, ...store, "-alias", "r"], { stdio: "pipe" });
    run(["-genkeypair", "-keyalg", "EC", "-validity", "30", ...names]);
    const pem = run(["-exportcert", "-rfc"]).toString();
    const pfx = readFileSync(join(folder.path, "r.p12"));
    const url = await listening(createTlsServer({ pfx, passphrase: "changeit" }, good), "https");
    const strange = client([url]);
    expect(await failureOf(strange.registry.schema(1))).toMatchObject({
      failure: "certificate",
      message: expect.stringMatching(/is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\).*log\.registry\.caFile/),
    });
    expect(await client([url], { caFile: "ca.pem" }, () => pem).registry.schema(1)).toEqual(schema);
    const plain = client([(await failing(good)).url.replace("http:", "https:")]);
    expect(await failureOf(plain.registry.schema(1))).toMatchObject({ message: expect.stringContaining("is it http") });
  });
});

describe("the options", () => {
  const load = (...flags: readonly string[]) =>
    loadConfig({ flags: ["--log", "kafka", "--brokers", "b:1", ...flags], env: {}, readFile: () => null });

  it("take several URLs, and hide the password", () => {
    const config = load(
      "--registry",
      "https://a:1,https://b:2/api",
      "--log-registry-username",
      "u",
      "--log-registry-password",
      "pw-0",
    );
    expect(config.log.registry.url).toEqual(["https://a:1", "https://b:2/api"]);
    expect(JSON.stringify(shownConfig(config))).not.toContain("pw-0");
  });

  const wrong: readonly [string, readonly string[], RegExp][] = [
    ["a login in the URL", ["--registry", "http://u:secret@a:1"], /url\.0: a login in the URL would be logged/],
    ["another scheme", ["--registry", "ftp://a:1"], /log\.registry\.url\.0/],
    ["a query", ["--registry", "http://a:1?x"], /no \? and no #/],
    [
      "a password in the clear",
      ["--registry", "http://a:1", "--log-registry-username", "u", "--log-registry-password", "x"],
      /use https/,
    ],
    [
      "a name without a password",
      ["--registry", "https://a:1", "--log-registry-username", "u"],
      /either a password or/,
    ],
    ["a CA without TLS", ["--registry", "http://a:1", "--log-registry-ca-file", "x"], /need a URL with https/],
    ["the embedded log", ["--registry", "http://a:1", "--log", "embedded"], /needs --log kafka/],
  ];
  it.each(wrong)("refuse %s", (_, flags, words) => {
    let message = "";
    try {
      load(...flags);
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(words);
    expect(message).not.toContain("secret");
  });
});
