/** Records as they lie in the log, in Confluent framing, as the stages know them: single-object encoding, or refused with a reason. */
import { framingOf } from "../../codec/codecs.ts";
import { confluentHeaderBytes, confluentSchemaId } from "../../codec/framing.ts";
import type { SchemaRegistry } from "../../registry/client.ts";
import { RegistryError } from "../../registry/errors.ts";
import { type LogRecord, RegistryFailed } from "../port.ts";
import { createReaders, type Reader } from "./readers.ts";

interface Question {
  readonly topic: string;
  readonly id: number;
  reader: Reader | undefined;
}

/** Questions on their way at one time, for one batch. */
const questionsMax = 8;
const truncated = {
  reason: "undecodable",
  message: `a record in Confluent framing has ${confluentHeaderBytes} bytes before its body`,
} as const;

export type Deframing = (records: readonly LogRecord[]) => Promise<readonly LogRecord[]>;

/** Throws `RegistryFailed` where the registry cannot be asked. `now`: epoch ms. */
export function createDeframing(registry: Pick<SchemaRegistry, "schema">, now: () => number): Deframing {
  const readers = createReaders(registry, now);

  /** The questions of a batch: one per topic and id. Neighbours mostly have the same. */
  function questionsOf(records: readonly LogRecord[]): readonly (Question | null)[] {
    const questions = new Map<string, Question>();
    let last: Question | null = null;
    return records.map((record) => {
      const id = schemaIdOf(record);
      const { topic } = record;
      if (id === null) return null;
      if (last !== null && last.id === id && last.topic === topic) return last;
      const key = `${topic} ${id}`;
      last = questions.get(key) ?? { topic, id, reader: readers.known(topic, id) };
      questions.set(key, last);
      return last;
    });
  }

  async function fromWire(records: readonly LogRecord[]): Promise<readonly LogRecord[]> {
    if (!records.some(isConfluent)) return records;
    const questions = questionsOf(records);
    const open = [...new Set(questions)].filter((one) => one !== null).filter(({ reader }) => reader === undefined);
    for (let at = 0; at < open.length; at += questionsMax) {
      const asked = open.slice(at, at + questionsMax).map(async (question) => {
        question.reader = await asking(readers.ask(question.topic, question.id));
      });
      await Promise.all(asked);
    }
    return records.map((record, at) => {
      const reader = questions[at]?.reader;
      const { topic, partition, offset, timestamp, key, value: sent } = record;
      if (reader === undefined || sent === null)
        return isConfluent(record) ? { ...record, refused: truncated } : record;
      const read = reader(sent);
      if (!(read instanceof Uint8Array)) return { ...record, refused: read };
      return { topic, partition, offset, timestamp, key, value: read, sent };
    });
  }

  return fromWire;
}

/** What the registry could not be asked is the log's failure. */
export async function asking<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof RegistryError ? new RegistryFailed(error.message, { cause: error }) : error;
  }
}

function isConfluent({ value }: LogRecord): boolean {
  return value !== null && framingOf(value) === "confluent";
}

function schemaIdOf({ value }: LogRecord): number | null {
  return value === null ? null : confluentSchemaId(value);
}
