/** Root of the Confluent API of the registry that all test files of a run share; `SCHEMA_REGISTRY_URL` names one of the user's instead. */
import { inject } from "vitest";
import { ofDemand } from "./on-demand.ts";

export async function sharedRegistry(): Promise<string> {
  return process.env["SCHEMA_REGISTRY_URL"] ?? ((await ofDemand(inject("registryHost"))) as string);
}
