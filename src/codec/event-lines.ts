/** Event files: one JSON event a line, plain or gzip (told by their bytes, not by their name); `-` is standard input. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";

export interface FileLine {
  readonly line: Buffer;
  /** From 1. */
  readonly number: number;
  /** Bytes of the file read so far, as stored: for progress. */
  readonly bytesRead: number;
}

/** A line beyond this is no event of ours. */
const lineBytesMax = 64 * 1024 * 1024;

export async function fileBytes(path: string): Promise<number> {
  return path === "-" ? 0 : (await stat(path)).size;
}

/** Throws what opening and reading throw, with the file's name; a damaged gzip file throws where the damage is met. */
export async function* readLines(path: string): AsyncGenerator<FileLine> {
  try {
    yield* linesOf(path);
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

async function* linesOf(path: string): AsyncGenerator<FileLine> {
  const counter = { bytes: 0 };
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  for await (const chunk of inflated(stored(path, counter))) {
    let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = data.indexOf(0x0a); end >= 0; end = data.indexOf(0x0a)) {
      number += 1;
      const line = data.subarray(0, end);
      data = data.subarray(end + 1);
      if (line.length > 0) yield { line, number, bytesRead: counter.bytes };
    }
    if (data.length > lineBytesMax) throw new Error(`line ${number + 1} has more than ${lineBytesMax} bytes`);
    rest = data;
  }
  if (rest.length > 0) yield { line: rest, number: number + 1, bytesRead: counter.bytes };
}

async function* stored(path: string, counter: { bytes: number }): AsyncGenerator<Buffer> {
  const source: AsyncIterable<Buffer> =
    path === "-" ? process.stdin : createReadStream(path, { highWaterMark: 1 << 18 });
  for await (const chunk of source) {
    counter.bytes += chunk.length;
    yield chunk;
  }
}

async function* inflated(chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const first = await chunks.next();
  if (first.done === true) return;
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) {
    yield first.value;
    yield* chunks;
    return;
  }
  const gunzip = createGunzip();
  const all = async function* () {
    yield first.value;
    yield* chunks;
  };
  // What goes wrong reaches whoever iterates over `gunzip`.
  pipeline(Readable.from(all()), gunzip, () => {});
  yield* gunzip;
}
