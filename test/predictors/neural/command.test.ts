/** `driftline train`, in this process: what it refuses, what it writes, and that Ctrl-C loses nothing. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UsageError } from "../../../src/cli/arguments.ts";
import type { Host } from "../../../src/cli/host.ts";
import { trainCommand } from "../../../src/cli/train/train.ts";
import { decodeModel } from "../../../src/predictors/neural/file.ts";
import { lampEpisode } from "./toy.ts";

const folder = mkdtempSync(join(tmpdir(), "driftline-train-"));
const file = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(() => {
  const events = Array.from({ length: 14 }, (_, seed) => lampEpisode(seed)).flatMap((lessons) => {
    const [first] = lessons;
    if (first === undefined) return [];
    const { environment, episode, given } = first;
    const reset = { type: "reset", episode, environment, state: given.state, context: given.context };
    const steps = lessons.map((lesson, step) => {
      return { type: "step", episode, step, action: lesson.given.action, state: lesson.answer };
    });
    return [reset, ...steps, { type: "end", episode, success: true }];
  });
  writeFileSync(file("lamps.jsonl"), events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  writeFileSync(file("empty.jsonl"), "");
});

/** Stops as Ctrl-C does, at the first line that matches. */
async function driftlineTrain(args: readonly string[], stopAt?: RegExp) {
  const stop = new AbortController();
  const said = { out: "", err: "" };
  let seconds = 0;
  const host: Host = {
    argv: [],
    env: {},
    now: () => 0,
    // A minute a look: progress is told at every batch, checkpoints are written now and then.
    seconds() {
      seconds += 10;
      return seconds;
    },
    sleep: async () => {},
    out(line) {
      said.out += `${line}\n`;
    },
    err(line) {
      said.err += `${line}\n`;
      if (stopAt?.test(line) === true) stop.abort();
    },
    status() {},
    errIsTerminal: false,
    stop: stop.signal,
    version: "0",
  };
  const code = await trainCommand.run([...args, "--backend", "wasm"], host);
  return { ...said, code };
}

const tiny = ["--profile", "tiny", "--source", "32", "--output", "8", "--history", "0"];

describe("driftline train", () => {
  it("refuses by name what it cannot use", async () => {
    const data = ["--data", file("lamps.jsonl")];
    const out = ["--out", file("m.dln")];
    for (const [args, message] of [
      [out, /name what to learn from: --data FILE/],
      [data, /name the model file: --out FILE/],
      [["--data", "nowhere.jsonl", ...out], /there is no file nowhere\.jsonl/],
      [[...data, ...out, "--profile", "huge"], /--profile is one of cpu, gpu, tiny/],
      [[...data, ...out, "--minutes", "0"], /--minutes needs a number of at least/],
      [[...data, ...out, "--seed", "1.5"], /--seed needs a number/],
      [[...data, ...out, "--hide-context", "1"], /--hide-context needs a share .*; --no-context hides all of it/],
      [[...data, ...out, "--hide-context", "-0.1"], /--hide-context needs a share/],
      [[...data, ...out, "--resume"], /there is no .*m\.dln\.checkpoint to go on from/],
      [["--data", file("empty.jsonl"), ...out], /there is no step to learn from in .*empty\.jsonl \(0 events\)/],
    ] as const) {
      await expect(driftlineTrain(args), args.join(" ")).rejects.toThrow(message);
      await expect(driftlineTrain(args)).rejects.toBeInstanceOf(UsageError);
    }
  });

  it("writes the same file again, also when it was stopped in between and resumed", async () => {
    const base = ["--data", file("lamps.jsonl"), ...tiny, "--epochs", "2", "--seed", "5"];
    const whole = await driftlineTrain([...base, "--out", file("whole.dln")]);
    expect(whole.code, whole.err).toBe(0);
    expect(whole.out).toMatch(/whole\.dln: 0\.\d\d MB, held-out exact \d+\.\d % of \d+, \d+ batches/);
    expect(whole.err).toMatch(/lamps: \d+ steps of \d+ episodes; \d+ steps held out/);
    const stopped = await driftlineTrain([...base, "--out", file("half.dln")], /batch 3,/);
    expect(stopped.code).toBe(1);
    expect(stopped.err).toMatch(/stopped; .*half\.dln\.checkpoint holds the training: --resume goes on/);
    expect(existsSync(file("half.dln"))).toBe(false);
    const resumed = await driftlineTrain([...base, "--out", file("half.dln"), "--resume"]);
    expect(resumed.code, resumed.err).toBe(0);
    expect(Buffer.compare(readFileSync(file("half.dln")), readFileSync(file("whole.dln")))).toBe(0);
    const { environments, config, training } = decodeModel("whole.dln", readFileSync(file("whole.dln")));
    expect(training).toMatchObject({ seed: 5, contextHidden: 0.3 });
    expect(environments).toMatchObject([{ name: "lamps", kind: "observation" }]);
    expect(config).toMatchObject({ sourceMax: 32, outputMax: 8, historySteps: 0, context: true });
    const shown = [...base, "--hide-context", "0", "--out", file("half.dln")];
    await expect(driftlineTrain([...shown, "--resume"])).rejects.toThrow(
      /expected a training of these data and options/,
    );
    const other = [...base.slice(0, -1), "6", "--out", file("half.dln"), "--resume"];
    await expect(driftlineTrain(other)).rejects.toThrow(/expected a training of these data and options/);
  });
});
