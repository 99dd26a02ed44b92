/** A stand before a real registry that hands everything on, or answers 500 as a registry does that has lost its store. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface RegistryRelay {
  readonly url: string;
  fail(is: boolean): void;
  close(): void;
}

export async function startRegistryRelay(registry: string): Promise<RegistryRelay> {
  let fails = false;
  const server = createServer(async (request, response) => {
    if (fails) return void response.writeHead(500).end('{"error_code":50001,"message":"store is gone"}');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = "GET", url = "" } = request;
    const headers = { "content-type": "application/json" };
    const body = chunks.length === 0 ? null : Buffer.concat(chunks);
    try {
      const answer = await fetch(`${registry}${url}`, { method, headers, body });
      response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
    } catch (error) {
      response.writeHead(502).end(String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fail(is) {
      fails = is;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
