/** What a request to acknowledge an alarm or to renew a baseline comes to: a `command` record, or a refusal that says what there is. */
import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { codecs } from "../codec/codecs.ts";
import type { Command } from "../codec/records.ts";
import type { OutRecord } from "../log/port.ts";
import type { Readable } from "../run/manifests.ts";
import { readAlarms, readBaselines } from "./alarms.ts";

const text = (description: string) => Type.String({ minLength: 1, maxLength: 256, description });
const note = Type.Optional(Type.Union([Type.String({ maxLength: 1_000 }), Type.Null()], { description: "Why." }));

export const acknowledgeSchema = Type.Object(
  {
    command: Type.Literal("acknowledge"),
    environment: text("Name of the environment."),
    alarm: text("Id of an open alarm."),
    author: text("Who asks."),
    note,
  },
  { additionalProperties: false },
);
export const rebaselineSchema = Type.Object(
  {
    command: Type.Literal("rebaseline"),
    environment: text("Name of the environment."),
    predictor: text("A reference that has a baseline: recall@reference."),
    author: text("Who asks."),
    note,
  },
  { additionalProperties: false },
);
export type DriftRequest = Static<typeof acknowledgeSchema> | Static<typeof rebaselineSchema>;

/** The answer to a request that is taken. */
export interface Accepted {
  readonly command: DriftRequest["command"];
  readonly environment: string;
  readonly alarm?: string;
  readonly predictor?: string;
}

export type DriftPlan =
  | { readonly ok: true; readonly record: OutRecord; readonly accepted: Accepted }
  | { readonly ok: false; readonly status: 400 | 404 | 409; readonly error: string; readonly message: string };

const namesShownMax = 10;

/** Null: it is another command. */
export async function planDriftCommand(body: unknown, log: Readable, nowMs: number): Promise<DriftPlan | null> {
  const name = typeof body === "object" && body !== null && "command" in body ? body.command : null;
  if (name !== "acknowledge" && name !== "rebaseline") return null;
  const schema = name === "acknowledge" ? acknowledgeSchema : rebaselineSchema;
  if (Value.Check(acknowledgeSchema, body)) {
    const { environment, alarm: wanted } = body;
    if (!isWellFormed(body)) return refuse(400, "invalid", "a text holds half of a surrogate pair");
    const alarms = await readAlarms(log, environment);
    const open = alarms.filter(({ status }) => status !== "recovered").map(({ id }) => id);
    const found = alarms.find(({ id }) => id === wanted);
    if (found === undefined)
      return refuse(404, "unknown-alarm", `no alarm ${wanted} in ${environment}; open are ${list(open)}`);
    if (found.status === "recovered")
      return refuse(409, "recovered", `the alarm ${wanted} has recovered; open are ${list(open)}`);
    return planned(body, wanted, null, nowMs);
  }
  if (Value.Check(rebaselineSchema, body)) {
    const { environment, predictor } = body;
    if (!isWellFormed(body)) return refuse(400, "invalid", "a text holds half of a surrogate pair");
    const known = (await readBaselines(log, environment)).map((one) => one.predictor);
    if (known.includes(predictor)) return planned(body, predictor, predictor, nowMs);
    return refuse(404, "unknown-baseline", `${predictor} has no baseline in ${environment}; there are ${list(known)}`);
  }
  const [first] = [...Value.Errors(schema, body)].sort((a, b) => a.path.length - b.path.length);
  return refuse(400, "invalid", `"${first?.path.slice(1) ?? ""}": ${first?.message.toLowerCase() ?? "not valid"}`);
}

function planned(body: DriftRequest, target: string, predictor: string | null, nowMs: number): DriftPlan {
  const { command, environment, author } = body;
  const record: Command = {
    environment,
    command,
    target,
    author,
    time: nowMs,
    note: body.note ?? null,
    predictor,
    version: null,
    undo: false,
    order: null,
    rule: null,
  };
  const value = codecs.command.encode(record);
  const accepted = { command, environment, ...(predictor === null ? { alarm: target } : { predictor }) };
  return { ok: true, accepted, record: { topic: "commands", key: environment, partition: null, value } };
}

function isWellFormed(body: DriftRequest): boolean {
  return Object.values(body).every((one) => one === null || one.isWellFormed());
}

function list(names: readonly string[]): string {
  if (names.length === 0) return "none";
  const more = names.length - namesShownMax;
  return names.slice(0, namesShownMax).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function refuse(status: 400 | 404 | 409, error: string, message: string): DriftPlan {
  return { ok: false, status, error, message };
}
