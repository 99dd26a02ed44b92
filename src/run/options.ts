/** Options of the runner: batches, catch-up, ticks, restarts, stopping. */
import { type Static, Type } from "@sinclair/typebox";

export const runOptionsSchema = Type.Object(
  {
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
      description: "Restarts of a failed stream task within ten minutes; one more ends the process.",
    }),
    stopMs: Type.Integer({
      default: 10_000,
      minimum: 100,
      description:
        "The one deadline under which a graceful stop finishes batches, writes snapshots and leaves its groups.",
    }),
  },
  { additionalProperties: false },
);
export type RunOptions = Static<typeof runOptionsSchema>;
