/** `/healthz`, `/readyz`, `/metrics`: what every process answers, whatever it runs. */
import type { FastifyInstance } from "fastify";
import type { LifecycleView } from "../run/lifecycle.ts";
import { contentTypes, type Format, formatFor } from "../stats/exposition.ts";

export interface HealthDeps {
  readonly lifecycle: () => LifecycleView;
  /** The metrics as Prometheus reads them. */
  readonly exposition: { text(format: Format): Promise<string> };
}

export function registerHealth(app: FastifyInstance, { lifecycle, exposition }: HealthDeps): void {
  app.get(
    "/healthz",
    { schema: { summary: "Is the process alive? 503 once it cannot go on." } },
    async (_request, reply) => {
      const { phase } = lifecycle();
      return reply.code(phase === "failed" ? 503 : 200).send({ status: phase === "failed" ? "failed" : "alive" });
    },
  );

  app.get(
    "/readyz",
    { schema: { summary: "Is everything caught up and running? With the progress of catch-up." } },
    async (_request, reply) => {
      const { ready, phase, tasks } = lifecycle();
      const busy = tasks.filter((task) => task.state !== "running");
      return reply.code(ready ? 200 : 503).send({ ready, phase, waitingFor: busy });
    },
  );

  app.get(
    "/metrics",
    { schema: { summary: "Prometheus metrics; as OpenMetrics, with exemplars, where Accept asks for it." } },
    async (request, reply) => {
      const format = formatFor(request.headers.accept ?? "");
      const text = await exposition.text(format);
      return reply.header("content-type", contentTypes[format]).header("vary", "accept").send(text);
    },
  );
}
