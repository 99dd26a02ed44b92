/** Produce requests: byte for byte what kafkajs would send. */
import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { encodeProduce, type ProduceParameters } from "../../../src/log/kafka/produce-request.ts";

const load = createRequire(import.meta.url);
const Long = load("kafkajs/src/utils/long.js");
const ofKafkajs: (parameters: object) => { encode(): Promise<{ readonly buffer: Buffer }> } = load(
  "kafkajs/src/protocol/requests/produce/v3/request.js",
);

const now = 1_700_000_000_000;
const text = fc.string({ unit: "grapheme", maxLength: 200 });
const message = fc.record({
  key: fc.option(text, { nil: null }),
  value: fc.option(
    fc.oneof(
      text.map((one) => Buffer.from(one)),
      fc.constantFrom(63, 64, 8_191, 8_192, 70_000).map((length) => Buffer.alloc(length, 7)),
    ),
    { nil: null },
  ),
});
const partition = fc.record({
  partition: fc.nat(1_000),
  firstSequence: fc.nat(2 ** 31 - 1),
  messages: fc.array(message, { minLength: 1, maxLength: 140 }),
});
const topic = fc.record({
  topic: fc.stringMatching(/^[a-z.-]{1,40}$/),
  partitions: fc.array(partition, { minLength: 1, maxLength: 3 }),
});

describe("a Produce request", () => {
  it("has the bytes that kafkajs makes of the same records", async () => {
    vi.spyOn(Date, "now").mockReturnValue(now);
    const any = fc.record({
      acks: fc.constant(-1),
      timeout: fc.nat(100_000),
      transactionalId: fc.option(fc.string({ minLength: 1, maxLength: 60 }), { nil: null }),
      producerId: fc.bigInt({ min: -1n, max: 2n ** 60n }).map((id) => Long.fromValue(id)),
      producerEpoch: fc.integer({ min: -1, max: 32_767 }),
      topicData: fc.array(topic, { minLength: 1, maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(any, async (parameters: ProduceParameters) => {
        const theirs = await ofKafkajs(parameters).encode();
        expect(encodeProduce(parameters, now).equals(theirs.buffer)).toBe(true);
      }),
      { numRuns: 100, seed: 1 },
    );
  });
});
