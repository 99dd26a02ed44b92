/** Something costly that the whole run of tests shares: started when the first file asks for it over HTTP, ended with the run. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export async function onDemand<T extends { stop(): Promise<void> }>(
  start: () => Promise<T>,
  shown: (it: T) => unknown,
) {
  let started: Promise<T> | null = null;
  const server = createServer((_, response) => {
    started ??= start();
    started.then(
      (it) => response.end(JSON.stringify(shown(it))),
      (error) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await (await started?.catch(() => null))?.stop();
    },
  };
}

/** What the other side shows, once it is started. */
export async function ofDemand(address: string): Promise<unknown> {
  const response = await fetch(address);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text);
}
