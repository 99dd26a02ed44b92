/**
 * What a request to delete, pin or restore a learnt rule comes to: a `command` record that carries what the rule says, or a refusal. Used by the
 * API, and by `driftline rules` where no server runs. Reads aside.
 */
import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { codecs } from "../codec/codecs.ts";
import type { Command } from "../codec/records.ts";
import type { OutRecord } from "../log/port.ts";
import type { LearntRule } from "../predictors/learnt-rules.ts";
import { ordersMax } from "../predictors/rule-orders.ts";
import type { Readable } from "../run/manifests.ts";
import { newestOrder } from "./newest-order.ts";
import type { RuleReader } from "./read-rules.ts";

const text = (description: string) => Type.String({ minLength: 1, maxLength: 256, description });

export const ruleCommandSchema = Type.Object(
  {
    command: Type.Union([Type.Literal("delete-rule"), Type.Literal("pin-rule"), Type.Literal("restore-rule")]),
    environment: text("Name of the environment."),
    predictor: Type.Optional(
      Type.Union([text("The predictor that has learnt the rule."), Type.Null()], {
        description: "null or absent: the first of the environment that lists rules.",
      }),
    ),
    rule: text("Id of the rule, as `GET /api/rules` lists it."),
    author: text("Who asks."),
    note: Type.Optional(Type.Union([Type.String({ maxLength: 1_000 }), Type.Null()], { description: "Why." })),
  },
  { additionalProperties: false },
);
export type RuleRequest = Static<typeof ruleCommandSchema>;

export interface AcceptedRule {
  readonly command: RuleRequest["command"];
  readonly environment: string;
  readonly predictor: string;
  readonly rule: string;
}

export type RulePlan =
  | { readonly ok: true; readonly record: OutRecord; readonly accepted: AcceptedRule }
  | { readonly ok: false; readonly status: 400 | 404 | 409; readonly error: string; readonly message: string };

const orderOf = { "delete-rule": "delete", "pin-rule": "pin", "restore-rule": "restore" } as const;

/** Null: it is another command. */
export async function planRuleCommand(
  body: unknown,
  log: Readable,
  reader: RuleReader,
  nowMs: number,
): Promise<RulePlan | null> {
  const name = typeof body === "object" && body !== null && "command" in body ? body.command : null;
  if (typeof name !== "string" || !Object.hasOwn(orderOf, name)) return null;
  if (!Value.Check(ruleCommandSchema, body)) {
    const [first] = [...Value.Errors(ruleCommandSchema, body)].sort((a, b) => a.path.length - b.path.length);
    return refuse(400, "invalid", `"${first?.path.slice(1) ?? ""}": ${first?.message.toLowerCase() ?? "not valid"}`);
  }
  if (!Object.values(body).every((one) => one === null || one.isWellFormed()))
    return refuse(400, "invalid", "a text holds half of a surrogate pair");
  const { environment, predictor = null, rule: wanted } = body;
  const found = await reader.read({ environment, predictor });
  if (!found.ok) return found;
  const named = { environment, predictor: found.model.predictor, rule: wanted };
  const where = `${named.predictor} in ${environment}`;
  const rule = found.rules.find(({ id }) => id === wanted);
  if (rule === undefined)
    return refuse(404, "unknown-rule", `no rule ${wanted} of ${where}; \`driftline rules\` lists those there are`);
  // The version in force may not follow the newest order yet.
  const order = (await newestOrder(log, named)) ?? rule.order?.order ?? "restore";
  return problemOf(body, rule, order, found.rules) ?? planned(body, named.predictor, rule, nowMs);
}

/** `order`: the newest about the rule. */
function problemOf(
  { command }: RuleRequest,
  { id, content, says }: LearntRule,
  order: string,
  rules: readonly LearntRule[],
): RulePlan | null {
  if (command === "restore-rule")
    return order === "restore" ? refuse(409, "not-ordered", `rule ${id} is neither deleted nor pinned`) : null;
  if (content === null) return refuse(409, "not-editable", `rule ${id} can be neither deleted nor pinned: ${says}`);
  if (order === orderOf[command])
    return refuse(409, "done-before", `rule ${id} is ${order === "pin" ? "pinned" : "deleted"} already`);
  if (order === "restore" && rules.filter((one) => one.order !== null).length >= ordersMax)
    return refuse(409, "too-many", `${ordersMax} rules are deleted or pinned: restore some first`);
  return null;
}

function planned(body: RuleRequest, predictor: string, { id, content }: LearntRule, nowMs: number): RulePlan {
  const { environment, author, note = null } = body;
  const order = orderOf[body.command];
  const command: Command = {
    environment,
    command: "forget",
    target: id,
    author,
    time: nowMs,
    note,
    predictor,
    version: null,
    undo: order === "restore",
    order,
    rule: order === "restore" ? null : content,
  };
  const value = codecs.command.encode(command);
  return {
    ok: true,
    accepted: { command: body.command, environment, predictor, rule: id },
    record: { topic: "commands", key: environment, partition: null, value },
  };
}

function refuse(status: 400 | 404 | 409, error: string, message: string): Extract<RulePlan, { readonly ok: false }> {
  return { ok: false, status, error, message };
}
