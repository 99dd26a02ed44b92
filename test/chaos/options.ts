/** The options of `npm run chaos`. */
import { parseArgs } from "node:util";
import type { Guarantee } from "./run.ts";

export interface ChaosOptions {
  readonly seed: number;
  /** Per guarantee. The run ends after so many minutes, or when both counts are reached where they are given. */
  readonly minutes: number;
  readonly kills: number | null;
  readonly brokerKills: number | null;
  readonly brokers: 1 | 3;
  readonly guarantees: readonly Guarantee[];
  readonly eventsPerSecond: number;
  readonly faultEveryMs: readonly [number, number];
  /** A schema registry, which is down now and then; without, records are Avro single objects. */
  readonly registry: boolean;
  readonly write: boolean;
}

export const usage = `npm run chaos -- [options]

  --seed N              draws of workload and faults (default 1)
  --minutes N           length of the run of each guarantee (default 3)
  --kills N             instead: until N workers were killed ...
  --broker-kills M      ... and M brokers (default 0 where --kills is given)
  --brokers 1|3         size of the cluster (default 3)
  --guarantee G         at-least-once or exactly-once (default: one run of each)
  --rate N              events per second (default 120)
  --every LEAST-MOST    seconds between two faults (default 4-10)
  --registry            frame all records by a schema registry, which is down now and then
  --write               keep the report in test/bench/CHAOS.md`;

/** Throws with the usage for what it does not understand. */
export function optionsOf(argv: readonly string[]): ChaosOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seed: { type: "string", default: "1" },
      minutes: { type: "string", default: "3" },
      kills: { type: "string" },
      "broker-kills": { type: "string" },
      brokers: { type: "string", default: "3" },
      guarantee: { type: "string" },
      rate: { type: "string", default: "120" },
      every: { type: "string", default: "4-10" },
      registry: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) throw new Error(usage);
  const { guarantee, brokers } = values;
  const guarantees: readonly Guarantee[] = ["at-least-once", "exactly-once"];
  const chosen = guarantee === undefined ? guarantees : guarantees.filter((one) => one === guarantee);
  if (chosen.length === 0) throw new Error(`--guarantee: there is no ${guarantee}\n\n${usage}`);
  if (brokers !== "1" && brokers !== "3") throw new Error(`--brokers: 1 or 3, not ${brokers}\n\n${usage}`);
  const [least, most] = values.every.split("-").map((seconds) => number("--every", seconds) * 1_000);
  const kills = values.kills ?? values["broker-kills"];
  return {
    seed: number("--seed", values.seed),
    minutes: number("--minutes", values.minutes),
    kills: kills === undefined ? null : number("--kills", values.kills ?? "0"),
    brokerKills: kills === undefined ? null : number("--broker-kills", values["broker-kills"] ?? "0"),
    brokers: brokers === "1" ? 1 : 3,
    guarantees: chosen,
    eventsPerSecond: number("--rate", values.rate),
    faultEveryMs: [least ?? 4_000, most ?? least ?? 10_000],
    registry: values.registry,
    write: values.write,
  };
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new Error(`${name}: ${text} is no number\n\n${usage}`);
  return value;
}
