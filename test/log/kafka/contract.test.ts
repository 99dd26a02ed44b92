/** The Kafka adapter: the contract, in both guarantees, against a real broker. */
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { describe } from "vitest";
import { openKafkaLog } from "../../../src/log/kafka/kafka-log.ts";
import { logContract } from "../../contract/log.ts";
import { defaultsOf } from "../../support/defaults.ts";
import { kafkaIsThere } from "../../support/kafka-jars.ts";
import { sharedKafka } from "../../support/shared-kafka.ts";

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {});
}

describe.runIf(kafkaIsThere())("on a real Kafka", () => {
  for (const guarantee of ["at-least-once", "exactly-once"] as const) {
    logContract(`kafka, ${guarantee}`, async () => {
      const brokers = [...(await sharedKafka())];
      const prefix = `contract-${randomBytes(4).toString("hex")}-`;
      // Heartbeats as often as the session allows: a rebalance takes a few of them.
      const options = { ...defaultsOf().log.kafka, brokers, guarantee, prefix, sessionMs: 3_000 };
      const open = () =>
        openKafkaLog({ options, readFile: () => "", onLog() {}, groups: [], config: () => ({}), now: Date.now, sleep });
      let log = await open();
      return {
        log,
        clock: null,
        async reopen() {
          await log.close();
          log = await open();
          return log;
        },
        cleanup: () => log.close(),
      };
    });
  }
});
