/**
 * `driftline run` dies by `kill -9` under load, again and again, and is started anew each time: nothing acknowledged is lost, nothing is
 * derived twice, and what it leaves behind is byte for byte one uninterrupted fold of its input. `DRIFTLINE_RUN_KILLS` sets how many.
 */
import { join } from "node:path";
import { expect, it } from "vitest";
import { openFolderBlobs } from "../../src/blobs/folder.ts";
import { loadConfig } from "../../src/config.ts";
import { openEmbeddedLog } from "../../src/log/embedded/embedded-log.ts";
import { essenceOf, problemsOf } from "../crash/compare.ts";
import { createPipeline, readTopic, recordOf } from "../crash/pipeline.ts";
import { seeded } from "../crash/random.ts";
import { type Event, worldEvents } from "../crash/world.ts";
import { type Running, startRun, temporaryFolder, until } from "../support/driftline.ts";

const kills = Number(process.env["DRIFTLINE_RUN_KILLS"] ?? 8);
const partitions = 3;
const flags = [
  "--no-sample",
  "--log-partitions",
  String(partitions),
  "--learn-publish-interval-ms",
  "500",
  "--learn-transitions-min",
  "20",
];
const batchEvents = 40;

/** True once durable; false where the process died under it: the batch is sent again. */
async function send(server: Running, events: readonly Event[]): Promise<boolean> {
  const response = await fetch(`${server.address}/v1/interactions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(events),
  }).catch(() => null);
  if (response === null) return false;
  if (response.status === 202) return true;
  if (response.status !== 429) throw new Error(`${response.status}: ${await response.text()}`);
  return false;
}

it(`leaves the topics of a clean run after ${kills} deaths under load`, { timeout: 20 * 60_000 }, async () => {
  const folder = temporaryFolder();
  const random = seeded(17);
  const events = worldEvents(17, { eventsMin: kills * 800, stepsMax: 30 });
  let server = await startRun(folder.path, flags);
  let deaths = 0;
  for (let at = 0; at < events.length; ) {
    if (deaths < kills && at >= ((deaths + 1) * events.length) / (kills + 1)) {
      // In the middle of requests and commits.
      const under = send(server, events.slice(at, at + batchEvents));
      await new Promise((resolve) => setTimeout(resolve, random.below(30)));
      await server.kill();
      await under;
      deaths++;
      server = await startRun(folder.path, flags);
    }
    if (await send(server, events.slice(at, at + batchEvents))) at += batchEvents;
  }
  await until(
    async () => {
      const view = (await (await fetch(`${server.address}/api/status`)).json()) as { lag: { records: number }[] };
      return view.lag.every(({ records }) => records === 0);
    },
    60_000,
    "everything is processed",
  );
  // Answers that never came are waited for; what that ends must still reach the baselines, which are written once a second.
  const options = loadConfig({ flags, env: {}, readFile: () => null });
  await new Promise((resolve) => setTimeout(resolve, options.track.predictDeadlineMs + 3_000));
  expect(await server.stop()).toBe(0);
  expect(deaths).toBe(kills);

  const log = await openEmbeddedLog({ dir: join(folder.path, "log"), mode: "read", now: Date.now });
  const blobs = await openFolderBlobs(join(folder.path, "blobs"));
  expect(await problemsOf({ log, blobs, options, partitions, defects: [] })).toEqual([]);
  expect(await readTopic(log, "dead-letters")).toEqual([]);

  const clean = await createPipeline();
  for (let at = 0; at < events.length; at += 500) {
    await clean.append(events.slice(at, at + 500).map((event) => recordOf(event, false)));
    for (const slot of clean.slots) while ((await clean.step(slot)) > 0);
  }
  await clean.settle();
  expect(await essenceOf(log)).toEqual(await essenceOf(clean.log));
  await log.close();
  folder.cleanup();
});
