/** Requests for which kafkajs 2.2.4 has no words, by Kafka's message definitions: header and transport are kafkajs's. */

import { codes } from "./errors.ts";
import { type ApiName, apiKeys, createErrorFromCode, type RequestDefinitions } from "./kafkajs.ts";
import { WireReader } from "./wire-reader.ts";

export interface SettingChange {
  readonly topic: string;
  readonly settings: Readonly<Record<string, string>>;
}
export interface Altered {
  readonly topic: string;
  readonly code: number;
  readonly message: string | null;
}

const topicResource = 2;
const setOperation = 0;

/** IncrementalAlterConfigs 0 (KIP-339): sets what is named and leaves every other setting as it is, which AlterConfigs would drop. */
export const incrementalAlterConfigs = definition(
  "IncrementalAlterConfigs",
  0,
  ({ changes }: { readonly changes: readonly SettingChange[] }) => {
    const writer = new Writer().int32(changes.length);
    for (const { topic, settings } of changes) {
      const entries = Object.entries(settings);
      writer.int8(topicResource).text(topic).int32(entries.length);
      for (const [name, value] of entries) writer.text(name).int8(setOperation).text(value);
    }
    return writer.int8(0).bytes();
  },
  (payload): readonly Altered[] => {
    const reader = new WireReader(payload);
    reader.skip(4);
    return reader.array(() => {
      const code = reader.int16();
      const message = reader.text();
      reader.skip(1);
      return { topic: reader.text() ?? "", code, message };
    });
  },
);

/**
 * Produce 3 without a single record: who may not write is told so; who may is told that there must be a record (INVALID_RECORD). Nothing is
 * written either way.
 */
export const emptyProduce = definition(
  "Produce",
  3,
  ({ topics }: { readonly topics: readonly string[] }) => {
    const writer = new Writer().int16(-1).int16(-1).int32(30_000).int32(topics.length);
    for (const topic of topics) writer.text(topic).int32(1).int32(0).int32(0);
    return writer.bytes();
  },
  (payload): readonly { readonly topic: string; readonly code: number }[] => {
    const reader = new WireReader(payload);
    return reader.array(() => {
      const topic = reader.text() ?? "";
      const [code = codes.none] = reader.array(() => {
        reader.skip(4);
        const code = reader.int16();
        reader.skip(16);
        return code;
      });
      return { topic, code };
    });
  },
);

/** The error that a code stands for; null for none. */
export function errorOf(code: number, message: string | null = null): (Error & { readonly type: string }) | null {
  if (code === codes.none) return null;
  const error = createErrorFromCode(code);
  return message === null ? error : Object.assign(error, { message });
}

/** A request in our own words. `decode` throws where it has an error to tell. */
export function definition<P, T>(
  api: ApiName,
  version: number,
  encode: (parameters: P) => Buffer,
  decode: (payload: Buffer) => T,
): RequestDefinitions {
  return {
    versions: [String(version)],
    protocol: () => (parameters: P) => {
      const bytes = encode(parameters);
      return {
        // As kafkajs's own encoder shows itself.
        request: {
          apiKey: apiKeys[api],
          apiVersion: version,
          apiName: api,
          encode: async () => ({ buf: bytes, buffer: bytes }),
        },
        response: { decode: async (payload: Buffer) => decode(payload), parse: async (decoded) => decoded },
      };
    },
  };
}

class Writer {
  readonly #parts: Buffer[] = [];
  int8(value: number): this {
    return this.#put(Buffer.from([value]));
  }
  int16(value: number): this {
    const bytes = Buffer.alloc(2);
    bytes.writeInt16BE(value);
    return this.#put(bytes);
  }
  int32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return this.#put(bytes);
  }
  text(value: string): this {
    const bytes = Buffer.from(value);
    return this.int16(bytes.length).#put(bytes);
  }
  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
  #put(bytes: Buffer): this {
    this.#parts.push(bytes);
    return this;
  }
}
