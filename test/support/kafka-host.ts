/** For one run of all tests: one broker, started when the first file asks for it, ended with the run. Files keep apart by `log.kafka.prefix`. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";
import { type KafkaCluster, startKafka } from "./kafka.ts";

declare module "vitest" {
  interface ProvidedContext {
    kafkaHost: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let cluster: Promise<KafkaCluster> | null = null;
  const server = createServer((_, response) => {
    cluster ??= startKafka();
    cluster.then(
      ({ brokers }) => response.end(JSON.stringify(brokers)),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  project.provide("kafkaHost", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return async () => {
    server.closeAllConnections();
    server.close();
    await (await cluster?.catch(() => null))?.stop();
  };
}
