/** Limits of ingest: each is answered with a status that says what to do. */
import { type Static, Type } from "@sinclair/typebox";

export const ingestOptionsSchema = Type.Object(
  {
    bodyBytesMax: Type.Integer({
      default: 16_777_216,
      minimum: 1_024,
      description: "Largest request body as sent, in bytes (413 beyond).",
    }),
    inflatedBytesMax: Type.Integer({
      default: 67_108_864,
      minimum: 1_024,
      description: "Largest gzip body once inflated, in bytes (413 beyond).",
    }),
    eventBytesMax: Type.Integer({
      default: 2_097_152,
      minimum: 1_024,
      description: "Largest single event, in bytes of JSON.",
    }),
    eventsMax: Type.Integer({ default: 10_000, minimum: 1, description: "Most events per request (413 beyond)." }),
    inFlightBytesMax: Type.Integer({
      default: 134_217_728,
      minimum: 1_024,
      description: "Bytes of all requests being taken at one time (429 beyond).",
    }),
    lagMax: Type.Integer({
      default: 200_000,
      minimum: 1,
      description: "Records that the stages may be behind before ingest asks senders to wait (429).",
    }),
  },
  { additionalProperties: false },
);
export type IngestOptions = Static<typeof ingestOptionsSchema>;
