/**
 * Puts the program and the libraries that every start of it loads into few files, `dist/main.js` and `dist/bundle/`: the process, each of its
 * threads and every command load them, and hundreds of small files take seconds. Names and lines stay as they are written; `DRIFTLINE_STACK=1`
 * maps stack traces back to the sources.
 */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here(".."),
  publicDir: false,
  build: {
    ssr: true,
    outDir: here("../dist"),
    emptyOutDir: false,
    target: "node20",
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: { main: here("main.ts"), "bundle/worker": here("log/embedded/worker.ts") },
      output: { entryFileNames: "[name].js", chunkFileNames: "bundle/[name].js" },
    },
  },
  ssr: {
    target: "node",
    noExternal: true,
    // Native code, what is loaded by its path inside a package, and peers that may be missing.
    external: [
      "kafkajs",
      "libsql",
      "@node-rs/crc32",
      "@tensorflow/tfjs",
      "@tensorflow/tfjs-backend-wasm",
      "@tensorflow/tfjs-backend-webgpu",
      "node-llama-cpp",
      "webgpu",
    ],
  },
});
