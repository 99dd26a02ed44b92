/** `GET /api/rules`: what a predictor has learnt of an environment, in words, page by page. */
import { Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import { type RuleKind, ruleKindNames } from "../predictors/rule-kinds.ts";
import { type RuleReader, rulesView } from "./read-rules.ts";

const query = Type.Object({
  environment: Type.String({ minLength: 1, maxLength: 256 }),
  predictor: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
  kind: Type.Optional(Type.Union(ruleKindNames.map((kind) => Type.Literal(kind)))),
  find: Type.Optional(Type.String({ maxLength: 200, description: "Only rules that say this somewhere." })),
  from: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 })),
  max: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
});
interface Query {
  readonly environment: string;
  readonly predictor?: string;
  readonly kind?: RuleKind;
  readonly find?: string;
  readonly from?: number;
  readonly max?: number;
}

/** Reading a version takes time: so many at one time, others are told to come again. */
const readsMax = 2;

export function registerRules(app: FastifyInstance, reader: RuleReader): void {
  let reads = 0;
  app.get<{ Querystring: Query }>(
    "/api/rules",
    {
      schema: {
        summary: "What a predictor has learnt of an environment, in words: rules of the version in force.",
        querystring: query,
      },
    },
    async ({ query: { environment, predictor = null, kind = null, find = null, from = 0, max = 50 } }, reply) => {
      if (reads >= readsMax)
        return reply.code(503).header("retry-after", "1").send({ error: "busy", message: "ask again in a second" });
      reads += 1;
      try {
        const found = await reader.read({ environment, predictor });
        if (found.ok) return rulesView(found, { kind, find, from, max });
        return reply.code(found.status).send({ error: found.error, message: found.message });
      } finally {
        reads -= 1;
      }
    },
  );
}
