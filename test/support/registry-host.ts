/** For one run of all tests: one schema registry, started when the first file asks for it, ended with the run. Files keep apart by subject. */
import type { TestProject } from "vitest/node";
import { onDemand } from "./on-demand.ts";
import { startRegistry } from "./registry.ts";

declare module "vitest" {
  interface ProvidedContext {
    registryHost: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const host = await onDemand(startRegistry, ({ url }) => url);
  project.provide("registryHost", host.address);
  return host.stop;
}
