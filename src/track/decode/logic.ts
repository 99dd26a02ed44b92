/**
 * From the bytes of one `interactions` record to an event that pairing can use: Avro or JSON, checked, with its JSON parsed once. Pure;
 * whatever is wrong is a verdict with a reason.
 */
import { CodecError, codecs, framingOf } from "../../codec/codecs.ts";
import type { DeadLetterReason } from "../../codec/dead-letter-reasons.ts";
import { interactionProblem, validateEvent } from "../../codec/events.ts";
import type { Interaction, Model } from "../../codec/records.ts";
import { JsonRejected, jsonLimits, parseCanonical, parseJson } from "../../json/canonical.ts";
import type { Json, JsonText, Patch } from "../../json/json.ts";
import { parsePatch } from "../../json/patch.ts";
import type { LogRecord } from "../../log/port.ts";

/** An event of an agent, ready for pairing. */
export interface Event {
  readonly record: LogRecord;
  readonly interaction: Interaction;
  readonly action: Json;
  /** Parsed `state`; undefined where the event has none. */
  readonly state: Json | undefined;
  readonly patch: Patch | null;
  readonly intermediatePatch: Patch | null;
}

export type Decoded =
  | { readonly form: "event"; readonly event: Event }
  | { readonly form: "tick" }
  | { readonly form: "model"; readonly model: Model }
  /** The model is pinned as its predictor's reference from here on, or (`model.reference.pinned` false) no longer is. */
  | { readonly form: "reference"; readonly model: Model }
  | {
      readonly form: "dead";
      readonly reason: DeadLetterReason;
      readonly message: string;
      readonly environment: string | null;
      readonly episode: string | null;
    };

const utf8 = new TextDecoder("utf-8", { fatal: true });
/** An event may hold state, context and meta, each up to the limit of one value. */
const eventLimits = { ...jsonLimits, bytesMax: 4 * jsonLimits.bytesMax, depthMax: jsonLimits.depthMax + 1 };

export function decodeRecord(record: LogRecord, clockAheadMs: number): Decoded {
  if (record.value === null) return dead("undecodable", "the record has no value", null);
  const framing = framingOf(record.value);
  switch (framing) {
    case "json":
      return decodeJson(record, record.value, clockAheadMs);
    case "single-object":
      return decodeAvro(record, record.value, clockAheadMs);
    case "confluent":
      return record.refused === undefined
        ? dead(
            "no-registry",
            "Confluent framing (first byte 00), but no schema registry is configured: --registry URL",
            null,
          )
        : dead(record.refused.reason, record.refused.message, null);
    default:
      return dead("undecodable", "neither Avro (C3 01) nor JSON ({): check the producer's serializer", null);
  }
}

function decodeJson(record: LogRecord, value: Uint8Array, clockAheadMs: number): Decoded {
  let parsed: Json;
  try {
    parsed = parseJson(utf8.decode(value), eventLimits);
  } catch (error) {
    if (error instanceof JsonRejected) {
      return dead(error.reason === "syntax" ? "undecodable" : rejection(error), `the event is ${error.message}`, null);
    }
    return dead("undecodable", "the bytes are not UTF-8", null);
  }
  const verdict = validateEvent(parsed);
  if (verdict.ok) return eventOf(record, verdict.interaction, clockAheadMs, JSON.parse);
  return dead(verdict.reason, verdict.message, parsed);
}

function decodeAvro(record: LogRecord, value: Uint8Array, clockAheadMs: number): Decoded {
  let interaction: Interaction;
  try {
    interaction = codecs.interaction.decode(value);
  } catch (error) {
    if (error instanceof CodecError) return dead("undecodable", error.message, null);
    throw error;
  }
  const { type } = interaction;
  if ((type === "tick" || type === "model") && record.key !== null)
    return dead("invalid", `"${type}" is a control record: only the pipeline writes it, and without a key`, null);
  if (type === "tick") return { form: "tick" };
  if (type === "model") {
    const { announcement, reference } = interaction;
    if (announcement !== null) return { form: "model", model: announcement };
    if (reference !== null) return { form: "reference", model: reference };
    return dead("invalid", "a model record announces a model", null);
  }
  const problem = interactionProblem(interaction);
  if (problem !== null) return { form: "dead", reason: "invalid", message: problem.message, ...namesOf(interaction) };
  return eventOf(record, interaction, clockAheadMs, (text) => canonicalOf(text));
}

function eventOf(
  record: LogRecord,
  given: Interaction,
  clockAheadMs: number,
  parse: (text: JsonText) => Json,
): Decoded {
  const refuse = (reason: DeadLetterReason, message: string): Decoded => ({
    form: "dead",
    reason,
    message,
    ...namesOf(given),
  });
  if (given.time !== null && given.time > record.timestamp + clockAheadMs) {
    const seconds = Math.round((given.time - record.timestamp) / 1000);
    return refuse("clock", `the event's time is ${seconds} s ahead of the log's: set the producer's clock`);
  }
  try {
    const action = given.action === null ? null : parse(given.action);
    const state = given.state === null ? undefined : parse(given.state);
    const patch = given.patch === null ? null : patchOf(parse(given.patch));
    const intermediatePatch = given.intermediatePatch === null ? null : patchOf(parse(given.intermediatePatch));
    for (const text of [given.context, given.meta]) if (text !== null) parse(text);
    return { form: "event", event: { record, interaction: given, action, state, patch, intermediatePatch } };
  } catch (error) {
    if (error instanceof JsonRejected) return refuse(rejection(error), error.message);
    if (error instanceof PatchRejected) return refuse("invalid", error.message);
    throw error;
  }
}

/** Texts in Avro must be canonical already: equality of texts is equality of values everywhere behind this. */
function canonicalOf(text: JsonText): Json {
  const { value, canonical } = parseCanonical(text);
  if (!canonical) throw new JsonRejected("syntax", `not canonical JSON text (RFC 8785): ${text.slice(0, 60)}`);
  return value;
}

class PatchRejected extends Error {
  override readonly name = "PatchRejected";
}

function patchOf(value: Json): Patch {
  const parsed = parsePatch(value);
  if (parsed.ok) return parsed.patch;
  throw new PatchRejected(`"patch": ${parsed.message}`);
}

function rejection(error: JsonRejected): DeadLetterReason {
  return error.reason === "too-large" || error.reason === "too-deep" ? "too-large" : "invalid";
}

function namesOf({ environment, episode }: Interaction) {
  return { environment, episode: episode === "" ? null : episode };
}

/** Names of an event that is not valid, as far as they can be read: for whoever looks for it. */
function dead(reason: DeadLetterReason, message: string, value: Json): Decoded & { readonly form: "dead" } {
  return {
    form: "dead",
    reason,
    message,
    environment: nameIn(value, "environment"),
    episode: nameIn(value, "episode"),
  };
}

function nameIn(value: Json, key: string): string | null {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return null;
  const found = Object.entries(value).find(([name]) => name === key)?.[1];
  return typeof found === "string" && found.length <= 512 ? found : null;
}
