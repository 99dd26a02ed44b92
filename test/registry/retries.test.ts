/** What a registry is asked again is counted; other lines of the log's clients are not. */
import pino from "pino";
import { expect, it } from "vitest";

import { createSchemaRegistry } from "../../src/registry/client.ts";
import { createLogLines } from "../../src/runtime/reports.ts";
import { createPrometheus } from "../../src/stats/prometheus.ts";
import { defaultsOf } from "../support/defaults.ts";
import { freePorts } from "../support/ports.ts";

it("counts the requests that are made again while no registry answers", async () => {
  const prometheus = createPrometheus();
  const onLog = createLogLines(prometheus.metrics, pino({ level: "silent" }));
  onLog("warn", "a broker is gone", { broker: 1 });
  const [port] = await freePorts(1);
  const { log } = defaultsOf();
  let now = 0;
  const registry = createSchemaRegistry({
    options: { ...log.registry, url: [`http://127.0.0.1:${port}`], deadlineMs: 1_000 },
    readFile: () => "",
    now: () => now,
    async sleep(ms) {
      now += ms;
    },
    onLog,
  });
  await expect(registry.latest("steps")).rejects.toThrow(/tries: 4, within 1000 ms/);
  registry.close();
  expect(await prometheus.text()).toMatch(/^driftline_registry_retries_total 3$/m);
});
