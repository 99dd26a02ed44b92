/** For one run of all tests: one broker, started when the first file asks for it, ended with the run. Files keep apart by `log.kafka.prefix`. */
import type { TestProject } from "vitest/node";
import { startKafka } from "./kafka.ts";
import { onDemand } from "./on-demand.ts";

declare module "vitest" {
  interface ProvidedContext {
    kafkaHost: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const host = await onDemand(
    () => startKafka(),
    ({ brokers }) => brokers,
  );
  project.provide("kafkaHost", host.address);
  return host.stop;
}
