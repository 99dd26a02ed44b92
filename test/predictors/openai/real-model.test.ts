/** `openai` end to end: over real sockets to a server that computes with a real model, beside `llama` with the same file. */
import { Value } from "@sinclair/typebox/value";
import { expect, it } from "vitest";
import { llamaFactory } from "../../../src/predictors/llama/llama.ts";
import { llamaOptionsSchema } from "../../../src/predictors/llama/options.ts";
import { openaiFactory } from "../../../src/predictors/openai/openai.ts";
import { openaiOptionsSchema } from "../../../src/predictors/openai/options.ts";
import { smallModel } from "../../support/llama-peer.ts";
import { startLlamaServer } from "../../support/llama-server.ts";
import { testDeps } from "../../support/remote-deps.ts";
import { situationAfter } from "../../support/situations.ts";

const small = await smallModel();
const never = new AbortController().signal;
const walk = ["You are in the hall.", "go north", "You are in the garden.", "go south", "You are in the hall."];

it.runIf(small !== null)("says through a service what the model says in the process, and as surely", async () => {
  if (small === null) return;
  const server = await startLlamaServer(small);
  const deps = testDeps();
  const served = await openaiFactory.open(
    Value.Decode(
      openaiOptionsSchema,
      Value.Default(openaiOptionsSchema, {
        model: "smollm2",
        url: server.url,
        logprobs: true,
        maxTokens: 12,
        timeoutMs: 60_000,
      }),
    ),
    deps,
  );
  const inside = await llamaFactory.open(
    Value.Decode(
      llamaOptionsSchema,
      Value.Default(llamaOptionsSchema, {
        ...small,
        gpu: false,
        threads: 1,
        sequences: 1,
        contextTokens: 512,
        maxTokens: 12,
      }),
    ),
    testDeps(),
  );
  try {
    const situations = [situationAfter([...walk, "go north"])];
    const [theirs, ours] = [await served.predict(situations, never), await inside.predict(situations, never)];
    for (const [at, prediction] of theirs.entries()) {
      const own = ours[at];
      if (prediction.status !== "answered" || own?.status !== "answered")
        throw new Error(JSON.stringify([prediction, own]));
      expect(prediction.next).toEqual(own.next);
      expect(prediction.confidence).toBeCloseTo(own.confidence ?? -1, 1);
    }
    expect(theirs[0]).toMatchObject({ next: { stateText: '"You are in the garden."' } });
    expect(deps.counts.tokensOut).toBeGreaterThan(5);
    expect(deps.lines.join()).toContain("the service answers as smollm2-135m-instruct");
    const long = situationAfter(["word ".repeat(1_500), "look"]);
    expect(await served.predict([long], never)).toEqual([
      { status: "failed", reason: "the service refuses the request (400): maximum context length is 1024 tokens" },
    ]);
  } finally {
    await served.close();
    await inside.close();
    await server.close();
  }
});
