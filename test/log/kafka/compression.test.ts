/** Compressed batches: as a real broker writes them (snappy-java, lz4-java, zstd-jni), and bombs. */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decompress, decompressedBytesMax } from "../../../src/log/kafka/compression.ts";
import { openKafkaLog } from "../../../src/log/kafka/kafka-log.ts";
import { defaultsOf } from "../../support/defaults.ts";
import { kafkaClient } from "../../support/kafka.ts";
import { kafkaIsThere } from "../../support/kafka-jars.ts";
import { sharedKafka } from "../../support/shared-kafka.ts";

describe.runIf(kafkaIsThere())("a topic that the broker compresses", () => {
  it("is read whatever it is compressed with", async () => {
    const brokers = await sharedKafka();
    const prefix = `zip-${randomBytes(3).toString("hex")}-`;
    const ways = ["gzip", "snappy", "lz4", "zstd"];
    const admin = kafkaClient(brokers).admin();
    await admin.connect();
    const topics = ways.map((way) => ({
      topic: `${prefix}${way}`,
      numPartitions: 1,
      configEntries: [{ name: "compression.type", value: way }],
    }));
    await admin.createTopics({ topics, waitForLeaders: true });
    await admin.disconnect();
    const log = await openKafkaLog({
      options: { ...defaultsOf().log.kafka, brokers: [...brokers], prefix },
      groups: [],
      config: () => ({}),
      readFile: () => "",
      onLog: () => {},
      now: Date.now,
      sleep: (ms) => sleep(ms),
    });
    try {
      // Short and long, that repeat and that do not: literals, matches, several blocks.
      const values = [Buffer.from("a"), Buffer.alloc(300_000, "state "), randomBytes(100_000), Buffer.alloc(0)];
      for (const topic of ways) {
        await log.append(values.map((value, at) => ({ topic, key: `k${at}`, partition: 0, value })));
        const limits = { recordsMax: 100, bytesMax: 8_388_608 };
        const found = await log.read(topic, 0, 0, limits, 0);
        expect(found.map(({ key }) => key)).toEqual(["k0", "k1", "k2", "k3"]);
        for (const [at, { value }] of found.entries())
          expect(Buffer.compare(value ?? Buffer.alloc(9), values[at] ?? Buffer.alloc(9)), `${topic} ${at}`).toBe(0);
      }
    } finally {
      await log.close();
    }
  });
});

describe("a bomb", () => {
  it("is refused before it fills the memory", () => {
    expect(() => decompress(gzipSync(Buffer.alloc(decompressedBytesMax + 1)), 1)).toThrow(/larger than/);
    // A bare snappy block that says it is of 256 MB.
    expect(() => decompress(Buffer.from([0xff, 0xff, 0xff, 0x7f, 0]), 2)).toThrow(/too big/);
    // The head of an lz4 frame that says so of its content.
    const lz4 = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x68, 0x40, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0]);
    expect(() => decompress(lz4, 3)).toThrow(/has more than/);
    // Zstandard frames with run-length blocks of 128 KB each.
    const run = Buffer.from([0x02, 0x00, 0x10, 0x00]);
    const frame = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]), ...Array.from({ length: 1_100 }, () => run)];
    expect(() => decompress(Buffer.concat(frame), 4)).toThrow(/has more than/);
  });
});
