/** `driftline run` on a real Kafka: three processes share the work, one is killed, and no step is lost; commands work without a data folder. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Running, startRun, temporaryFolder, until } from "../support/driftline.ts";
import { driftlineHere } from "../support/driftline-here.ts";
import { kafkaIsThere } from "../support/kafka-jars.ts";
import { sharedKafka } from "../support/shared-kafka.ts";

const folder = temporaryFolder();
const running: Running[] = [];
afterAll(async () => {
  await Promise.all(running.map((one) => one.stop()));
  folder.cleanup();
});

const episodes = 40;
const steps = 10;
const lines = (run: string) =>
  Array.from({ length: episodes }, (_, at) => {
    const episode = `${run}-${at}`;
    return [
      { type: "reset", episode, environment: `shop-${at % 3}`, state: { count: 0 } },
      ...Array.from({ length: steps }, (_none, step) => {
        return { type: "step", episode, step, action: "add", state: { count: step + 1 } };
      }),
      { type: "end", episode, success: true },
    ];
  }).flat();

describe.runIf(kafkaIsThere())("several processes on one Kafka", () => {
  it("share the work, survive the death of one, and answer what they run", { timeout: 120_000 }, async () => {
    const kafka = [
      ...["--log", "kafka", "--brokers", (await sharedKafka()).join(",")],
      ...["--log-kafka-prefix", `run-${randomBytes(3).toString("hex")}-`, "--log-kafka-session-ms", "3000"],
    ];
    const start = async (name: string, only: string) => {
      const one = await startRun(join(folder.path, name), [...kafka, "--only", only]);
      running.push(one);
      return one;
    };
    // At once, as an orchestrator starts them: all find that the topics are missing.
    const [serve, first, second] = await Promise.all([
      start("serve", "serve"),
      start("first", "track,learn"),
      start("second", "track,monitor"),
    ]);
    const ready = async (one: Running) => ((await fetch(`${one.address}/readyz`)).ok ? true : null);
    await Promise.all([serve, first, second].map((one) => until(() => ready(one), 30_000, "all have joined")));
    const said = "this process runs track and learn; others must run monitor and serve";
    await until(async () => first.output().includes(said), 5_000, said);
    expect((await fetch(`${first.address}/api/status`)).status).toBe(404);

    const send = (run: string) =>
      fetch(`${serve.address}/v1/interactions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(lines(run)),
      });
    const count = (run: number) =>
      until(
        async () => {
          const view = (await (await fetch(`${serve.address}/api/status`)).json()) as {
            totals: { outcomes: number; deadLetters: number };
            lag: { records: number }[];
          };
          return view.totals.outcomes >= run * episodes && view.lag.every(({ records }) => records === 0) ? view : null;
        },
        60_000,
        `${run} rounds are processed`,
      );
    expect((await send("a")).status).toBe(202);
    expect((await count(1)).totals).toMatchObject({ outcomes: episodes, deadLetters: 0 });
    const owns = async (one: Running) =>
      /driftline_interactions_total\{/.test(await (await fetch(`${one.address}/metrics`)).text()) || null;
    await Promise.all([first, second].map((one) => until(() => owns(one), 10_000, "it has taken events")));

    expect((await send("b")).status).toBe(202);
    running.splice(running.indexOf(second), 1);
    await second.kill();
    await start("third", "track,monitor");
    const { totals } = await count(2);
    expect(totals.deadLetters).toBe(0);

    // At least once: what is written twice has the same identity, and is one step.
    const read = await driftlineHere(["topics", "read", "transitions", "--json", ...kafka]);
    expect(read.err).toBe("");
    const seen = new Set(
      read.out
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line).value)
        .map(({ episode, step }) => `${episode} ${step}`),
    );
    expect(seen.size).toBe(2 * episodes * steps);
    const counted = await driftlineHere(["topics", "count", ...kafka]);
    expect(counted.out).toMatch(/^transitions +4 /m);
    expect((await driftlineHere(["pin", "--list", ...kafka])).code).toBe(0);
    expect((await driftlineHere(["explain", "a-0", "3", ...kafka])).out).toContain("persistence");
    const reset = await driftlineHere(["reset", "monitor", "--to", "end", ...kafka]);
    expect(reset.err).toContain("stop every process that runs it first");
  });
});
