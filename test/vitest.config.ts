import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that compute for minutes: begun first, they fill the time in which others wait for processes and timers. */
const long = ["test/crash/crash.test.ts", "test/crash/second-half.test.ts", "test/fuzz/fuzz.test.ts"];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = long.findIndex((name) => moduleId.endsWith(name));
      return at < 0 ? long.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  test: {
    include: ["test/**/*.test.ts"],
    // A GPU in software takes minutes: by option.
    exclude: process.env["DRIFTLINE_WEBGPU"] === "1" ? [] : ["test/predictors/tensor/webgpu.test.ts"],
    globalSetup: ["test/support/kafka-host.ts", "test/support/registry-host.ts", "test/support/native-host.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    // One more than the two cores that are promised: a third of the files wait rather than compute.
    maxWorkers: 3,
    sequence: { sequencer: LongFirst },
  },
});
