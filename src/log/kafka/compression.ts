/** What producers and brokers may compress batches with, by the number in a batch's attributes. All in plain JavaScript or Node's own zlib. */
import { createRequire } from "node:module";
import { gunzipSync } from "node:zlib";
import { Decompress } from "fzstd";

/** Neither package has types. */
const load = createRequire(import.meta.url);
const lz4: { decompressBound(frame: Uint8Array): number; decompress(frame: Uint8Array, bytes: number): Uint8Array } =
  load("lz4js");
const snappy: { uncompress(block: Uint8Array, bytesMax: number): Uint8Array } = load("snappyjs");

/** Bytes of a batch once it is decompressed: what is larger is a bomb, or a mistake. */
export const decompressedBytesMax = 134_217_728;

const decompressors: Readonly<Record<number, (bytes: Buffer) => Uint8Array>> = {
  1: (bytes) => gunzipSync(bytes, { maxOutputLength: decompressedBytesMax }),
  2: decompressSnappy,
  3: decompressLz4,
  4: decompressZstd,
};

/** Throws for a number that is not known, for what is not of its format, and for what is too large. */
export function decompress(bytes: Buffer, compression: number): Buffer {
  const decompressor = decompressors[compression];
  if (decompressor === undefined) throw new Error(`compression ${compression} is unknown`);
  const plain = decompressor(bytes);
  return Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength);
}

/** Java clients frame blocks (the format of snappy-java: a head, then blocks with their lengths); librdkafka may write a bare block. */
const snappyFrame = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const snappyHeadBytes = 16;

function decompressSnappy(bytes: Buffer): Uint8Array {
  if (!bytes.subarray(0, snappyFrame.length).equals(snappyFrame)) return snappy.uncompress(bytes, decompressedBytesMax);
  const blocks: Uint8Array[] = [];
  let left = decompressedBytesMax;
  for (let at = snappyHeadBytes; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) throw new Error("a snappy block is cut off");
    const block = snappy.uncompress(bytes.subarray(at + 4, end), left);
    left -= block.length;
    blocks.push(block);
    at = end;
  }
  return Buffer.concat(blocks);
}

function decompressLz4(bytes: Buffer): Uint8Array {
  const bound = lz4.decompressBound(bytes);
  // It reads sizes of four gigabytes and more as negative ones.
  if (bound < 0 || bound > decompressedBytesMax) throw tooLarge();
  return lz4.decompress(bytes, bound);
}

function decompressZstd(bytes: Buffer): Uint8Array {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const stream = new Decompress((chunk) => {
    size += chunk.length;
    if (size > decompressedBytesMax) throw tooLarge();
    chunks.push(chunk);
  });
  stream.push(bytes, true);
  return Buffer.concat(chunks);
}

function tooLarge(): Error {
  return new Error(`it has more than ${decompressedBytesMax} bytes once decompressed`);
}
