/** Options of the runner: batches, catch-up, ticks, restarts, stopping. */
import { type Static, Type } from "@sinclair/typebox";
import { type SubTopologyName, subTopologyNames } from "../topology.ts";

export const runOptionsSchema = Type.Object(
  {
    only: Type.Array(Type.String(), {
      default: [],
      description: `The sub-topologies that this process runs, with commas between (${subTopologyNames.join(", ")}); none named: all of them.`,
    }),
    trackThreads: Type.Integer({
      default: 1,
      minimum: 0,
      maximum: 64,
      description:
        "Threads that share the partitions of track, so that a busy stream delays no request; 0: the main thread has them.",
    }),
    batchRecordsMax: Type.Integer({
      default: 500,
      minimum: 1,
      maximum: 100_000,
      description: "Records per batch of a stream task: one commit covers a batch.",
    }),
    batchBytesMax: Type.Integer({
      default: 4_194_304,
      minimum: 1024,
      description: "Bytes per batch of a stream task, so that large states make small batches.",
    }),
    commitWaitMs: Type.Integer({
      default: 1_000,
      minimum: 0,
      maximum: 60_000,
      description:
        "How long offsets without outputs may wait for their commit where a stage seldom puts anything out (learn); after a crash so much is folded again.",
    }),
    readWaitMs: Type.Integer({
      default: 200,
      minimum: 0,
      maximum: 10_000,
      description: "How long an idle stream task waits for input before it looks at its timers.",
    }),
    catchUpMax: Type.Integer({
      default: 100_000,
      minimum: 1,
      description:
        "Most records that catch-up may have to replay: a snapshot of the store is taken at least this often.",
    }),
    snapshotRecordsMin: Type.Integer({
      default: 5_000,
      minimum: 1,
      description:
        "Fewest records between two snapshots of a small store; larger stores wait longer, up to catchUpMax.",
    }),
    pollMs: Type.Integer({
      default: 1_000,
      minimum: 10,
      description: "How often stages with a wall clock (learn, monitor) are asked for output.",
    }),
    tickMs: Type.Integer({
      default: 1_000,
      minimum: 10,
      description: "Least time between two ticks into a silent partition.",
    }),
    restartsMax: Type.Integer({
      default: 3,
      minimum: 0,
      description: "Restarts of a failed or stalled stream task within ten minutes; one more ends the process.",
    }),
    stalledMs: Type.Integer({
      default: 30_000,
      minimum: 100,
      description:
        "A stream task that does nothing for so long, though records wait, is stalled: a metric and a line of the log.",
    }),
    stalledRestartMs: Type.Integer({
      default: 60_000,
      minimum: 100,
      description: "A stream task that is stalled for so long is abandoned and made anew from what is committed.",
    }),
    stopMs: Type.Integer({
      default: 10_000,
      minimum: 100,
      description:
        "The one deadline under which a graceful stop, or a partition that goes to another process, finishes batches and writes snapshots.",
    }),
  },
  { additionalProperties: false },
);
export type RunOptions = Static<typeof runOptionsSchema>;

/** What a process runs, in the order of the topology. */
export function subTopologiesOf({ only }: Pick<RunOptions, "only">): readonly SubTopologyName[] {
  return subTopologyNames.filter((name) => only.length === 0 || only.includes(name));
}

/** What no schema says of single options. */
export function runProblems(run: RunOptions): readonly string[] {
  const { only, snapshotRecordsMin, catchUpMax } = run;
  const known: readonly string[] = subTopologyNames;
  const problems = only
    .filter((name) => !known.includes(name))
    .map((name) => `run.only: there is no sub-topology ${JSON.stringify(name)}, only ${known.join(", ")}`);
  if (snapshotRecordsMin > catchUpMax) problems.push("run.snapshotRecordsMin: must not be more than run.catchUpMax");
  if (run.stalledRestartMs < run.stalledMs) problems.push("run.stalledRestartMs: must not be less than run.stalledMs");
  return problems;
}
