/** A real HTTP server before Driftline that says once "429, try again in a second" and hands everything else on: what a busy Driftline does. */
import { createServer, type IncomingMessage } from "node:http";

export interface BusyServer {
  readonly address: string;
  /** Milliseconds between the refusal and the next request; null while there was none. */
  waitedMs(): number | null;
  /** Requests handed on. */
  handedOn(): number;
  close(): Promise<void>;
}

export async function startBusyServer(driftline: string): Promise<BusyServer> {
  let refusedAt: number | null = null;
  let waited: number | null = null;
  let handedOn = 0;
  const server = createServer((request, response) => {
    void bodyOf(request).then(async (body) => {
      if (refusedAt === null) {
        refusedAt = performance.now();
        response.writeHead(429, { "retry-after": "1", "content-type": "application/json" });
        response.end(JSON.stringify({ error: "busy", message: "try again" }));
        return;
      }
      waited ??= performance.now() - refusedAt;
      handedOn += 1;
      const contentType = request.headers["content-type"] ?? "";
      const answer = await fetch(`${driftline}${request.url}`, {
        method: request.method ?? "POST",
        headers: { "content-type": contentType },
        body: new Uint8Array(body),
      });
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(await answer.text());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bound = server.address();
  return {
    address: `http://127.0.0.1:${typeof bound === "object" && bound !== null ? bound.port : 0}`,
    waitedMs: () => waited,
    handedOn: () => handedOn,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
