/** A server on loopback that answers chat completions as a test says, faults included: real sockets, real bytes. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export interface ChatRequest {
  readonly headers: IncomingMessage["headers"];
  readonly body: {
    readonly model: string;
    readonly messages: readonly { readonly role: string; readonly content: string }[];
    readonly [key: string]: unknown;
  };
}
export type ChatAnswer = (response: ServerResponse, request: ChatRequest) => void | Promise<void>;

export interface ChatServer {
  /** Root of the API. */
  readonly url: string;
  readonly requests: readonly ChatRequest[];
  /** What is answered from now on: one after the other, the last for ever. */
  script(...answers: readonly ChatAnswer[]): void;
  close(): Promise<void>;
}

export async function startChatServer(...answers: readonly ChatAnswer[]): Promise<ChatServer> {
  const requests: ChatRequest[] = [];
  let waiting = [...answers];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const seen = { headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) };
    if (request.url !== "/v1/chat/completions") return void response.writeHead(404).end("{}");
    requests.push(seen);
    const answer = waiting.length > 1 ? waiting.shift() : waiting[0];
    await answer?.(response, seen);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    script(...next) {
      waiting = [...next];
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A completion as services write it. */
export function completion(text: string, more: { readonly choice?: object; readonly whole?: object } = {}): ChatAnswer {
  return json(200, {
    object: "chat.completion",
    model: "served-1",
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop", ...more.choice }],
    usage: { prompt_tokens: 100, completion_tokens: 10 },
    ...more.whole,
  });
}

export function json(status: number, body: object, headers: Readonly<Record<string, string>> = {}): ChatAnswer {
  return bytes(status, Buffer.from(JSON.stringify(body)), headers);
}

export function bytes(status: number, body: Buffer, headers: Readonly<Record<string, string>> = {}): ChatAnswer {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
  };
}
