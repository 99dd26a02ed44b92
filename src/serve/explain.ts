/** `GET /api/explain`: what each predictor said about a step, and why. */
import { Type } from "@sinclair/typebox";
import type { FastifyInstance } from "fastify";
import type { ExplainedStep, Explainer } from "../predictors/explain-step.ts";
import type { ExplainView } from "./views.ts";

const query = Type.Object({
  episode: Type.String({ minLength: 1, maxLength: 512 }),
  step: Type.Integer({ minimum: 0 }),
  environment: Type.Optional(Type.String({ maxLength: 256 })),
});
interface Query {
  readonly episode: string;
  readonly step: number;
  readonly environment?: string;
}

/** Searching the log takes time: so many searches at one time, others are told to come again. */
const searchesMax = 2;

export function registerExplain(app: FastifyInstance, explainer: Explainer): void {
  let searches = 0;
  app.get<{ Querystring: Query }>(
    "/api/explain",
    { schema: { summary: "Why each predictor said what it said about a step.", querystring: query } },
    async ({ query: { episode, step, environment = null } }, reply) => {
      if (searches >= searchesMax)
        return reply.code(503).header("retry-after", "1").send({ error: "busy", message: "ask again in a second" });
      searches += 1;
      try {
        const found = await explainer.explain({ episode, step, environment });
        if (found !== null) return explainView(found);
        const message = `the log holds no step ${step} of episode ${episode}: it never came, was not fit to be scored, or is older than what is kept`;
        return reply.code(404).send({ error: "not-found", message });
      } finally {
        searches -= 1;
      }
    },
  );
}

export function explainView({ transition, predictions }: ExplainedStep): ExplainView {
  const { environment, episode, step, action, nextState, patch } = transition;
  return {
    environment,
    episode,
    step,
    action,
    truth: patch ?? nextState,
    predictions: predictions.map(({ entry: { predictor, version, status, exact }, explanation, why }) => {
      return { predictor, version, status, exact, explanation, why };
    }),
  };
}
