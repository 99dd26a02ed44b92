/**
 * `POST /v1/interactions`: an event, an array of events, or NDJSON, gzip or not. 202 only once durable. Good events are taken whatever
 * stands beside them; a bad one beside good ones also becomes a dead letter, so nothing is lost when nobody reads the answer.
 */
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { Type } from "@sinclair/typebox";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { eventSchema } from "../codec/event-table.ts";
import { type Log, LogBusy, type OutRecord } from "../log/port.ts";
import type { Metrics } from "../stats/metrics.ts";
import { deadLetter, linesOf, type Taken, takeEvent, takeLine } from "./logic.ts";
import type { IngestOptions } from "./options.ts";
import { createPressure } from "./pressure.ts";

const gunzipAsync = promisify(gunzip);

export interface IngestDeps {
  readonly log: Pick<Log, "append" | "lag">;
  readonly options: IngestOptions;
  readonly metrics: Metrics;
  readonly now: () => number;
  readonly breathe: () => Promise<void> | null;
  /** Called with the number of events that became durable. */
  readonly onAccepted?: (events: number) => void;
}

/** Errors listed in one answer; the rest are counted. */
const errorsShown = 100;

const answerSchema = Type.Object({
  accepted: Type.Integer({ description: "Events that are durable now." }),
  rejected: Type.Integer(),
  errors: Type.Array(
    Type.Object({
      index: Type.Integer(),
      key: Type.Union([Type.String(), Type.Null()]),
      reason: Type.String(),
      message: Type.String(),
    }),
    { description: `The first ${errorsShown}.` },
  ),
});
const refusalSchema = Type.Object({ error: Type.String(), message: Type.String() });

export function registerIngest(app: FastifyInstance, deps: IngestDeps): void {
  const { options } = deps;
  const pressure = createPressure(deps.log, options, deps.now);
  const requests = deps.metrics.counter("driftline_ingest_requests_total", "Requests, by status.", ["status"]);
  const events = deps.metrics.counter("driftline_ingest_events_total", "Events, by result.", ["result"]);
  const deadLetters = deps.metrics.counter(
    "driftline_dead_letters_total",
    "Records that could not be used, by stage and reason.",
    ["stage", "reason"],
  );
  deps.metrics.gauge("driftline_ingest_in_flight_bytes", "Bytes of requests being taken.", [], () => [
    { labels: {}, value: pressure.inFlight() },
  ]);

  const raw = { parseAs: "buffer", bodyLimit: options.bodyBytesMax } as const;
  app.removeAllContentTypeParsers();
  for (const type of ["application/json", "application/x-ndjson", "application/ndjson", "application/jsonl"]) {
    app.addContentTypeParser(type, raw, (_request, body, done) => done(null, body));
  }

  app.post(
    "/v1/interactions",
    {
      bodyLimit: options.bodyBytesMax,
      schema: {
        summary: "Send interaction events",
        description:
          "One event, an array, or NDJSON (application/x-ndjson), optionally gzip. 202 once durable; errors are per event.",
        consumes: ["application/json", "application/x-ndjson"],
        body: Type.Union([eventSchema, Type.Array(eventSchema)]),
        response: {
          202: answerSchema,
          400: Type.Union([answerSchema, refusalSchema]),
          413: refusalSchema,
          415: refusalSchema,
          429: refusalSchema,
          503: refusalSchema,
        },
      },
      // The body is bytes here; `validateEvent` is the one check.
      validatorCompiler: () => () => true,
    },
    async (request, reply) => {
      const status = await answer(request, reply);
      requests.add({ status: String(status) });
      return reply;
    },
  );

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<number> {
    const body = request.body instanceof Buffer ? request.body : Buffer.alloc(0);
    const refusal = await pressure.refuse(body.length);
    if (refusal !== null) return busy(reply, refusal.message, refusal.retryAfterSeconds);
    pressure.enter(body.length);
    try {
      return await take(request, reply, body);
    } catch (error) {
      if (error instanceof LogBusy) return busy(reply, `${error.message}: repeat the request after the given time`, 2);
      throw error;
    } finally {
      pressure.leave(body.length);
    }
  }

  async function take(request: FastifyRequest, reply: FastifyReply, sent: Buffer): Promise<number> {
    const inflated = await inflate(request, sent, options.inflatedBytesMax);
    if (!inflated.ok) return refuse(reply, inflated.status, inflated.error, inflated.message);
    const parsed = parseBody(inflated.body, request.headers["content-type"] ?? "", options.eventBytesMax);
    if (!parsed.ok) return refuse(reply, 400, "not-json", parsed.message);
    const taken: Taken[] = [];
    for (const next of parsed.events) {
      if (taken.length >= options.eventsMax) {
        return refuse(
          reply,
          413,
          "too-many-events",
          `a request has at most ${options.eventsMax} events: split it (ingest.eventsMax)`,
        );
      }
      taken.push(next);
      const pause = deps.breathe();
      if (pause !== null) await pause;
    }
    if (taken.length === 0) return refuse(reply, 400, "empty", "the request has no events");
    const good = taken.flatMap((one) => (one.ok ? [one.record] : []));
    const bad = taken.filter((one) => !one.ok);
    const records: OutRecord[] = [...good, ...(good.length === 0 ? [] : bad.map((one) => deadLetter(one, deps.now())))];
    if (records.length > 0) await deps.log.append(records);
    events.add({ result: "accepted" }, good.length);
    events.add({ result: "rejected" }, bad.length);
    if (good.length > 0) for (const { error } of bad) deadLetters.add({ stage: "ingest", reason: error.reason });
    if (good.length > 0) deps.onAccepted?.(good.length);
    const status = good.length > 0 ? 202 : 400;
    const errors = bad.slice(0, errorsShown).map((one) => one.error);
    await reply.code(status).send({ accepted: good.length, rejected: bad.length, errors });
    return status;
  }
}

type Inflated =
  | { readonly ok: true; readonly body: Buffer }
  | { readonly ok: false; readonly status: number; readonly error: string; readonly message: string };

async function inflate(request: FastifyRequest, body: Buffer, bytesMax: number): Promise<Inflated> {
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding === "identity") return { ok: true, body };
  if (encoding !== "gzip") {
    return {
      ok: false,
      status: 415,
      error: "unsupported-encoding",
      message: `content-encoding ${encoding} is not known: use gzip or none`,
    };
  }
  try {
    return { ok: true, body: await gunzipAsync(body, { maxOutputLength: bytesMax }) };
  } catch (error) {
    const tooLarge = error instanceof RangeError;
    return tooLarge
      ? {
          ok: false,
          status: 413,
          error: "too-large",
          message: `the body inflates beyond ${bytesMax} bytes: split it (ingest.inflatedBytesMax)`,
        }
      : { ok: false, status: 400, error: "not-gzip", message: "the body is not gzip, though content-encoding says so" };
  }
}

type Parsed =
  | { readonly ok: true; readonly events: Iterable<Taken> }
  | { readonly ok: false; readonly message: string };

function parseBody(body: Buffer, contentType: string, eventBytesMax: number): Parsed {
  if (!contentType.startsWith("application/json")) return { ok: true, events: takeLines(body, eventBytesMax) };
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    return {
      ok: false,
      message: `the body is not JSON (${why}); for one event a line send content-type application/x-ndjson`,
    };
  }
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return { ok: true, events: takeValues(values, eventBytesMax, body) };
}

function* takeLines(body: Buffer, eventBytesMax: number): Generator<Taken> {
  let index = 0;
  for (const line of linesOf(body)) yield takeLine(line, index++, eventBytesMax);
}

function* takeValues(values: readonly unknown[], eventBytesMax: number, body: Buffer): Generator<Taken> {
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    yield takeEvent(value, index, eventBytesMax, () => textOf(value, body).subarray(0, eventBytesMax));
  }
}

/** The text of one event of the body; of one that is nested too deep to be written again, the body itself. */
function textOf(value: unknown, body: Buffer): Buffer {
  try {
    return Buffer.from(JSON.stringify(value) ?? "null");
  } catch (error) {
    if (error instanceof RangeError) return body;
    throw error;
  }
}

async function refuse(reply: FastifyReply, status: number, error: string, message: string): Promise<number> {
  await reply.code(status).send({ error, message });
  return status;
}

async function busy(reply: FastifyReply, message: string, retryAfterSeconds: number): Promise<number> {
  await reply.code(429).header("retry-after", String(retryAfterSeconds)).send({ error: "busy", message });
  return 429;
}
