/**
 * A bounded look into `interactions` and `outcomes`: keys in the wrong partition, records that nobody can read, and whether retention keeps
 * the longest episode.
 */
import { codecs } from "../../codec/codecs.ts";
import { framingOf } from "../../codec/framing.ts";
import { isRefused, NoTopic } from "../../log/kafka/errors.ts";
import { partitionOf } from "../../log/murmur2.ts";
import type { LogRecord } from "../../log/port.ts";
import { duration } from "../progress.ts";
import { bad, type Check, ok, warn } from "./check.ts";
import type { Look } from "./look.ts";

/** Oldest and newest records of each partition that are looked at. */
const oldestMax = 200;
const newestMax = 1_000;
const limits = { recordsMax: 1_000, bytesMax: 8_388_608 };

interface Sample {
  readonly old: readonly LogRecord[];
  readonly fresh: readonly LogRecord[];
}

/** `hasRegistry`: records in Confluent framing that were not read are the registry's trouble, which another check says. */
export async function checkSample(look: Look, hasRegistry: boolean): Promise<readonly Check[]> {
  const count = await look.partitions("interactions");
  const samples = await Promise.all(Array.from({ length: count }, (_, at) => sampleOf(look, "interactions", at)));
  const records = samples.flatMap(({ old, fresh }) => [...old, ...fresh]);
  return [checkPlaces(records, count), checkBytes(records, hasRegistry), await checkRetention(look, samples)];
}

async function sampleOf(look: Look, topic: string, partition: number): Promise<Sample> {
  const { start, end } = await look.range(topic, partition);
  const from = Math.max(start, end - newestMax);
  return {
    old: await take(look, topic, partition, start, Math.min(from, start + oldestMax)),
    fresh: await take(look, topic, partition, from, end),
  };
}

async function take(look: Look, topic: string, partition: number, from: number, to: number): Promise<LogRecord[]> {
  const taken: LogRecord[] = [];
  for (let at = from; at < to; ) {
    const records = await look.read(topic, partition, at, limits);
    const last = records.at(-1);
    if (last === undefined) break;
    taken.push(...records.filter(({ offset }) => offset < to));
    at = last.offset + 1;
  }
  return taken;
}

function checkPlaces(records: readonly LogRecord[], partitions: number): Check {
  const keyed = records.filter(({ key }) => key !== null);
  const misplaced = keyed.filter(({ key, partition }) => partitionOf(key ?? "", partitions) !== partition);
  if (misplaced.length === 0) return ok("keys", `${keyed.length} sampled records lie in the partitions of their keys`);
  const example = misplaced[0];
  return bad(
    "keys",
    `${misplaced.length} of ${keyed.length} sampled records lie elsewhere than murmur2 of their keys says (${example?.key} in ${example?.partition}): an episode may be divided`,
    "producer: partitioner=murmur2_random (librdkafka), or let Java and kafkajs choose the partition",
  );
}

function checkBytes(records: readonly LogRecord[], hasRegistry: boolean): Check {
  const reasons = new Map<string, number>();
  for (const { value, refused } of records) {
    const reason = refused?.message ?? (value === null ? "no value" : unreadable(value, hasRegistry));
    if (reason !== null) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  if (reasons.size === 0) return ok("schemas", `${records.length} sampled records can be read`);
  const said = [...reasons].map(([reason, count]) => `${count}: ${reason}`).join("; ");
  return bad(
    "schemas",
    `sampled records that cannot be read: ${said}`,
    "driftline dead-letters list --reason undecodable",
  );
}

function unreadable(value: Uint8Array, hasRegistry: boolean): string | null {
  switch (framingOf(value)) {
    case "single-object":
      try {
        codecs.interaction.decode(value);
        return null;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    case "confluent":
      return hasRegistry ? null : "Confluent framing, but no schema registry is configured: --registry URL";
    case null:
      return "neither Avro nor JSON";
    default:
      return null;
  }
}

/** Longest of the newest outcomes, and of the episodes that both ends of a partition know. */
async function checkRetention(look: Look, samples: readonly Sample[]): Promise<Check> {
  const retentionMs = await look.retentionMs();
  const outcomes = await longestOutcome(look);
  const longestMs = Math.max(outcomes.longestMs, longestSampled(samples));
  const how = `of ${outcomes.count} newest outcomes and of those in both the oldest ${oldestMax} and the newest ${newestMax} records of a partition`;
  const means = `interactions are kept for ${said(retentionMs)}; the longest episode, ${how}, took ${said(longestMs)}`;
  const mend = "raise retention.ms in topics/interactions.json, then driftline topics apply";
  if (retentionMs < longestMs) return bad("retention", `${means}: such episodes cannot be caught up`, mend);
  if (retentionMs < 2 * longestMs) return warn("retention", means, mend);
  return ok("retention", means);
}

function longestSampled(samples: readonly Sample[]): number {
  let longestMs = 0;
  for (const { old, fresh } of samples) {
    const first = new Map<string, number>();
    for (const { key, timestamp } of old) if (key !== null && !first.has(key)) first.set(key, timestamp);
    for (const { key, timestamp } of fresh)
      longestMs = Math.max(longestMs, timestamp - (first.get(key ?? "") ?? timestamp));
  }
  return longestMs;
}

async function longestOutcome(look: Look): Promise<{ readonly count: number; readonly longestMs: number }> {
  let count = 0;
  let longestMs = 0;
  try {
    for (let at = 0; at < (await look.partitions("outcomes")); at++) {
      const { start, end } = await look.range("outcomes", at);
      for (const { value } of await take(look, "outcomes", at, Math.max(start, end - newestMax), end)) {
        if (value === null || framingOf(value) !== "single-object") continue;
        const { startedAt, time } = codecs.outcome.decode(value);
        longestMs = Math.max(longestMs, time - startedAt);
        count += 1;
      }
    }
  } catch (error) {
    // Who may not read outcomes goes by the sample of interactions alone, and says so: of 0 outcomes.
    if (!isRefused(error) && !(error instanceof NoTopic)) throw error;
  }
  return { count, longestMs };
}

function said(ms: number): string {
  return ms === Number.POSITIVE_INFINITY ? "for ever" : duration(ms / 1_000);
}
