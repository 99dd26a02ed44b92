/**
 * One request and its response. Whatever goes wrong is a named outcome, never an exception: the body is read up to a limit, must be UTF-8, and
 * redirects are not followed, since they would carry prompts elsewhere.
 */
import { linkSignals } from "../chat/linked-signal.ts";
import type { Endpoint } from "./endpoint.ts";

export type Outcome =
  | { readonly kind: "response"; readonly status: number; readonly retryAfterMs: number | null; readonly body: string }
  /** Worth another try. */
  | { readonly kind: "broken"; readonly reason: string }
  | { readonly kind: "unusable"; readonly reason: string }
  | { readonly kind: "aborted" };

export interface ExchangeLimits {
  readonly timeoutMs: number;
  readonly responseBytesMax: number;
  /** Epoch ms, for `Retry-After` with a date. */
  readonly now: () => number;
}

export async function exchange(
  endpoint: Endpoint,
  body: string,
  limits: ExchangeLimits,
  signal: AbortSignal,
): Promise<Outcome> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), limits.timeoutMs);
  const either = linkSignals(signal, timeout.signal);
  try {
    const response = await fetch(endpoint.url, {
      method: "POST",
      headers: endpoint.headers,
      body,
      redirect: "manual",
      signal: either.signal,
    });
    const bytes = await bytesOf(response, limits.responseBytesMax);
    if (bytes === null) {
      return {
        kind: "unusable",
        reason: `the response is larger than ${limits.responseBytesMax} bytes (responseBytesMax)`,
      };
    }
    const { status } = response;
    const retryAfterMs = retryAfter(response.headers.get("retry-after"), limits.now());
    try {
      return { kind: "response", status, retryAfterMs, body: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
    } catch {
      if (status !== 200) return { kind: "response", status, retryAfterMs, body: "" };
      return { kind: "unusable", reason: "the response is not UTF-8" };
    }
  } catch (error) {
    if (signal.aborted) return { kind: "aborted" };
    if (timeout.signal.aborted)
      return { kind: "broken", reason: `no response within ${limits.timeoutMs} ms (timeoutMs)` };
    return { kind: "broken", reason: `connection to ${endpoint.shown}: ${causeOf(error)}` };
  } finally {
    clearTimeout(timer);
    either.release();
  }
}

/** Null: larger than the limit; the rest is not read. */
async function bytesOf(response: Response, bytesMax: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > bytesMax) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3). */
function retryAfter(value: string | null, now: number): number | null {
  if (value === null) return null;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

/** What the HTTP client hides in causes: ECONNREFUSED, "other side closed". */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return "code" in cause ? String(cause.code) : cause.message;
  return error.message;
}
