/** `POST /api/commands`: what operators ask for. 202 once the command is durable; the stage that it is for does it when it reads it. */
import { Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { type Log, LogBusy } from "../log/port.ts";
import type { Readable } from "../run/manifests.ts";
import { acknowledgeSchema, planDriftCommand, rebaselineSchema } from "./drift-commands.ts";
import { commandSchema, planCommand } from "./pin.ts";
import type { RuleReader } from "./read-rules.ts";
import { planRuleCommand, ruleCommandSchema } from "./rule-commands.ts";

export interface CommandsDeps {
  readonly log: Readable & Pick<Log, "append">;
  readonly now: () => number;
  readonly rules: RuleReader;
}

/** A command has a few names and a note. */
const bodyBytesMax = 8_192;

const acceptedSchema = Type.Object({
  command: Type.String(),
  environment: Type.String(),
  predictor: Type.Optional(Type.String()),
  version: Type.Optional(Type.String({ description: "The version that is pinned, or no longer is." })),
  alarm: Type.Optional(Type.String({ description: "The alarm that is acknowledged." })),
  rule: Type.Optional(Type.String({ description: "The rule that is deleted, pinned or restored." })),
});
const refusalSchema = Type.Object({ error: Type.String(), message: Type.String() });

export function registerCommands(app: FastifyInstance, { log, now, rules }: CommandsDeps): void {
  app.post(
    "/api/commands",
    {
      bodyLimit: bodyBytesMax,
      schema: {
        summary:
          "Pin a version of a learnt predictor as its reference, or unpin it; acknowledge an alarm; renew a baseline; delete, pin or restore a learnt rule",
        description:
          "202 once durable. The reference predicts beside the live version under the name NAME@reference. What becomes of a rule is in the next version that is announced.",
        body: Type.Union([commandSchema, acknowledgeSchema, rebaselineSchema, ruleCommandSchema]),
        response: {
          202: acceptedSchema,
          400: refusalSchema,
          404: refusalSchema,
          409: refusalSchema,
          413: refusalSchema,
          415: refusalSchema,
          429: refusalSchema,
        },
      },
      // The one check is `planCommand`, whose messages say what to do.
      validatorCompiler: () => () => true,
    },
    async (request, reply) => {
      const body = parsed(request.body);
      if (body === undefined) return reply.code(400).send({ error: "not-json", message: "the body is not JSON" });
      const plan = await planAny(body, log, rules, now());
      if (!plan.ok) return reply.code(plan.status).send({ error: plan.error, message: plan.message });
      try {
        await log.append([plan.record]);
      } catch (error) {
        if (!(error instanceof LogBusy)) throw error;
        return reply.code(429).header("retry-after", "2").send({ error: "busy", message: error.message });
      }
      return reply.code(202).send(plan.accepted);
    },
  );
}

/** What was asked for, as a record and as the answer; or why not. */
async function planAny(body: unknown, log: Readable, rules: RuleReader, nowMs: number) {
  const other = (await planDriftCommand(body, log, nowMs)) ?? (await planRuleCommand(body, log, rules, nowMs));
  if (other !== null) return other;
  const plan = await planCommand(body, log, nowMs);
  if (!plan.ok) return plan;
  const { environment, predictor, undo } = plan.command;
  const accepted = { command: undo ? "unpin" : "pin", environment, predictor, version: plan.version };
  return { ok: true, record: plan.record, accepted } as const;
}

/** Undefined: not JSON. */
function parsed(body: unknown): unknown {
  if (!(body instanceof Buffer)) return body;
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}
