/** A client of a schema registry as `run` makes one, with a clock that moves only while it waits. */
import { createSchemaRegistry } from "../../src/registry/client.ts";
import type { RegistryOptions } from "../../src/registry/options.ts";
import { defaultsOf } from "./defaults.ts";

export function registryClient(
  url: readonly string[],
  change: Partial<RegistryOptions> = {},
  readFile: (path: string) => string = () => "",
) {
  const waits: number[] = [];
  const said: string[] = [];
  let now = 0;
  const registry = createSchemaRegistry({
    options: { ...defaultsOf().log.registry, url: [...url], ...change },
    readFile,
    now: () => now,
    async sleep(ms) {
      waits.push(ms);
      now += ms;
    },
    onLog: (_, message) => void said.push(message),
  });
  return { registry, waits, said };
}
