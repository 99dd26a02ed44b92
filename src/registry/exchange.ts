/** One HTTP exchange with a registry. On node's own http, since `fetch` takes no authority to trust without another package. */
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";

export interface ExchangeOptions {
  /** PEM texts; undefined: the system's authorities, no certificate of ours. */
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}
export interface Answer {
  readonly status: number;
  readonly text: string;
}
export interface Exchanger {
  /** Rejects where there is no answer in time; an answer beyond the limit is cut off there. `body`: JSON text. */
  exchange(method: "GET" | "POST", url: string, body: string | null, timeoutMs: number): Promise<Answer>;
  close(): void;
}

/** More than any schema: a registry takes 1 MB at most. */
export const answerBytesMax = 4_194_304;
const socketsMax = 8;

class TimedOut extends Error {
  readonly code = "ETIMEDOUT";
}

export function createExchanger({ ca, cert, key, headers }: ExchangeOptions): Exchanger {
  const pool = { keepAlive: true, maxSockets: socketsMax };
  const http = new HttpAgent(pool);
  const https = new HttpsAgent({
    ...pool,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  });

  return {
    exchange(method, url, body, timeoutMs) {
      const secure = url.startsWith("https:");
      return new Promise((resolve, reject) => {
        const request = (secure ? httpsRequest : httpRequest)(url, {
          method,
          agent: secure ? https : http,
          headers: {
            accept: "application/vnd.schemaregistry.v1+json, application/json",
            ...(body === null ? {} : { "content-type": "application/vnd.schemaregistry.v1+json" }),
            ...headers,
          },
        });
        const timer = setTimeout(
          () => request.destroy(new TimedOut(`no answer within ${timeoutMs} ms`)),
          Math.max(1, timeoutMs),
        );
        const end = (act: () => void) => {
          clearTimeout(timer);
          act();
        };
        request.on("error", (error) => end(() => reject(error)));
        request.on("response", (response) => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          const whole = () => ({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") });
          response.on("data", (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes <= answerBytesMax) return void chunks.push(chunk);
            // Cut off it is not JSON any more, which is what it is refused for.
            end(() => resolve({ status: response.statusCode ?? 0, text: `more than ${answerBytesMax} bytes` }));
            request.destroy();
          });
          response.on("error", (error) => end(() => reject(error)));
          response.on("end", () => end(() => resolve(whole())));
        });
        request.end(body ?? undefined);
      });
    },
    close() {
      http.destroy();
      https.destroy();
    },
  };
}
