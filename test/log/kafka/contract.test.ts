/** The Kafka adapter: the contract, in both guarantees, against a real broker. */
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { Value } from "@sinclair/typebox/value";
import { openKafkaLog } from "../../../src/log/kafka/kafka-log.ts";
import { kafkaOptionsSchema } from "../../../src/log/kafka/options.ts";
import { logContract } from "../../contract/log.ts";

for (const guarantee of ["at-least-once", "exactly-once"] as const) {
  logContract(`kafka, ${guarantee}`, async () => {
    const prefix = `t${randomBytes(4).toString("hex")}.`;
    const options = {
      ...(Value.Default(kafkaOptionsSchema, {}) as never as import("../../../src/log/kafka/options.ts").KafkaOptions),
      brokers: ["127.0.0.1:19092"],
      guarantee,
      prefix,
      sessionMs: 6_000,
    };
    const open = () =>
      openKafkaLog({
        options,
        readFile: () => "",
        onLog: (level, message, fields) => {
          if (process.env["KLOG"]) console.log(level, message, JSON.stringify(fields));
        },
        groups: [],
        now: Date.now,
        sleep: async (ms, signal) =>
          void (await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {})),
      });
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
