/** Where large bytes are kept: model versions and snapshots. */
import { Type } from "@sinclair/typebox";

export const blobsOptionsSchema = Type.Object(
  {
    kind: Type.Union([Type.Literal("auto"), Type.Literal("folder"), Type.Literal("topic")], {
      default: "auto",
      description:
        "folder (in the data folder) or topic (in the log, so that every machine has them); auto: folder on the embedded log, topic on Kafka.",
    }),
    cacheBytes: Type.Integer({
      default: 1_073_741_824,
      minimum: 0,
      description:
        "Bytes of blobs of the log that are kept in the data folder too, so that they are not fetched twice.",
    }),
  },
  { additionalProperties: false },
);
