/**
 * How the records of a schema id become ours, decided once per topic and id: what this version knows gets another header, what another writer
 * wrote is translated by Avro schema resolution, the rest is refused with a reason. Asking the registry is all that waits.
 */
import { CodecError, topicCodecs } from "../../codec/codecs.ts";
import type { DeadLetterReason } from "../../codec/dead-letter-reasons.ts";
import { fingerprintOf } from "../../codec/fingerprint.ts";
import { confluentHeaderBytes, schemaIdMax, singleObjectHeader, singleObjectHeaderBytes } from "../../codec/framing.ts";
import type { SchemaRegistry, WriterSchema } from "../../registry/client.ts";

/** From a record in Confluent framing to one in single-object encoding, or why not. Synchronous. */
export type Reader = (sent: Uint8Array) => Uint8Array | Refused;
export interface Refused {
  readonly reason: DeadLetterReason;
  readonly message: string;
}

export interface Readers {
  /** Undefined: it must be asked for. */
  known(topic: string, id: number): Reader | undefined;
  /** Throws `RegistryError`. */
  ask(topic: string, id: number): Promise<Reader>;
}

/** Of all topics together; the oldest goes first. A record costs a question again, no more. */
const readersMax = 1_000;
/** A producer whose registry lags behind is heard again. */
const askAgainMs = 60_000;

export function createReaders(registry: Pick<SchemaRegistry, "schema">, now: () => number): Readers {
  const readers = new Map<string, { readonly read: Reader; readonly until: number }>();

  function keep(key: string, read: Reader, until: number): Reader {
    const [oldest] = readers.keys();
    if (readers.size >= readersMax && oldest !== undefined) readers.delete(oldest);
    readers.set(key, { read, until });
    return read;
  }

  return {
    known(topic, id) {
      const found = readers.get(`${topic} ${id}`);
      return found !== undefined && now() < found.until ? found.read : undefined;
    },
    async ask(topic, id) {
      const schema = id > schemaIdMax ? null : await registry.schema(id);
      const key = `${topic} ${id}`;
      if (schema !== null) return keep(key, readerOf(topic, id, schema), Number.POSITIVE_INFINITY);
      const message = `the schema registry has no schema with the id ${id}: the producer uses another registry, or it was deleted`;
      return keep(key, refusing("unknown-schema", message), now() + askAgainMs);
    },
  };
}

function readerOf(topic: string, id: number, { type, text }: WriterSchema): Reader {
  const foreign = (why: string) => refusing("foreign-schema", `the schema with the id ${id} ${why}`);
  if (!isTopic(topic)) return foreign(`is of ${topic}, which is no topic of Driftline`);
  if (type !== "AVRO") return foreign(`is ${type}: only Avro is read`);
  const codec = topicCodecs[topic];
  try {
    const writer: unknown = JSON.parse(text);
    return codec.knows(writer) ? reframing(fingerprintOf(writer)) : translating(codec.translator(writer));
  } catch (error) {
    // A schema that nests without end is one of those that cannot be read.
    if (error instanceof CodecError || error instanceof SyntaxError || error instanceof RangeError)
      return foreign(`cannot be read as ${codec.name}: ${error.message}`);
    throw error;
  }
}

function reframing(fingerprint: bigint): Reader {
  const header = singleObjectHeader(fingerprint);
  return (sent) => {
    const bytes = new Uint8Array(sent.length - confluentHeaderBytes + singleObjectHeaderBytes);
    bytes.set(header);
    bytes.set(sent.subarray(confluentHeaderBytes), singleObjectHeaderBytes);
    return bytes;
  };
}

function translating(translate: (bytes: Uint8Array, start: number) => Uint8Array): Reader {
  return (sent) => {
    try {
      return translate(sent, confluentHeaderBytes);
    } catch (error) {
      if (error instanceof CodecError) return { reason: "undecodable", message: error.message };
      throw error;
    }
  };
}

function refusing(reason: DeadLetterReason, message: string): Reader {
  const refused = { reason, message };
  return () => refused;
}

export function isTopic(name: string): name is keyof typeof topicCodecs {
  return Object.hasOwn(topicCodecs, name);
}
