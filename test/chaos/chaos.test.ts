/**
 * The chaos run in short: processes on a real broker that are killed, stopped beyond their session, leave and come back, exactly once. The long
 * one, with brokers that die and bad networks, is `npm run chaos`.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { temporaryFolder } from "../support/driftline.ts";
import { canStartKafka } from "../support/kafka-jars.ts";
import { requireTool } from "../support/require.ts";
import { sharedKafka } from "../support/shared-kafka.ts";
import { fewRoles } from "./roles.ts";
import { chaosRun } from "./run.ts";
import { createWorld } from "./world.ts";

const folder = temporaryFolder();
afterAll(() => folder.cleanup());
const seed = 3;
const forMs = 9_000;
const forMsMax = 60_000;
const needed = ["worker killed", "worker stopped and continued"] as const;

it.runIf(canStartKafka() && requireTool("javac"))(
  "leaves the topics of an undisturbed run, each record once",
  { timeout: 180_000 },
  async () => {
    const brokers = await sharedKafka();
    const said: string[] = [];
    const { verdict, faults, endedAlone } = await chaosRun({
      brokers,
      direct: brokers,
      cluster: null,
      brokerCount: 1,
      registry: null,
      prefix: `chaos-${randomBytes(3).toString("hex")}-`,
      guarantee: "exactly-once",
      seed,
      world: createWorld(seed, Date.now()),
      eventsPerSecond: 150,
      roles: fewRoles,
      sessionMs: 2_000,
      partitions: 2,
      folder: join(folder.path, "chaos"),
      faultEveryMs: [600, 1_200],
      goesOn: (counts, elapsedMs) =>
        elapsedMs < forMs || (elapsedMs < forMsMax && !needed.every((one) => counts.has(one))),
      clean: null,
      say: (line) => void said.push(line),
    });
    expect(verdict.findings, said.join("\n")).toEqual([]);
    expect(endedAlone, said.join("\n")).toEqual([]);
    expect([...faults.values()].reduce((sum, one) => sum + one, 0)).toBeGreaterThanOrEqual(3);
    expect([...faults.keys()]).toEqual(expect.arrayContaining([...needed]));
    expect(Math.min(verdict.counts["transitions"] ?? 0, verdict.counts["scores"] ?? 0)).toBeGreaterThan(100);
  },
);
