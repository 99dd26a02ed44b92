/** The broker that all test files of a run share; `KAFKA_BROKERS` (host:port with commas) names one of the user's instead. */
import { inject } from "vitest";
import { ofDemand } from "./on-demand.ts";

export async function sharedKafka(): Promise<readonly string[]> {
  const own = process.env["KAFKA_BROKERS"];
  return own === undefined ? ((await ofDemand(inject("kafkaHost"))) as readonly string[]) : own.split(",");
}
