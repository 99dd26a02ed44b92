/**
 * A bounded look into `interactions` and `outcomes`: keys in the wrong partition, records that nobody can read, and whether retention keeps
 * the longest episode.
 */
import { topicCodecs } from "../../codec/codecs.ts";
import { framingOf } from "../../codec/framing.ts";
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

export async function checkSample(look: Look): Promise<readonly Check[]> {
  const count = await look.partitions("interactions");
  const samples = await Promise.all(Array.from({ length: count }, (_, at) => sampleOf(look, "interactions", at)));
  const records = samples.flatMap(({ old, fresh }) => [...old, ...fresh]);
  return [checkPlaces(records, count), checkBytes(records), await checkRetention(look, samples)];
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

function checkBytes(records: readonly LogRecord[]): Check {
  const reasons = new Map<string, number>();
  for (const { value } of records) {
    const reason = value === null ? "no value" : unreadable(value);
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

function unreadable(value: Uint8Array): string | null {
  switch (framingOf(value)) {
    case "single-object":
      try {
        topicCodecs.interactions.decode(value);
        return null;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    case null:
      return "neither Avro nor JSON";
    default:
      return null;
  }
}

/** Longest of the newest outcomes, and of the episodes that both ends of a partition know. */
async function checkRetention(look: Look, samples: readonly Sample[]): Promise<Check> {
  const retentionMs = look.retentionMs;
  let longestMs = 0;
  for (const { old, fresh } of samples) {
    const first = new Map<string, number>();
    for (const { key, timestamp } of old) if (key !== null && !first.has(key)) first.set(key, timestamp);
    for (const { key, timestamp } of fresh)
      longestMs = Math.max(longestMs, timestamp - (first.get(key ?? "") ?? timestamp));
  }
  let outcomes = 0;
  for (let at = 0; at < (await look.partitions("outcomes")); at++) {
    const { start, end } = await look.range("outcomes", at);
    for (const { value } of await take(look, "outcomes", at, Math.max(start, end - newestMax), end)) {
      if (value === null || framingOf(value) !== "single-object") continue;
      const { startedAt, time } = topicCodecs.outcomes.decode(value) as { startedAt: number; time: number };
      longestMs = Math.max(longestMs, time - startedAt);
      outcomes += 1;
    }
  }
  const how = `of ${outcomes} newest outcomes, and of episodes in the oldest ${oldestMax} and newest ${newestMax} records of each partition`;
  const means = `interactions keep ${said(retentionMs)}; the longest episode ${how}, took ${said(longestMs)}`;
  const mend = "raise retention.ms in topics/interactions.json, then driftline topics apply";
  if (retentionMs < longestMs) return bad("retention", `${means}: such episodes cannot be caught up`, mend);
  if (retentionMs < 2 * longestMs) return warn("retention", means, mend);
  return ok("retention", means);
}

function said(ms: number): string {
  return ms === Number.POSITIVE_INFINITY ? "for ever" : duration(ms / 1_000);
}
