/**
 * Reads whole topics and the committed offsets of groups by Kafka's own Java client, read committed: neither the product's decoders nor
 * kafkajs, which lets aborted records through.
 */
import { spawn } from "node:child_process";
import { createReadStream, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { kafkaClassPath } from "../../support/kafka-jars.ts";

export interface Raw {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: Buffer | null;
}

export interface Dump {
  /** In order of partition and offset. Names are without the prefix. */
  readonly topics: ReadonlyMap<string, readonly Raw[]>;
  /** Per `TOPIC/PARTITION`: where what is decided ends, and where the log does. */
  readonly ends: ReadonlyMap<string, { readonly stable: number; readonly high: number }>;
  /** Per `GROUP TOPIC/PARTITION`. */
  readonly committed: ReadonlyMap<string, number>;
}

const source = new URL("Dump.java", import.meta.url).pathname;

export async function dump(
  brokers: readonly string[],
  prefix: string,
  topics: readonly string[],
  groups: readonly string[],
  file: string,
): Promise<Dump> {
  const far = (names: readonly string[]) => names.map((name) => `${prefix}${name}`).join(",");
  const options = ["-Xmx400m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dlog4j2.level=ERROR"];
  await java([...options, "-cp", await kafkaClassPath(), source, brokers.join(","), file, far(topics), far(groups)]);
  const read = await parse(file, (name) => name.slice(prefix.length));
  rmSync(file);
  return read;
}

async function parse(file: string, near: (name: string) => string): Promise<Dump> {
  const found = new Map<string, Raw[]>();
  const ends = new Map<string, { stable: number; high: number }>();
  const committed = new Map<string, number>();
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const [kind = "", one = "", two = "", three = "", four = "", key = "-", value = "-"] = line.split("\t");
    const topic = near(one);
    if (kind === "end") {
      found.set(topic, found.get(topic) ?? []);
      ends.set(`${topic}/${two}`, { stable: Number(three), high: Number(four) });
    } else if (kind === "committed") committed.set(`${topic} ${near(two)}/${three}`, Number(four));
    else {
      const records = found.get(topic) ?? [];
      found.set(topic, records);
      records.push({
        partition: Number(two),
        offset: Number(three),
        timestamp: Number(four),
        key: key === "-" ? null : Buffer.from(key, "base64").toString("utf8"),
        value: value === "-" ? null : Buffer.from(value, "base64"),
      });
    }
  }
  for (const records of found.values()) records.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
  return { topics: found, ends, committed };
}

function java(args: readonly string[]): Promise<void> {
  const child = spawn("java", args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`the dump ended with ${code}: ${said}`))));
  });
}
