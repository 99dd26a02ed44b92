/** A frame as it lies in the file: deflated where that helps. */
import { deflateRawSync, inflateRawSync } from "node:zlib";

/** First byte of a stored frame. */
const plain = 0;
const deflated = 1;
/** Below this deflating costs more than it saves. */
const deflateMin = 256;

/** As it lies in the file. */
export function storeFrame(packed: Uint8Array): Buffer {
  if (packed.length >= deflateMin) {
    const small = deflateRawSync(packed, { level: 1 });
    if (small.length < packed.length) return Buffer.concat([Buffer.from([deflated]), small]);
  }
  return Buffer.concat([Buffer.from([plain]), packed]);
}

/** libsql gives a blob as bytes for one row, and as their buffer for many. */
export function loadFrame(blob: Uint8Array | ArrayBuffer): Uint8Array {
  const stored = blob instanceof ArrayBuffer ? new Uint8Array(blob) : blob;
  const rest = stored.subarray(1);
  return stored[0] === deflated ? inflateRawSync(rest) : rest;
}
