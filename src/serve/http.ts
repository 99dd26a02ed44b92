/** The HTTP server: limits, who may ask, one form of error, OpenAPI. What it answers is registered by others. */
import swagger from "@fastify/swagger";
import Fastify, { type FastifyError, type FastifyInstance } from "fastify";
import { registerGuard } from "./guard.ts";
import type { HttpOptions } from "./options.ts";

export interface HttpServer {
  /** Resolves with the address to print, once listening. */
  listen(): Promise<string>;
  /** Stops taking requests and ends when the running ones are answered. */
  close(): Promise<void>;
}

export interface HttpDeps {
  readonly options: HttpOptions;
  readonly version: string;
  readonly register: (app: FastifyInstance) => void;
  /** Where else to look for a path that is not known here. */
  readonly hint?: string;
  readonly onError: (error: unknown, path: string) => void;
}

/** Those that any route here has. */
const methods = ["GET", "HEAD", "POST"] as const;

const requestTimeoutMs = 120_000;
const headersTimeoutMs = 30_000;

export async function createHttp({
  options,
  version,
  register,
  onError,
  hint = "see /openapi.json",
}: HttpDeps): Promise<HttpServer> {
  const app = Fastify({
    logger: false,
    requestTimeout: requestTimeoutMs,
    bodyLimit: 1_024,
    routerOptions: { maxParamLength: 512 },
    forceCloseConnections: true,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: "array", strict: false } },
  });
  app.server.maxConnections = options.connectionsMax;
  app.server.headersTimeout = headersTimeoutMs;
  registerGuard(app, options);
  app.addHook("onSend", async (_request, reply) => {
    reply.header("x-content-type-options", "nosniff").header("referrer-policy", "no-referrer");
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) onError(error, request.url);
    const message =
      status >= 500 ? "the server failed: its log says why" : messageOf(error, request.routeOptions.url ?? "");
    return reply.code(status).send({ error: nameOf(status), message });
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?")[0] ?? "";
    const asked = `${request.method} ${path} is not known here`;
    const allowed = methods.filter((method) => app.hasRoute({ url: path, method }));
    if (allowed.length === 0) return reply.code(404).send({ error: "not-found", message: `${asked}: ${hint}` });
    const message = `${asked}, but ${allowed.join(" and ")} is: ${hint}`;
    return reply.code(405).header("allow", allowed.join(", ")).send({ error: "method-not-allowed", message });
  });
  await app.register(swagger, {
    openapi: {
      info: { title: "Driftline", version, description: "Live sim-to-real drift monitoring for world models." },
      components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
    },
  });
  // Routes are registered behind the plugin, so that it sees them.
  await app.register(async (scope) => {
    register(scope);
    scope.get("/openapi.json", { schema: { hide: true } }, async () => app.swagger());
  });
  return {
    listen: () => app.listen({ host: options.host, port: options.port }),
    close: () => app.close(),
  };
}

function messageOf(error: FastifyError, path: string): string {
  if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE")
    return path === "/v1/interactions"
      ? "the body is too large: split it, or raise ingest.bodyBytesMax"
      : "the body is too large";
  if (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE")
    return "send content-type application/json or application/x-ndjson";
  return error.message;
}

function nameOf(status: number): string {
  const names: Readonly<Record<number, string>> = {
    400: "bad-request",
    404: "not-found",
    413: "too-large",
    415: "unsupported-media-type",
  };
  return names[status] ?? (status >= 500 ? "internal" : "refused");
}
