/** What a request to acknowledge an alarm or to renew a baseline comes to: a `command` record, or a refusal that says what there is. */
import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { codecs } from "../codec/codecs.ts";
import type { Command } from "../codec/records.ts";
import type { OutRecord } from "../log/port.ts";
import type { Readable } from "../run/manifests.ts";
import { readAlarms, readBaselines } from "./alarms.ts";
import {
  commandOf,
  listed,
  nameField,
  noteField,
  type Refused,
  refuse,
  refuseBroken,
  refuseInvalid,
} from "./command-request.ts";

export const acknowledgeSchema = Type.Object(
  {
    command: Type.Literal("acknowledge"),
    environment: nameField("Name of the environment."),
    alarm: nameField("Id of an open alarm."),
    author: nameField("Who asks."),
    note: noteField,
  },
  { additionalProperties: false },
);
export const rebaselineSchema = Type.Object(
  {
    command: Type.Literal("rebaseline"),
    environment: nameField("Name of the environment."),
    predictor: nameField("A reference that has a baseline: recall@reference."),
    author: nameField("Who asks."),
    note: noteField,
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

export type DriftPlan = { readonly ok: true; readonly record: OutRecord; readonly accepted: Accepted } | Refused;

/** Null: it is another command. */
export async function planDriftCommand(body: unknown, log: Readable, nowMs: number): Promise<DriftPlan | null> {
  const name = commandOf(body);
  if (name !== "acknowledge" && name !== "rebaseline") return null;
  const schema = name === "acknowledge" ? acknowledgeSchema : rebaselineSchema;
  if (Value.Check(acknowledgeSchema, body)) {
    const { environment, alarm: wanted } = body;
    const broken = refuseBroken(body);
    if (broken !== null) return broken;
    const alarms = await readAlarms(log, environment);
    const open = alarms.filter(({ status }) => status !== "recovered").map(({ id }) => id);
    const found = alarms.find(({ id }) => id === wanted);
    if (found === undefined)
      return refuse(404, "unknown-alarm", `no alarm ${wanted} in ${environment}; open are ${listed(open, "none")}`);
    if (found.status === "recovered")
      return refuse(409, "recovered", `the alarm ${wanted} has recovered; open are ${listed(open, "none")}`);
    return planned(body, wanted, null, nowMs);
  }
  if (Value.Check(rebaselineSchema, body)) {
    const { environment, predictor } = body;
    const broken = refuseBroken(body);
    if (broken !== null) return broken;
    const known = (await readBaselines(log, environment)).map((one) => one.predictor);
    if (known.includes(predictor)) return planned(body, predictor, predictor, nowMs);
    return refuse(
      404,
      "unknown-baseline",
      `${predictor} has no baseline in ${environment}; there are ${listed(known, "none")}`,
    );
  }
  return refuseInvalid(schema, body);
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
