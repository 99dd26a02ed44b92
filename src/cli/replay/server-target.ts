/** Replays to a server by HTTP, at the pace that it can take. */
import { gzipSync } from "node:zlib";
import type { LiveView } from "../../serve/views.ts";
import type { Host } from "../host.ts";
import { type Answer, accuracyOf, type ReplaySummary, type Target } from "./target.ts";

interface IngestAnswer {
  readonly accepted?: number;
  readonly rejected?: number;
  readonly message?: string;
  readonly errors?: readonly { readonly reason: string; readonly message: string }[];
}

const triesMax = 100;
const errorsShown = 5;

export async function serverTarget(address: string, token: string, host: Host): Promise<Target> {
  const base = address.replace(/\/$/, "");
  const authorization: Record<string, string> = token === "" ? {} : { authorization: `Bearer ${token}` };
  const before = await status();

  async function status(): Promise<LiveView | null> {
    const response = await fetch(`${base}/api/status`, { headers: authorization }).catch((error: unknown) => {
      throw new Error(`${base} does not answer: ${error instanceof Error ? error.message : String(error)}`);
    });
    if (response.status === 401) throw new Error(`${base} wants a token: --token or DRIFTLINE_TOKEN`);
    if (!response.ok) return null;
    const view: LiveView = JSON.parse(await response.text());
    return view;
  }

  async function post(body: Buffer, stop: AbortSignal): Promise<Response> {
    const headers = { ...authorization, "content-type": "application/x-ndjson", "content-encoding": "gzip" };
    for (let tries = 0; ; tries++) {
      const response = await fetch(`${base}/v1/interactions`, { method: "POST", headers, body: new Uint8Array(body) });
      if (response.status !== 429 || tries >= triesMax || stop.aborted) return response;
      await host.sleep(1000 * Number(response.headers.get("retry-after") ?? "1"), stop);
    }
  }

  return {
    async send(lines, stop): Promise<Answer> {
      const response = await post(
        gzipSync(Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")])), { level: 1 }),
        stop,
      );
      const answer: IngestAnswer = JSON.parse(await response.text());
      if (answer.accepted === undefined)
        throw new Error(`the server refused (${response.status}): ${answer.message ?? "no reason given"}`);
      const errors = (answer.errors ?? []).slice(0, errorsShown).map(({ reason, message }) => `${reason}: ${message}`);
      return { accepted: answer.accepted, rejected: answer.rejected ?? 0, errors };
    },
    async finish(stop): Promise<ReplaySummary> {
      // The view is made once a second: two of them in a row without lag say that everything is through.
      let still = 0;
      while (still < 3 && !stop.aborted) {
        const view = await status();
        still = view?.lag.every(({ records }) => records === 0) === true ? still + 1 : 0;
        await host.sleep(1_000, stop);
      }
      const view = await status();
      const reasons = (view?.deadLetters ?? []).map(({ reason, count }) => {
        return { reason, count: count - (before?.deadLetters.find((one) => one.reason === reason)?.count ?? 0) };
      });
      return {
        processed: still >= 3,
        transitions: (view?.totals.transitions ?? 0) - (before?.totals.transitions ?? 0),
        deadLetters: (view?.totals.deadLetters ?? 0) - (before?.totals.deadLetters ?? 0),
        reasons: reasons.filter(({ count }) => count > 0),
        accuracy: accuracyOf(view?.environments ?? []),
      };
    },
    async close() {},
  };
}
