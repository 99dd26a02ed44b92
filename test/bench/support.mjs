/** The tests' own support, which is TypeScript, for benches, which run as they are. */
import { runnerImport } from "vite";

export async function support(name) {
  const { module } = await runnerImport(new URL(`../support/${name}.ts`, import.meta.url).pathname, {
    configFile: false,
    logLevel: "error",
  });
  return module;
}
