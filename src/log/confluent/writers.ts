/** The schema id that each topic's records are written with: registered once, or found where registering is somebody else's to do. */
import { topicCodecs } from "../../codec/codecs.ts";
import {
  confluentHeader,
  confluentHeaderBytes,
  singleObjectHeader,
  singleObjectHeaderBytes,
} from "../../codec/framing.ts";
import type { SchemaRegistry } from "../../registry/client.ts";
import { RegistryError } from "../../registry/errors.ts";
import { isTopic } from "./readers.ts";

/** From single-object encoding by the current schema to Confluent framing; any other bytes stay as they are. */
export type Writer = (value: Uint8Array) => Uint8Array;

export interface Writers {
  /** Undefined: it must be asked for. */
  known(topic: string): Writer | undefined;
  /** Throws `RegistryError`. */
  ask(topic: string): Promise<Writer>;
}

export function createWriters(
  registry: Pick<SchemaRegistry, "register" | "find">,
  subjectOf: (topic: string) => string,
  register: boolean,
): Writers {
  const writers = new Map<string, Writer>();

  async function idOf(topic: keyof typeof topicCodecs): Promise<number> {
    const { schema, name } = topicCodecs[topic];
    const subject = subjectOf(topic);
    const id = register ? await registry.register(subject, schema) : await registry.find(subject, schema);
    if (id !== null) return id;
    throw new RegistryError(
      "missing",
      `the subject ${subject} does not have the schema that this version writes: register schemas/${name}.avsc under it, or set log.registry.register to true`,
    );
  }

  return {
    known: (topic) => writers.get(topic),
    async ask(topic) {
      const writer = isTopic(topic) ? framing(topicCodecs[topic].fingerprint, await idOf(topic)) : same;
      writers.set(topic, writer);
      return writer;
    },
  };
}

const same: Writer = (value) => value;

function framing(fingerprint: bigint, id: number): Writer {
  const ours = singleObjectHeader(fingerprint);
  const header = confluentHeader(id);
  return (value) => {
    if (!startsWith(value, ours)) return value;
    // A copy, since the value may be written again after a failure.
    const bytes = new Uint8Array(value.length - singleObjectHeaderBytes + confluentHeaderBytes);
    bytes.set(header);
    bytes.set(value.subarray(singleObjectHeaderBytes), confluentHeaderBytes);
    return bytes;
  };
}

function startsWith(value: Uint8Array, start: Uint8Array): boolean {
  for (let at = 0; at < start.length; at++) if (value[at] !== start[at]) return false;
  return true;
}
