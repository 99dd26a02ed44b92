/** The options of a default configuration. */
import { type Config, loadConfig } from "../../src/config.ts";

export function defaultsOf(): Config {
  return loadConfig({ flags: [], env: {}, readFile: () => null });
}
