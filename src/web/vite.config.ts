/** Builds the page into `dist/web`, beside the server that sends it: no outside address, nothing inline (the server's CSP forbids it). */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: { outDir: here("../../dist/web"), emptyOutDir: true, target: "es2022", modulePreload: { polyfill: false } },
  // `npm run dev`: the page from its sources, the figures from a server that runs beside it.
  server: { proxy: { "/api": "http://127.0.0.1:7420" } },
});
