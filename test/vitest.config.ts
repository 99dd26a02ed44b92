import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that compute for minutes: begun first, they fill the time in which others wait for processes and timers. */
const long = ["test/crash/crash.test.ts", "test/crash/second-half.test.ts", "test/fuzz/fuzz.test.ts"];

/** Each needs a process of its own: TensorFlow.js has one backend in a process, native code may take one down, kafkajs is looked at unmended. */
const apart = [
  "test/predictors/{host,llama,neural,openai,tensor}/**/*.test.ts",
  "test/predictors/host.test.ts",
  "test/guide/backends.test.ts",
  "test/log/kafka/faults.test.ts",
];
/** A GPU in software takes minutes. */
const byOption = process.env["DRIFTLINE_WEBGPU"] === "1" ? [] : ["test/predictors/tensor/webgpu.test.ts"];

/** What `npm run check` leaves out: processes, browsers, brokers, models, minutes. As `--exclude` it would not reach the projects. */
const slow = [
  "test/{crash,fuzz,e2e,integration,guide,cli,serve}/**",
  "test/log/kill.test.ts",
  "test/predictors/*/{llama,real-model}.test.ts",
];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = long.findIndex((name) => moduleId.endsWith(name));
      return at < 0 ? long.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig(({ mode }) => ({
  root: new URL("..", import.meta.url).pathname,
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "apart",
          include: apart,
          exclude: mode === "quick" ? [...byOption, ...slow] : byOption,
          globalSetup: ["test/support/native-host.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "all",
          include: ["test/**/*.test.ts"],
          exclude: mode === "quick" ? [...apart, ...slow] : apart,
          // Files share what they import: half of their time went there.
          isolate: false,
          globalSetup: ["test/support/kafka-host.ts", "test/support/registry-host.ts"],
        },
      },
    ],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    // Two more than the two cores that are promised: a third of the files wait rather than compute.
    maxWorkers: 4,
    sequence: { sequencer: LongFirst },
  },
}));
