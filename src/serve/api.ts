/** `/api/*`: everything is read here, nothing is changed. */
import { Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import type { Board } from "./board.ts";
import type { Live } from "./live.ts";

export interface ApiDeps {
  readonly board: Board;
  readonly live: Live;
}

const exampleQuery = Type.Object({
  environment: Type.Optional(Type.String({ maxLength: 256 })),
  predictor: Type.Optional(Type.String({ maxLength: 256 })),
  max: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 20 })),
});
const letterQuery = Type.Object({
  reason: Type.Optional(Type.String({ maxLength: 64 })),
  max: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 20 })),
});
const alarmQuery = Type.Object({
  environment: Type.Optional(Type.String({ maxLength: 256 })),
  max: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 20 })),
});
interface ExampleQuery {
  readonly environment?: string;
  readonly predictor?: string;
  readonly max?: number;
}
interface LetterQuery {
  readonly reason?: string;
  readonly max?: number;
}

export function registerApi(app: FastifyInstance, { board, live }: ApiDeps): void {
  app.get("/api/status", { schema: { summary: "The newest live view." } }, async (_request, reply) => {
    const view = live.view();
    return view === null
      ? reply.code(503).send({ error: "starting", message: "nothing to show yet: ask again in a second" })
      : view;
  });

  app.get(
    "/api/live",
    { schema: { summary: "Server-sent events: a live view about once a second." } },
    async (_request, reply) => {
      reply.hijack();
      if (live.join(reply.raw)) return;
      reply.raw.writeHead(503, { "content-type": "application/json", "retry-after": "5" });
      reply.raw.end(
        JSON.stringify({
          error: "busy",
          message: "too many live connections: close a page, or raise http.liveClientsMax",
        }),
      );
    },
  );

  app.get<{ Querystring: ExampleQuery }>(
    "/api/examples",
    { schema: { summary: "The newest wrong predictions.", querystring: exampleQuery } },
    async ({ query }) => ({
      examples: board.examples(query.environment ?? null, query.predictor ?? null, query.max ?? 20),
    }),
  );

  app.get(
    "/api/models",
    { schema: { summary: "Versions of the learnt predictors: the learning curves." } },
    async () => ({ models: board.models() }),
  );

  app.get<{ Querystring: Pick<ExampleQuery, "environment" | "max"> }>(
    "/api/alarms",
    { schema: { summary: "Alarms with causes and evidence: open ones first.", querystring: alarmQuery } },
    async ({ query }) => ({ alarms: board.alarms(query.environment ?? null, query.max ?? 20) }),
  );

  app.get<{ Querystring: Pick<ExampleQuery, "environment"> }>(
    "/api/baselines",
    {
      schema: {
        summary: "What is usual for each reference, and how far its evidence of drift has come.",
        querystring: alarmQuery,
      },
    },
    async ({ query }) => ({ baselines: board.baselines(query.environment ?? null) }),
  );

  app.get<{ Querystring: LetterQuery }>(
    "/api/dead-letters",
    { schema: { summary: "The newest dead letters.", querystring: letterQuery } },
    async ({ query }) => ({ deadLetters: board.deadLetters(query.reason ?? null, query.max ?? 20) }),
  );
}
