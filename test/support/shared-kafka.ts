/** The broker that all test files of a run share; `KAFKA_BROKERS` (host:port with commas) names one of the user's instead. */
import { inject } from "vitest";

export async function sharedKafka(): Promise<readonly string[]> {
  const own = process.env["KAFKA_BROKERS"];
  if (own !== undefined) return own.split(",");
  const response = await fetch(inject("kafkaHost"));
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text);
}
