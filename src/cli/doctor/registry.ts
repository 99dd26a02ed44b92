/** Whether the schema registry answers, and takes the schemas that this version writes. Registers nothing. */
import { topicCodecs } from "../../codec/codecs.ts";
import type { Config } from "../../config.ts";
import type { SchemaRegistry } from "../../registry/client.ts";
import { bad, type Check, ok } from "./check.ts";

export async function checkRegistry(
  { kafka, registry: { url, register } }: Config["log"],
  registry: Pick<SchemaRegistry, "find" | "check">,
): Promise<readonly Check[]> {
  const subjects = Object.entries(topicCodecs).map(([topic, { name, schema }]) => ({
    subject: `${kafka.prefix}${topic}-value`,
    name,
    schema,
  }));
  const found = await Promise.all(
    subjects.map(async (one) => ({ ...one, known: (await registry.find(one.subject, one.schema)) !== null })),
  );
  const missing = found.filter(({ known }) => !known);
  const registered = `${url.join(", ")} answers; it has ${found.length - missing.length} of ${found.length} schemas of this version`;
  if (missing.length === 0) return [ok("registry", registered)];
  const refused: string[] = [];
  for (const { subject, schema } of missing) {
    const { compatible, messages } = await registry.check(subject, schema);
    if (!compatible) refused.push([subject, ...messages.slice(0, 1)].join(": "));
  }
  if (refused.length > 0)
    return [
      bad(
        "registry",
        `refuses schemas of this version: ${refused.join("; ")}`,
        "give these subjects another compatibility level, or Driftline names of its own: log.kafka.prefix",
      ),
    ];
  if (register) return [ok("registry", `${registered}; the next start registers the rest`)];
  const first = missing[0];
  return [
    bad(
      "registry",
      `${registered}, and log.registry.register is false: nothing can be written`,
      `register schemas/${first?.name}.avsc under ${first?.subject} and so on, or set log.registry.register to true`,
    ),
  ];
}
