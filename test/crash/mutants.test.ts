/** Faults in our own machinery, planted one at a time: the crash runs must catch each of them, or they would catch nothing. */
import { describe, expect, it } from "vitest";
import { codecs } from "../../src/codec/codecs.ts";
import type { LogRecord, OutRecord, TaskInput } from "../../src/log/port.ts";
import { stageNameOf } from "../../src/predict-remote/predict-remote.ts";
import type { Stage, StageTask } from "../../src/run/stage.ts";
import type { Mutation } from "./pipeline.ts";
import { remoteName } from "./remote.ts";
import { crashRun } from "./run.ts";

type Commit = Parameters<TaskInput["commit"]>[0];

function withCommit(
  change: (commit: Commit, input: TaskInput, count: number) => Commit | null,
  group?: string,
): Mutation {
  return {
    input(input) {
      if (group !== undefined && input.group !== group) return input;
      let count = 0;
      return {
        ...input,
        async commit(commit) {
          count += 1;
          const changed = change(commit, input, count);
          if (changed !== null) await input.commit(changed);
        },
      };
    },
  };
}

function withTask(name: string, change: (task: StageTask) => StageTask): Mutation {
  return {
    stage: (stage): Stage =>
      stage.name === name ? { ...stage, task: (partition) => change(stage.task(partition)) } : stage,
  };
}

/** The group's offsets, each moved. */
function moved(offsets: Commit["offsets"], by: number): Commit["offsets"] {
  return Object.fromEntries(Object.entries(offsets).map(([topic, offset]) => [topic, Math.max(0, offset + by)]));
}

const mutants: Readonly<Record<string, { readonly mutation: Mutation; readonly atLeastOnce?: boolean }>> = {
  "lost commit: outputs of every fifth batch are never written": {
    mutation: withCommit((commit, _, count) => (count % 5 === 0 ? { ...commit, outputs: [] } : commit)),
  },
  "double emit: outputs of a batch are written twice": {
    mutation: withCommit((commit, _, count) =>
      count % 5 === 0 ? { ...commit, outputs: [...commit.outputs, ...commit.outputs] } : commit,
    ),
  },
  "early commit: the offset is ahead of what was folded": {
    mutation: withCommit((commit, _, count) =>
      count % 3 === 0 ? { ...commit, offsets: moved(commit.offsets, 2) } : commit,
    ),
  },
  "late commit: the offset stays behind what was written": {
    mutation: withCommit((commit, _, count) =>
      count % 3 === 0 ? { ...commit, offsets: moved(commit.offsets, -1) } : commit,
    ),
  },
  "forgotten note: the store of a restarted task is empty": {
    mutation: withCommit((commit) => ({ ...commit, note: "" })),
  },
  "replay skipped: the note claims a snapshot of now": {
    mutation: withCommit((commit) => ({
      ...commit,
      note: JSON.stringify({ ...JSON.parse(commit.note), offsets: commit.offsets }),
    })),
  },
  "replay emits: catch-up writes its outputs again": {
    mutation: {
      input: (input) => ({
        ...input,
        async committed() {
          const committed = await input.committed();
          if (committed === null || committed.note === "") return committed;
          const { offsets }: { readonly offsets: Commit["offsets"] } = JSON.parse(committed.note);
          return { ...committed, offsets };
        },
      }),
    },
  },
  "swap without record: a restarted track has forgotten the versions in force": {
    mutation: withTask("track", (task) => ({
      ...task,
      restore: (snapshot) => task.restore(withHead(snapshot, { models: [] })),
    })),
  },
  "reference forgotten: a restarted track has no pinned versions": {
    mutation: withTask("track", (task) => ({
      ...task,
      restore: (snapshot) => task.restore(withHead(snapshot, { references: [] })),
    })),
  },
  "pin without record: a reference stands in models and is not announced": {
    mutation: withCommit(
      (commit) => ({ ...commit, outputs: commit.outputs.filter((output) => !announcesReference(output)) }),
      "driftline-learn",
    ),
  },
  "pin forgotten: a restarted learn does not read back what is pinned": {
    mutation: withTask("learn", (task) => ({ ...task, async caughtUp() {} })),
  },
  "announcement missing in one partition": {
    mutation: withCommit(
      (commit) => ({
        ...commit,
        outputs: commit.outputs.filter(({ topic, partition }) => topic !== "interactions" || partition !== 1),
      }),
      "driftline-learn",
    ),
  },
  "stale snapshot: a restarted monitor begins from an older store": {
    mutation: withTask("monitor", (task) => {
      let first: readonly Uint8Array[] | null = null;
      return {
        ...task,
        snapshot() {
          first ??= [...task.snapshot()];
          return first;
        },
      };
    }),
  },
  "arms forgotten: a restarted monitor knows no runs of before": {
    mutation: {
      remote: false,
      ...withTask("monitor", (task) => ({
        ...task,
        restore: (snapshot) => task.restore(withoutRuns(snapshot)),
      })),
    },
  },
  "drift forgotten: a restarted monitor has no baselines and no open episodes": {
    mutation: withTask("monitor", (task) => ({
      ...task,
      restore: (snapshot) => task.restore(withoutDrift(snapshot)),
    })),
  },
  "restart loses: learn begins anew after a crash": {
    mutation: withTask("learn", (task) => ({ ...task, async restore() {} })),
  },
  "clock in the fold: track looks at its own count instead of the append time": {
    mutation: withTask("track", (task) => {
      let folded = 0;
      return {
        ...task,
        fold: (record, emit, live) =>
          task.fold({ ...record, timestamp: record.timestamp + 997 * folded++ }, emit, live),
      };
    }),
  },
  "answers lost: every fifth answer of a remote predictor is not written": {
    mutation: {
      remote: true,
      ...withTask(stageNameOf(remoteName), (task) => {
        let folded = 0;
        return {
          ...task,
          fold(record, emit, live) {
            if (++folded % 5 !== 0) task.fold(record, emit, live);
          },
        };
      }),
    },
  },
  "commits before it answers: a remote predictor's task takes more than was answered": {
    mutation: {
      remote: true,
      ...withTask(stageNameOf(remoteName), (task) => ({
        ...task,
        async prepare(records) {
          await task.prepare?.(records);
          return records.length;
        },
      })),
    },
  },
  "window forgotten: a restarted track does not know how many situations are open": {
    mutation: {
      remote: true,
      ...withTask("track", (task) => ({
        ...task,
        restore: (snapshot) => task.restore(withHead(snapshot, { asking: [] })),
      })),
    },
  },
  "no watermark: learn takes a repeated transition for a new one": {
    mutation: withTask("learn", (task) => ({
      ...task,
      fold: (record, emit, live) => task.fold(withoutIdentity(record), emit, live),
    })),
    atLeastOnce: true,
  },
};

/** Monitor's snapshot without the lines of drift detection. */
function withoutDrift(snapshot: Uint8Array): Uint8Array {
  const lines = Buffer.from(snapshot).toString("utf8").split("\n");
  return Buffer.from(lines.filter((line) => !line.startsWith('{"drift":')).join("\n"));
}

/** Track's snapshot, whose first line holds the versions in force, with another first line. */
function withHead(snapshot: Uint8Array, change: object): Uint8Array {
  const [head = "{}", ...lines] = Buffer.from(snapshot).toString("utf8").split("\n");
  const plain: object = JSON.parse(head);
  return Buffer.from([JSON.stringify({ ...plain, ...change }), ...lines].join("\n"));
}

/** Monitor's snapshot, whose further lines are environments, without what the consistency ratio is counted from. */
function withoutRuns(snapshot: Uint8Array): Uint8Array {
  const [head = "{}", ...lines] = Buffer.from(snapshot).toString("utf8").split("\n");
  const bare = lines.map((line) => JSON.stringify({ ...(JSON.parse(line) as object), consistency: undefined }));
  return Buffer.from([head, ...bare].join("\n"));
}

function announcesReference({ topic, key, value }: OutRecord): boolean {
  if (topic !== "interactions" || key !== null || value === null) return false;
  return codecs.interaction.decode(value).reference !== null;
}

/** The same transition under a source that was never seen. */
function withoutIdentity(record: LogRecord): LogRecord {
  if (record.topic !== "transitions" || record.value === null) return record;
  const transition = codecs.transition.decode(record.value);
  return {
    ...record,
    value: codecs.transition.encode({ ...transition, source: { partition: 0, offset: record.offset, index: 0 } }),
  };
}

/** A mutant must show within so many seeds. */
const seedsMax = 40;

describe("mutants", () => {
  it("are not seen where there is none", async () => {
    expect((await crashRun(1)).problems).toEqual([]);
  });

  for (const [name, { mutation, atLeastOnce = false }] of Object.entries(mutants)) {
    it(`are caught: ${name}`, async () => {
      let caught: string | undefined;
      for (let seed = 1; caught === undefined && seed <= seedsMax; seed++) {
        const outcome = await crashRun(seed, mutation, atLeastOnce).catch((error: unknown) => ({
          problems: [`threw ${String(error)}`],
        }));
        [caught] = outcome.problems;
      }
      expect(caught, "no seed noticed it").toBeDefined();
      // A mutant that throws has not done what it is called.
      expect(caught).not.toMatch(/^threw|SyntaxError|TypeError/);
    });
  }
});
