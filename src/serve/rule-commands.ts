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
import { contentCharsMax, ordersMax } from "../predictors/rule-orders.ts";
import type { Readable } from "../run/manifests.ts";
import {
  commandOf,
  nameField,
  noteField,
  type Refused,
  refuse,
  refuseBroken,
  refuseInvalid,
} from "./command-request.ts";
import { newestOrder } from "./newest-order.ts";
import type { RuleReader } from "./read-rules.ts";

export const ruleCommandSchema = Type.Object(
  {
    command: Type.Union([Type.Literal("delete-rule"), Type.Literal("pin-rule"), Type.Literal("restore-rule")]),
    environment: nameField("Name of the environment."),
    predictor: Type.Optional(
      Type.Union([nameField("The predictor that has learnt the rule."), Type.Null()], {
        description: "null or absent: the first of the environment that lists rules.",
      }),
    ),
    rule: nameField("Id of the rule, as `GET /api/rules` lists it."),
    author: nameField("Who asks."),
    note: noteField,
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

export type RulePlan = { readonly ok: true; readonly record: OutRecord; readonly accepted: AcceptedRule } | Refused;

const orderOf = { "delete-rule": "delete", "pin-rule": "pin", "restore-rule": "restore" } as const;

/** Null: it is another command. */
export async function planRuleCommand(
  body: unknown,
  log: Readable,
  reader: RuleReader,
  nowMs: number,
): Promise<RulePlan | null> {
  const name = commandOf(body);
  if (name === null || !Object.hasOwn(orderOf, name)) return null;
  if (!Value.Check(ruleCommandSchema, body)) return refuseInvalid(ruleCommandSchema, body);
  const broken = refuseBroken(body);
  if (broken !== null) return broken;
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
  { id, content }: LearntRule,
  order: string,
  rules: readonly LearntRule[],
): RulePlan | null {
  if (command === "restore-rule")
    return order === "restore" ? refuse(409, "not-ordered", `rule ${id} is neither deleted nor pinned`) : null;
  if (content === null) {
    const why = `it says more than the ${contentCharsMax} characters that an order carries`;
    return refuse(409, "not-editable", `rule ${id} can be neither deleted nor pinned: ${why}`);
  }
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
