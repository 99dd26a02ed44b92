/** The page's files, read once at start: they are few and small. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { FastifyInstance } from "fastify";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
};
/** Nothing from elsewhere, nothing inline. */
const policy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

export function registerPage(app: FastifyInstance, folder: string): void {
  const files = new Map(existsSync(folder) ? filesIn(folder, "") : []);
  for (const [path, body] of files) {
    const type = types[extname(path)] ?? "application/octet-stream";
    const hashed = path.startsWith("/assets/");
    const cache = hashed ? "public, max-age=31536000, immutable" : "no-cache";
    const routes = path === "/index.html" ? ["/", path] : [path];
    for (const route of routes) {
      app.get(route, { schema: { hide: true } }, async (_request, reply) =>
        reply
          .header("content-type", type)
          .header("cache-control", cache)
          .header("content-security-policy", policy)
          .send(body),
      );
    }
  }
  if (files.size === 0) {
    app.get("/", { schema: { hide: true } }, async (_request, reply) =>
      reply.code(404).send({ error: "no-page", message: "the page was not built: `npm run build`" }),
    );
  }
}

function filesIn(folder: string, prefix: string): readonly (readonly [string, Buffer])[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = `${prefix}/${entry.name}`;
    return entry.isDirectory() ? filesIn(folder, path) : [[path, readFileSync(join(folder, path))] as const];
  });
}
