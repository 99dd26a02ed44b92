/** Where records are kept: the embedded file of one machine, or the user's own Kafka. */
import { Type } from "@sinclair/typebox";
import { registryOptionsSchema } from "../registry/options.ts";
import { kafkaOptionsSchema } from "./kafka/options.ts";

export const logOptionsSchema = Type.Object(
  {
    adapter: Type.Union([Type.Literal("embedded"), Type.Literal("kafka")], {
      default: "embedded",
      description: "embedded (one file in the data folder, one process) or kafka (many processes and machines).",
    }),
    partitions: Type.Integer({
      default: 4,
      minimum: 1,
      maximum: 1_024,
      description:
        "Partitions of the topics that are divided by episode or environment; fixed when the data folder is made.",
    }),
    retentionBytes: Type.Integer({
      default: 1_073_741_824,
      minimum: 1_048_576,
      description: "Bytes kept per topic that is not compacted (embedded log; on Kafka it is a setting of the topic).",
    }),
    kafka: kafkaOptionsSchema,
    registry: registryOptionsSchema,
  },
  { additionalProperties: false },
);
