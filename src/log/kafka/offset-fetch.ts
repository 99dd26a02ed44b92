/**
 * OffsetFetch version 7, which kafkajs does not know (it ends at 4): with `require_stable` the coordinator answers from all that it has
 * written, once that is safe. Without, one that took over a moment ago may answer from before the newest commits, and who starts there
 * does work twice, transactions or not. Version 7 is of the flexible kind (KIP-482): lengths are varints of one more, and tagged fields,
 * of which we send and read none, end every structure and both headers.
 */
import { definition, errorOf } from "./own-requests.ts";
import { WireReader } from "./wire-reader.ts";

export interface FetchedOffsets {
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly offset: string;
      readonly metadata: string | null;
      readonly errorCode: number;
    }[];
  }[];
}

const noTags = 0;

export interface OffsetFetchParameters {
  readonly group: string;
  readonly topics: readonly string[];
  readonly partitions: readonly number[];
  /** Refused (UNSTABLE_OFFSET_COMMIT) while a transaction that commits offsets is open. */
  readonly requireStable: boolean;
}

export const offsetFetch = definition("OffsetFetch", 7, encodeOffsetFetch, decodeOffsetFetch);

/** The first empty set of tags belongs to the header, which kafkajs ends before. */
export function encodeOffsetFetch({ group, topics, partitions, requireStable }: OffsetFetchParameters): Buffer {
  const numbers = partitions.map((partition) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(partition);
    return bytes;
  });
  const its = [length(partitions.length), ...numbers, Buffer.of(noTags)];
  return Buffer.concat([
    Buffer.of(noTags),
    text(group),
    length(topics.length),
    ...topics.flatMap((topic) => [text(topic), ...its]),
    Buffer.of(requireStable ? 1 : 0, noTags),
  ]);
}

/** Throws what the coordinator refuses. */
export function decodeOffsetFetch(payload: Buffer): FetchedOffsets {
  const reader = new WireReader(payload);
  reader.skipTags();
  reader.skip(4);
  const responses = reader.compactArray(() => {
    const topic = reader.compactText() ?? "";
    const partitions = reader.compactArray(() => {
      const partition = reader.int32();
      const offset = String(reader.bigint64());
      // The leader's epoch.
      reader.skip(4);
      const metadata = reader.compactText();
      const errorCode = reader.int16();
      reader.skipTags();
      return { partition, offset, metadata, errorCode };
    });
    reader.skipTags();
    return { topic, partitions };
  });
  const codes = [reader.int16(), ...responses.flatMap((one) => one.partitions.map((its) => its.errorCode))];
  const error = errorOf(codes.find((one) => one !== 0) ?? 0);
  if (error !== null) throw error;
  return { responses };
}

function length(count: number): Buffer {
  const bytes: number[] = [];
  let left = count + 1;
  for (; left > 0x7f; left >>>= 7) bytes.push((left & 0x7f) | 0x80);
  return Buffer.of(...bytes, left);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([length(bytes.length), bytes]);
}
