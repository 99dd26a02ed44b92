/**
 * A real language model in a process of its own, a service that speaks chat completions and the bundled network, all at once beside the
 * baseline: `driftline run` with the flags that a user gives, and all four on the page.
 */
import { expect, it } from "vitest";
import { metric, startRun, temporaryFolder, until } from "../support/driftline.ts";
import { smallModel } from "../support/llama-peer.ts";
import { startLlamaServer } from "../support/llama-server.ts";

const small = await smallModel();

interface Status {
  readonly environments: readonly {
    readonly environment: string;
    readonly windows: readonly { readonly predictors: readonly { readonly predictor: string }[] }[];
  }[];
}

it.runIf(small !== null)("stands on the page beside the baseline", { timeout: 180_000 }, async () => {
  if (small === null) return;
  const folder = temporaryFolder();
  const service = await startLlamaServer(small);
  const few = ["--max-tokens", "8", "--history-steps", "2"];
  const server = await startRun(folder.path, [
    ...["--no-sample", "--track-predict-deadline-ms", "120000"],
    ...["--predictor", "neural"],
    ...["--predictor", "llama", "--model", small.model, "--peers", small.peers, "--gpu", "false", "--threads", "1"],
    ...["--sequences", "1", "--context-tokens", "512", ...few],
    ...["--predictor", "served=openai", "--model", "smollm2", "--url", service.url, ...few],
  ]);
  try {
    const told = ["hall", "garden", "hall"].map((room) => `You are in the ${room}.`);
    const events = [
      { type: "reset", episode: "e", environment: "textworld", state: told[0] },
      { type: "step", episode: "e", step: 0, action: "go north", state: told[1] },
      { type: "step", episode: "e", step: 1, action: "go south", state: told[2] },
    ];
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify(events);
    expect((await fetch(`${server.address}/v1/interactions`, { method: "POST", headers, body })).status).toBe(202);
    const names = ["recall", "neural", "llama", "served"];
    await until(
      async () => {
        const status = (await (await fetch(`${server.address}/api/status`)).json()) as Status;
        const shown = status.environments.flatMap(({ windows }) => windows.at(-1)?.predictors ?? []);
        return names.every((name) => shown.some(({ predictor }) => predictor === name));
      },
      120_000,
      "all are on the page",
    );
    for (const name of ["llama", "served"]) {
      const written = `driftline_predict_tokens_total{predictor="${name}",direction="out"}`;
      expect(await metric(server.address, written), name).toBeGreaterThan(0);
    }
    const exposition = await (await fetch(`${server.address}/metrics`)).text();
    expect(exposition).toMatch(/driftline_backend_info\{predictor="llama",backend="cpu"/);
    expect(exposition).toMatch(/driftline_backend_info\{predictor="served",backend="http"/);
    expect(await server.stop()).toBe(0);
  } finally {
    await server.kill();
    await service.close();
    folder.cleanup();
  }
});
