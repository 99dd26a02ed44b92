/**
 * From an event as people write it to the record that travels, and back. Bad input is a verdict, never an exception; the message names
 * the key and says how to mend it.
 */

import { FormatRegistry } from "@sinclair/typebox";
import { TypeCompiler } from "@sinclair/typebox/compiler";
import { canonicalWithin, JsonRejected, jsonLimits } from "../json/canonical.ts";
import type { Json, JsonText } from "../json/json.ts";
import { parsePatch } from "../json/patch.ts";
import { isAnswerId } from "./answer-id.ts";
import { blankInteraction } from "./blank-interaction.ts";
import { type EventField, eventForms, eventTypeSchema, eventTypes, fieldsOf } from "./event-table.ts";
import type { EventType, Interaction } from "./records.ts";
import { bestOfName, isReferenceName } from "./reference-name.ts";

export type EventVerdict =
  | { readonly ok: true; readonly interaction: Interaction }
  | {
      readonly ok: false;
      readonly reason: "invalid" | "too-large";
      readonly message: string;
      /** The key at fault, where there is one. */
      readonly key: string | null;
    };
type Refusal = EventVerdict & { readonly ok: false };

const isoPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;
FormatRegistry.Set("date-time", (text) => isoPattern.test(text) && !Number.isNaN(Date.parse(text)));

const jsonFields = ["meta", "action", "state", "context"] as const;
const patchFields = ["patch", "intermediatePatch"] as const;
const plainFields = [
  "id",
  "environment",
  "trace",
  "step",
  "reward",
  "done",
  "task",
  "arm",
  "plan",
  "predictor",
  "model",
  "confidence",
  "status",
  "success",
  "reason",
] as const;

type Fields = Readonly<Record<string, unknown>>;
const forms = new Map<
  string,
  { readonly type: EventType; readonly fields: ReadonlySet<string>; check(value: Fields): Refusal | null }
>(
  eventTypes.map((type) => {
    const compiled = TypeCompiler.Compile(eventTypeSchema(type));
    const check = (value: Fields) => (compiled.Check(value) ? null : explain(compiled.Errors(value).First()));
    return [type, { type, fields: fieldsOf(type), check }];
  }),
);

/** Checks a parsed JSON value and makes the record of it. Never throws for bad input. */
export function validateEvent(value: unknown): EventVerdict {
  if (!isFields(value)) return refuse(null, "an event is a JSON object");
  const form = formOf(value["type"]);
  if ("ok" in form) return form;
  const problem = formProblem(value, form.type) ?? form.check(value);
  if (problem !== null) return problem;
  try {
    return { ok: true, interaction: toInteraction(value, form.type) };
  } catch (error) {
    if (error instanceof FieldRejected)
      return { ok: false, reason: error.reason, message: error.message, key: error.key };
    throw error;
  }
}

/** Checks a record that came as Avro: the same rules, but for JSON texts, which are left to the caller. Null: it is fine. */
export function interactionProblem(
  interaction: Interaction,
): { readonly message: string; readonly key: string | null } | null {
  const event: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(interaction)) {
    if (value !== null && !isControlField(field)) event[field] = placeholder(field, value);
  }
  const form = formOf(event["type"]);
  if ("ok" in form) return form;
  // Of a pinned version that answers by the log, which is ours too.
  return formProblem(event, form.type, isAnswerId(interaction.id)) ?? form.check(event);
}

/** The event as its author would write it: what reads the log shows, and what replays may send again. */
export function interactionToEvent(interaction: Interaction): Json {
  const event: Record<string, Json> = {};
  for (const [field, value] of Object.entries(interaction)) {
    if (value === null || field === "announcement" || field === "reference") continue;
    if (isJsonField(field)) event[field] = JSON.parse(value);
    else if (field === "agent" || field === "worldModel") {
      event[field] = value.version === null ? { name: value.name } : { name: value.name, version: value.version };
    } else event[field] = value;
  }
  return event;
}

/** What only control records have. */
function isControlField(field: string): boolean {
  return field === "announcement" || field === "reference";
}

function formOf(type: unknown) {
  const form = typeof type === "string" ? forms.get(type) : undefined;
  if (form !== undefined) return form;
  if (type === "model" || type === "tick")
    return refuse("type", `"${type}" is a control record: only the pipeline writes it`);
  return refuse("type", `"type" is one of ${eventTypes.join(", ")}; this is ${shown(type)}`);
}

/** What the JSON Schema's own messages would say badly: unknown keys, missing keys, and `state` or `patch`. */
function formProblem(value: Fields, type: EventType, isOurs = false): Refusal | null {
  const form = forms.get(type);
  for (const key of Object.keys(value)) {
    if (key !== "type" && form?.fields.has(key) !== true) {
      return refuse(key, `a ${type} event has no key "${shorten(key)}"; free JSON belongs in "meta"`);
    }
  }
  const { required, either } = eventForms[type];
  for (const key of ["episode", ...required]) {
    if (value[key] === undefined) return refuse(key, `a ${type} event needs "${key}"`);
  }
  const given = either.filter((key) => value[key] !== undefined);
  if (either.length > 0 && given.length !== 1) {
    const choice = new Intl.ListFormat("en", { type: "disjunction" }).format(either.map((key) => `"${key}"`));
    return refuse("state", `a ${type} event needs ${choice}${given.length === 0 ? "" : ", and only one of them"}`);
  }
  const { predictor } = value;
  if (typeof predictor === "string" && isReferenceName(predictor) && !isOurs)
    return refuse("predictor", '"predictor": names that end with @reference are those of pinned versions');
  if (predictor === bestOfName) return refuse("predictor", `"predictor": ${bestOfName} is the best of the others`);
  return null;
}

function toInteraction(event: Fields, type: EventType): Interaction {
  const record: { -readonly [K in keyof Interaction]: Interaction[K] } = {
    ...blankInteraction,
    type,
    episode: String(event["episode"]),
  };
  const target: Record<string, unknown> = record as unknown as Record<string, unknown>;
  for (const field of plainFields) {
    const value = event[field];
    if (value === undefined) continue;
    if (typeof value === "string" && !value.isWellFormed())
      throw new FieldRejected("invalid", field, `"${field}" holds a lone surrogate`);
    target[field] = value;
  }
  if (!record.episode.isWellFormed()) throw new FieldRejected("invalid", "episode", '"episode" holds a lone surrogate');
  for (const field of jsonFields) {
    if (event[field] !== undefined) target[field] = textOf(field, event[field]);
  }
  for (const field of patchFields) {
    if (event[field] === undefined) continue;
    const text = textOf(field, event[field]);
    const parsed = parsePatch(event[field]);
    if (!parsed.ok) throw new FieldRejected("invalid", field, `"${field}": ${parsed.message}`);
    target[field] = text;
  }
  record.time = timeOf(event["time"]);
  record.agent = namedOf(event["agent"]);
  record.worldModel = namedOf(event["worldModel"]);
  return record;
}

class FieldRejected extends Error {
  override readonly name = "FieldRejected";
  readonly reason: "invalid" | "too-large";
  readonly key: string;
  constructor(reason: "invalid" | "too-large", key: string, message: string) {
    super(message);
    this.reason = reason;
    this.key = key;
  }
}

function textOf(field: string, value: unknown): JsonText {
  try {
    const text = canonicalWithin(value, jsonLimits);
    if (text.length * 3 > jsonLimits.bytesMax && Buffer.byteLength(text) > jsonLimits.bytesMax) {
      throw new JsonRejected("too-large", `larger than ${jsonLimits.bytesMax} bytes`);
    }
    return text;
  } catch (error) {
    if (!(error instanceof JsonRejected)) throw error;
    const reason = error.reason === "too-large" || error.reason === "too-deep" ? "too-large" : "invalid";
    throw new FieldRejected(reason, field, `"${field}" is ${error.message}`);
  }
}

function timeOf(value: unknown): number | null {
  if (typeof value === "number") return value;
  return typeof value === "string" ? Date.parse(value) : null;
}

function namedOf(value: unknown): { readonly name: string; readonly version: string | null } | null {
  if (!isFields(value) || typeof value["name"] !== "string") return null;
  return { name: value["name"], version: typeof value["version"] === "string" ? value["version"] : null };
}

/** Avro holds JSON as text; the form asks only whether it is there, and patches are arrays. */
function placeholder(field: string, value: unknown): unknown {
  if (patchFields.some((one) => one === field)) return [];
  if (isJsonField(field)) return true;
  if (isFields(value) && value["version"] === null) return { name: value["name"] };
  return value;
}

function isJsonField(field: string): boolean {
  return jsonFields.some((one) => one === field) || patchFields.some((one) => one === field);
}

function explain(
  error: { readonly path: string; readonly message: string; readonly value: unknown } | undefined,
): Refusal {
  if (error === undefined) return refuse(null, "the event does not have the form of its type");
  const key = error.path.split("/")[1] ?? null;
  const what =
    key === "time"
      ? "expected ISO 8601 with a zone (2026-01-31T12:00:00Z) or epoch milliseconds"
      : error.message.toLowerCase();
  return refuse(key, `"${error.path.slice(1).replaceAll("/", ".")}": ${what}; this is ${shown(error.value)}`);
}

function refuse(key: string | null, message: string): Refusal {
  return { ok: false, reason: "invalid", message, key };
}

function shown(value: unknown): string {
  if (typeof value === "bigint" || typeof value === "function" || value === undefined) return String(value);
  return shorten(JSON.stringify(value));
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The fields of an event that are its own, for tests that hold the Avro schema against the table. */
export const interactionFields: readonly EventField[] = [
  "episode",
  "time",
  "agent",
  "worldModel",
  ...plainFields,
  ...jsonFields,
  ...patchFields,
];
