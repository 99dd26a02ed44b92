/** What all requests for a command have in common: their fields, and the refusals that say what is wrong or what there is. */
import { type TSchema, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";

export const nameField = (description: string) => Type.String({ minLength: 1, maxLength: 256, description });
export const noteField = Type.Optional(
  Type.Union([Type.String({ maxLength: 1_000 }), Type.Null()], { description: "Why." }),
);

export interface Refused {
  readonly ok: false;
  readonly status: 400 | 404 | 409;
  readonly error: string;
  readonly message: string;
}

/** Names of what there is in one refusal. */
const namesShownMax = 20;

export function refuse(status: Refused["status"], error: string, message: string): Refused {
  return { ok: false, status, error, message };
}

/** The command that a body names; null where it names none. */
export function commandOf(body: unknown): string | null {
  const name = typeof body === "object" && body !== null && "command" in body ? body.command : null;
  return typeof name === "string" ? name : null;
}

/** The outermost member that is not as the schema says, and how it should be; an empty name is the whole body. */
export function firstProblem(schema: TSchema, body: unknown): { readonly key: string; readonly message: string } {
  const [first] = [...Value.Errors(schema, body)].sort((a, b) => a.path.length - b.path.length);
  return { key: first?.path.slice(1) ?? "", message: first?.message.toLowerCase() ?? "not valid" };
}

export function refuseInvalid(schema: TSchema, body: unknown): Refused {
  const { key, message } = firstProblem(schema, body);
  return refuse(400, "invalid", `"${key}": ${message}`);
}

/** Null where all texts can be written. */
export function refuseBroken(body: Readonly<Record<string, string | null>>): Refused | null {
  const whole = Object.values(body).every((text) => text === null || text.isWellFormed());
  return whole ? null : refuse(400, "invalid", "a text holds half of a surrogate pair");
}

export function listed(names: readonly string[], none: string): string {
  if (names.length === 0) return none;
  const more = names.length - namesShownMax;
  return names.slice(0, namesShownMax).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
