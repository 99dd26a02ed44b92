/** SHA-256 in hex. Sixteen characters are enough to tell situations, truths and rule sets apart (64 bits); blobs use all 64. */
import { hash } from "node:crypto";

export function sha256Hex(bytes: Uint8Array | string): string {
  return hash("sha256", bytes, "hex");
}

/** The first 16 hex characters (64 bits) of the SHA-256 of the text's UTF-8. */
export function hash16(text: string): string {
  return sha256Hex(text).slice(0, 16);
}
