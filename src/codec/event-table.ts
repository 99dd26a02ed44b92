/**
 * The events as people write them: the one source from which HTTP validation, OpenAPI and the documentation's table come, and against
 * which `schemas/interaction.avsc` is tested. Every field is described once; a type of event names the fields that it takes.
 */
import { type TObject, type TSchema, Type } from "@sinclair/typebox";
import type { EventType } from "./records.ts";

const name = (description: string) => Type.String({ minLength: 1, maxLength: 256, description });
const json = (description: string) => Type.Unknown({ description });
const named = (description: string) =>
  Type.Object(
    { name: name("Name."), version: Type.Optional(name("Version.")) },
    { additionalProperties: false, description },
  );
/** Avro's int; far beyond any episode. */
const stepMax = 2_147_483_647;
/** Year 9999: later ones do not print as dates. */
const timeMax = 253_402_300_799_999;

export const eventFields = {
  episode: Type.String({
    minLength: 1,
    maxLength: 512,
    description: "Id of the episode, unique for every run of an agent.",
  }),
  id: name("Identity of this event, where it has no step number: a redelivery with the same id changes nothing."),
  environment: name("Name of the environment. On any event it opens the episode, so an agent may join midway."),
  time: Type.Union(
    [Type.String({ maxLength: 64, format: "date-time" }), Type.Integer({ minimum: 0, maximum: timeMax })],
    { description: "When it happened: ISO 8601 with a zone, or epoch milliseconds. Absent: when it was appended." },
  ),
  trace: name("Trace id of the platform, carried through."),
  meta: json("Free JSON, carried through, never shown to a predictor."),
  step: Type.Integer({
    minimum: 0,
    maximum: stepMax,
    description: "Number of the step, from 0. Absent: the next one.",
  }),
  action: json("What the agent did: text, or an object with `name` and `arguments`."),
  state: json("A full state, any JSON value. Text worlds send a string."),
  patch: Type.Array(Type.Unknown(), {
    maxItems: 1_000,
    description: "RFC 6902 operations against the episode's current state.",
  }),
  intermediatePatch: Type.Array(Type.Unknown(), {
    maxItems: 1_000,
    description: "RFC 6902 from the state before to the state after the action, before the world's own tick.",
  }),
  reward: Type.Number({ description: "Reward of the step, or of the whole episode at its end." }),
  done: Type.Boolean({ description: "The environment says that the episode is over." }),
  task: name("What the episode is to achieve."),
  agent: named("Who acts."),
  arm: Type.Union([Type.Literal("real"), Type.Literal("world_model"), Type.Literal("transfer")], {
    description: "Where the episode runs (default real): only real and transfer count in accuracy.",
  }),
  context: json("What is known about the episode beside the state: goal, hidden set-up, documentation."),
  worldModel: named("The world model that simulates the episode."),
  plan: name("The simulated episode whose plan this one transfers."),
  predictor: name("Who predicts."),
  model: name("Version of the predictor."),
  confidence: Type.Number({ minimum: 0, maximum: 1, description: "Probability of being exactly right." }),
  status: Type.Union([Type.Literal("abstained"), Type.Literal("failed")], {
    description: "There is no prediction: the predictor will not say, or could not. `reason` says why.",
  }),
  success: Type.Boolean({ description: "Was the task achieved?" }),
  reason: Type.String({ maxLength: 4_096, description: "Why it ended, or why there is no prediction, free text." }),
} as const satisfies Readonly<Record<string, TSchema>>;
export type EventField = keyof typeof eventFields;

export interface EventForm {
  readonly required: readonly EventField[];
  /** Exactly one of these is required. */
  readonly either: readonly EventField[];
  readonly optional: readonly EventField[];
}

const common = ["id", "environment", "time", "trace", "meta"] as const;
export const eventForms: Readonly<Record<EventType, EventForm>> = {
  reset: {
    required: ["environment"],
    either: [],
    optional: ["state", "task", "agent", "arm", "context", "worldModel", "plan"],
  },
  action: { required: ["action"], either: [], optional: ["step"] },
  observation: { required: [], either: ["state", "patch"], optional: ["step", "reward", "done", "intermediatePatch"] },
  step: {
    required: ["action"],
    either: ["state", "patch"],
    optional: ["step", "reward", "done", "intermediatePatch"],
  },
  prediction: {
    required: ["step", "predictor"],
    either: ["state", "patch", "status"],
    optional: ["model", "confidence", "reason"],
  },
  end: { required: [], either: [], optional: ["success", "reward", "reason"] },
};
export const eventTypes: readonly EventType[] = ["reset", "action", "observation", "step", "prediction", "end"];

/** All fields that an event of the type may have, beside `type`. */
export function fieldsOf(type: EventType): ReadonlySet<EventField> {
  const { required, either, optional } = eventForms[type];
  return new Set<EventField>(["episode", ...common, ...required, ...either, ...optional]);
}

/** JSON Schema of one type of event: closed, so that a misspelt key is found. */
export function eventTypeSchema(type: EventType): TObject {
  const { required } = eventForms[type];
  const needed = new Set<EventField>(["episode", ...required]);
  const properties: Record<string, TSchema> = { type: Type.Literal(type) };
  for (const field of fieldsOf(type)) {
    properties[field] = needed.has(field) ? eventFields[field] : Type.Optional(eventFields[field]);
  }
  return Type.Object(properties, { additionalProperties: false, title: type });
}

/** For OpenAPI: any event. */
export const eventSchema = Type.Union(eventTypes.map(eventTypeSchema), {
  title: "Event",
  description: "One interaction event; `state` or `patch` is required where both are possible.",
});

/** The table of the documentation. */
export function eventTableMarkdown(): string {
  const code = (fields: readonly string[]) => fields.map((field) => `\`${field}\``).join(", ");
  const rows = eventTypes.map((type) => {
    const { required, either, optional } = eventForms[type];
    const choice = either.length === 0 ? [] : [either.map((field) => `\`${field}\``).join(" or ")];
    const needs = [...required.map((field) => `\`${field}\``), ...choice].join(", ");
    return `| \`${type}\` | ${needs} | ${code(optional)} |`;
  });
  return [
    "| type | required | optional |",
    "|---|---|---|",
    `| all | \`type\`, \`episode\` | ${code(common)} |`,
    ...rows,
  ].join("\n");
}
