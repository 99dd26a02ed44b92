/** Records in Confluent framing, each by the schema that the registry has for its id, as Avro single objects: so that all is decoded in one way. */
import { readFileSync } from "node:fs";
import type { Dump, Raw } from "./dump.ts";
import { canonical, type Findings } from "./findings.ts";

const framedBytes = 5;
const singleObject = Buffer.from([0xc3, 0x01, 0, 0, 0, 0, 0, 0, 0, 0]);

/** `registry`: root of its Confluent API. What is not framed stays as it is; a schema that is not this tree's is a finding. */
export async function unframe(dump: Dump, registry: string, findings: Findings): Promise<Dump> {
  const known = new Map<string, boolean>();
  async function isOurs(topic: string, id: number): Promise<boolean> {
    const answer = await fetch(`${registry}/schemas/ids/${id}`);
    if (!answer.ok) throw new Error(`the registry answers ${answer.status} for the id ${id} in ${topic}`);
    const { schema } = (await answer.json()) as { readonly schema: string };
    return canonical(JSON.parse(schema)) === canonical(ours(topic));
  }
  const topics = new Map<string, readonly Raw[]>();
  for (const [topic, records] of dump.topics) {
    const read: Raw[] = [];
    for (const record of records) {
      const { value } = record;
      if (value === null || value[0] !== 0 || value.length < framedBytes) {
        read.push(record);
        continue;
      }
      const id = value.readInt32BE(1);
      const key = `${topic} ${id}`;
      const is = known.get(key) ?? (await isOurs(topic, id));
      if (!known.has(key) && !is) findings.wrong(topic, `the schema ${id} is not that of ${topic}`);
      known.set(key, is);
      read.push({ ...record, value: Buffer.concat([singleObject, value.subarray(framedBytes)]) });
    }
    topics.set(topic, read);
  }
  return { ...dump, topics };
}

function ours(topic: string): unknown {
  const file = (path: string) => JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8"));
  const { schema }: { readonly schema: string } = file(`topics/${topic}.json`);
  return file(schema);
}
