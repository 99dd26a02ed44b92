/** For one run of all tests: one native build of TensorFlow, made when the first file asks for it, kept in an ignored folder of the repository. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildNames, buildsFolder } from "../../src/predictors/tensor/native-place.ts";
import { driftline } from "./driftline.ts";
import { onDemand } from "./on-demand.ts";

declare module "vitest" {
  interface ProvidedContext {
    nativeHost: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const host = await onDemand(build, ({ err }) => ({ err }));
  project.provide("nativeHost", host.address);
  return host.stop;
}

/** `err`: empty where it is there. */
async function build() {
  const isThere = existsSync(join(buildsFolder({}), buildNames.cpu));
  const said = isThere ? { code: 0, err: "" } : await driftline(["tensorflow", "build"]);
  return { err: said.code === 0 ? "" : said.err, async stop() {} };
}
