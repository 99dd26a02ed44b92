/** What the README asks a reader to send and to run, taken out of it and run as written: curl, the TypeScript agent, the Python agent. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../style/sources.ts";
import { metric, type Running, type Said, startRun, temporaryFolder, until } from "../support/driftline.ts";
import { requireTool } from "../support/require.ts";
import { atAddress, bash, blockIn, blocksIn, linesOf, readme, run } from "./blocks.ts";
import { startBusyServer } from "./busy-server.ts";

const folder = temporaryFolder();
const file = (name: string) => join(folder.path, name);
let server: Running;
beforeAll(async () => {
  server = await startRun(file("data"));
});
afterAll(async () => {
  await server.stop();
  folder.cleanup();
});

const exposition = async () => (await fetch(`${server.address}/metrics`)).text();
const missingIn = (text: string, promised: readonly string[]) => {
  const there = new Set(text.split("\n"));
  return promised.filter((line) => !there.has(line));
};
const sorted = (lines: readonly string[]) => [...lines].sort();

async function deadLetters(): Promise<number> {
  const view = (await (await fetch(`${server.address}/api/status`)).json()) as { totals: { deadLetters: number } };
  return view.totals.deadLetters;
}

/** Runs the section's two shell blocks; returns what the first one answered. The metrics must be the promised lines and no others. */
async function sendAndLook(section: string, promisedMin: number): Promise<string> {
  const [send = "", look = ""] = blocksIn(section, "sh", 2);
  const promised = linesOf(blockIn(section, "text"));
  expect(promised.length).toBeGreaterThanOrEqual(promisedMin);
  const sent = await bash(atAddress(send, server.address), folder.path);
  expect(sent).toMatchObject({ code: 0, err: "" });
  await until(async () => missingIn(await exposition(), promised).length === 0, 5_000, "the promised metrics").catch(
    async (error: unknown) => {
      expect(missingIn(await exposition(), promised), String(error)).toEqual([]);
    },
  );
  const shown = await bash(atAddress(look, server.address), folder.path);
  expect(sorted(linesOf(shown.out))).toEqual(sorted(promised));
  const altered = promised.map((line) => line.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)));
  expect(missingIn(await exposition(), altered), "an altered promise is noticed").toEqual(altered);
  return sent.out;
}

describe.runIf(requireTool("curl"))("the README's curl", () => {
  it("is answered as written, and the metrics are exactly the promised lines", async () => {
    const answered = await sendAndLook("Send an episode", 6);
    expect(answered).toBe(blockIn("Send an episode", "json"));
  });

  it("makes a consistency ratio of three arms", async () => {
    expect(await sendAndLook("Consistency ratio", 12)).toContain('{"accepted":108,"rejected":0,');
  });

  it("compares somebody's own model with the baseline", async () => {
    const answered = await sendAndLook("Compare your own model", 4);
    expect(JSON.parse(answered)).toEqual({ accepted: 6, rejected: 0, errors: [] });
  });
});

/** Each program plays 20 episodes of 10 steps, is refused once, waits as told, and must lose nothing. */
async function playsOn(environment: string, start: (address: string) => Promise<Said>): Promise<Said> {
  const busy = await startBusyServer(server.address);
  const before = await deadLetters();
  const said = await start(busy.address);
  await busy.close();
  expect(said.code, said.err).toBe(0);
  expect(busy.waitedMs(), "it waits for as long as Retry-After says").toBeGreaterThan(900);
  expect(busy.handedOn(), "it sends in batches").toBeLessThan(10);
  const series = `driftline_transitions_total{environment="${environment}",quality="ok"}`;
  await until(async () => (await metric(server.address, series)) === 200, 5_000, `200 transitions of ${environment}`);
  expect(await exposition()).toContain(
    `driftline_episodes_total{environment="${environment}",arm="real",ending="end"} 20`,
  );
  // The view of the API is made once a second.
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(await deadLetters()).toBe(before);
  return said;
}

const withMistake = (program: string, right: string, wrong: string) => {
  expect(program).toContain(right);
  return program.replace(right, wrong);
};

describe("the README's agent in TypeScript", () => {
  const program = blockIn("TypeScript", "ts");
  const compile = async (text: string) => {
    writeFileSync(file("agent.mts"), text);
    // The README's own command, with this checkout's compiler and the strictest checks added.
    const [, command = ""] = /`npx (tsc [^&`]+) && node agent\.mjs`/.exec(readme) ?? [];
    const [tsc, ...args] = command.split(" ");
    expect(tsc).toBe("tsc");
    const more = ["--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes", "--skipLibCheck"];
    const types = ["--types", "node", "--typeRoots", join(root, "node_modules/@types")];
    const main = join(root, "node_modules/typescript/bin/tsc");
    return run(process.execPath, [main, ...more, ...types, ...args], folder.path);
  };

  it("type-checks, sends every step, and waits when told to", async () => {
    const compiled = await compile(program);
    expect(compiled, compiled.out).toMatchObject({ code: 0, out: "" });
    const said = await playsOn("lift", async (address) => {
      writeFileSync(file("agent.mjs"), atAddress(readFileSync(file("agent.mjs"), "utf8"), address));
      return run(process.execPath, ["agent.mjs"], folder.path);
    });
    expect(linesOf(said.err)).toEqual(['driftline: 429 {"error":"busy","message":"try again"}']);
    expect(said.out).toBe("");
  });

  it("says what was refused", async () => {
    const broken = withMistake(readFileSync(file("agent.mjs"), "utf8"), 'type: "end"', 'type: "ende"');
    writeFileSync(file("broken.mjs"), broken.replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, server.address));
    const said = await run(process.execPath, ["broken.mjs"], folder.path);
    expect(said.err).toMatch(/driftline: 202 .*"rejected":\d+.*this is \\"ende\\"/);
  });

  it("would not pass with a type error in it", async () => {
    const compiled = await compile(`${program}const wrong: number = url;\n`);
    expect(compiled.code).not.toBe(0);
    expect(compiled.out).toContain("TS2322");
  });
});

describe.runIf(requireTool("python3"))("the README's agent in Python", () => {
  const program = blockIn("Python", "python");
  const start = (text: string) => {
    writeFileSync(file("agent.py"), text);
    return run("python3", ["agent.py"], folder.path);
  };

  it("sends every step, and waits when told to", async () => {
    const said = await playsOn("rooms", (address) => start(atAddress(program, address)));
    expect(linesOf(said.out)).toEqual(['driftline: 429 {"error":"busy","message":"try again"}']);
    expect(said.err).toBe("");
  });

  it("says what was refused", async () => {
    const said = await start(withMistake(atAddress(program, server.address), '"type": "end"', '"type": "ende"'));
    expect(said.out).toMatch(/driftline: \{.*'reason': 'invalid'.*ende/);
  });

  it("needs nothing but the standard library", () => {
    const modules = [...program.matchAll(/^(?:import|from) (.+)$/gm)].flatMap((match) => (match[1] ?? "").split(", "));
    expect(modules).toEqual(["json", "random", "time", "urllib.error", "urllib.request"]);
  });
});
