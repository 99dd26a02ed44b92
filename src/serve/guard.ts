/**
 * Who may ask. With a token: whoever has it. Without one (loopback only): whoever calls us by a loopback name, which stops web pages that
 * point their own name at 127.0.0.1; and no page of another origin may send anything.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { type HttpOptions, isLoopback } from "./options.ts";

const open = new Set(["/healthz", "/readyz"]);

export function registerGuard(app: FastifyInstance, { token }: HttpOptions): void {
  app.addHook("onRequest", async (request, reply) => {
    const path = request.url.split("?")[0] ?? "";
    if (open.has(path)) return;
    if (token !== "") {
      if (hasToken(request.headers.authorization ?? "", token)) return;
      await reply.code(401).header("www-authenticate", 'Basic realm="driftline", charset="UTF-8"').send({
        error: "unauthorized",
        message: "send the token: Authorization: Bearer TOKEN (or as the password of HTTP Basic)",
      });
      return;
    }
    if (!isLoopback(hostName(request.headers.host ?? ""))) {
      await reply
        .code(403)
        .send({ error: "forbidden", message: "without a token only requests to a loopback name are answered" });
      return;
    }
    const { origin } = request.headers;
    if (origin !== undefined && request.method !== "GET" && origin !== `http://${request.headers.host}`) {
      await reply
        .code(403)
        .send({ error: "forbidden", message: "a page of another origin may not send anything here" });
    }
  });
}

function hostName(host: string): string {
  return host.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
}

function hasToken(authorization: string, token: string): boolean {
  const [scheme = "", value = ""] = authorization.split(" ");
  if (scheme.toLowerCase() === "bearer") return equal(value, token);
  if (scheme.toLowerCase() !== "basic") return false;
  const decoded = Buffer.from(value, "base64").toString("utf8");
  return equal(decoded.slice(decoded.indexOf(":") + 1), token);
}

/** Equal lengths are compared in constant time; hashing makes the lengths equal. */
function equal(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
