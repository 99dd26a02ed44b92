/** Remote predictors on the command line: which words are theirs, and what is said of wrong ones. */
import { Type } from "@sinclair/typebox";
import { describe, expect, it } from "vitest";
import { takeRemoteFlags } from "../../src/cli/remote-flags.ts";
import type { RemoteFactory } from "../../src/predictors/remote.ts";
import { remoteFactories } from "../../src/predictors/remote-registry.ts";

const taken = (line: string, own: readonly string[] = ["test", "limit"]) =>
  takeRemoteFlags(line.split(" "), remoteFactories, own);

describe("remote flags", () => {
  it("gives a predictor the flags after it that its kind knows, and leaves every other word", () => {
    const { predictors, rest } = taken(
      "--test a b --model of-the-command --predictor recall llama --model m.gguf --threads 2 --gpu false --data-dir d --limit 9",
    );
    expect(rest.join(" ")).toBe("--test a b --model of-the-command --predictor recall llama --data-dir d --limit 9");
    expect(predictors).toMatchObject({
      llama: { kind: "llama", model: "m.gguf", threads: 2, gpu: false, sequences: 4 },
    });
  });

  it("takes several, named apart, each with its own options", () => {
    const { predictors, rest } = taken(
      "--predictor small=openai --model m1 --url=http://127.0.0.1:1/v1 --predictor big=openai --model 4 --logprobs --shots retrieved",
    );
    expect(rest).toEqual(["--predictor", "small", "--predictor", "big"]);
    expect(predictors["small"]).toMatchObject({
      kind: "openai",
      model: "m1",
      url: "http://127.0.0.1:1/v1",
      logprobs: null,
    });
    // A model's name stays a text even where it looks like a number.
    expect(predictors["big"]).toMatchObject({ model: "4", logprobs: true, shots: "retrieved", maxTokens: 512 });
  });

  it("lets neural learn on, with how often and how much", () => {
    const { predictors } = taken(
      "--predictor deep=neural --tune --tune-interval-ms 60000 --predictor neural --model m.dln",
    );
    expect(predictors["deep"]).toMatchObject({ tune: true, tuneIntervalMs: 60_000, tuneStepsMin: 64 });
    expect(predictors["neural"]).toMatchObject({ model: "m.dln", tune: false });
    expect(() => taken("--predictor neural --tune-interval-ms 5")).toThrow(
      /--tune-interval-ms of neural: .*this is "5"/,
    );
  });

  it("reads lists as JSON", () => {
    const { predictors } = taken('--predictor llama --model m --adapters [{"file":"a.gguf"}]');
    expect(predictors["llama"]).toMatchObject({ adapters: [{ file: "a.gguf", scale: 1 }] });
  });

  it.each([
    ["--predictor llama", /predictor llama: model is missing: --model VALUE/],
    ["--predictor llama --model m --sequences many", /--sequences of llama: expected integer; this is "many"/],
    ["--predictor llama --model m --shots some", /--shots of llama: .*; one of none, paper, retrieved/],
    ["--predictor llama --model m --context-tokens 3", /--context-tokens of llama/],
    ["--predictor x=lama --model m", /there is no kind "lama"; there are neural, llama, openai/],
    ["--predictor openai --model a --predictor openai --model b", /there is one openai already; name this one/],
  ])("names what is wrong: %s", (line, message) => {
    expect(() => taken(line)).toThrow(message);
  });

  it("leaves options of the command's own name to the command", () => {
    const factory: RemoteFactory = {
      kind: "own",
      optionsSchema: Type.Object({ limit: Type.Integer({ default: 1 }) }, { additionalProperties: false }),
      batching: { max: 1, waitMs: 0, concurrency: 1 },
      historySteps: () => 0,
      isolated: false,
      open: () => Promise.reject(new Error("not opened here")),
    };
    const { predictors, rest } = takeRemoteFlags(["--predictor", "own", "--limit", "7"], [factory], ["limit"]);
    expect(predictors).toEqual({ own: { kind: "own", limit: 1 } });
    expect(rest).toEqual(["--predictor", "own", "--limit", "7"]);
  });

  it("says what is wrong and what is missing of one, all at once, each by its name", () => {
    const take = (...words: string[]) => takeRemoteFlags(["--predictor", ...words], remoteFactories, []).predictors;
    expect(take("a=openai", "--model", "gpt-4o")).toMatchObject({ a: { kind: "openai", temperature: 0 } });
    expect(() => take("a=openai")).toThrow(/^predictor a: model is missing: --model VALUE$/);
    expect(() => take("a=oracle")).toThrow(/no kind "oracle"/);
  });
});
