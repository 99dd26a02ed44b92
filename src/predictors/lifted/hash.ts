/** 32-bit hashes for tokens. Deterministic on every machine: integer arithmetic only. */

/** Mixes two 32-bit numbers into one (the finaliser of MurmurHash3 over a combination of both). */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(b ^ 0x27d4eb2f, 0xc2b2ae35);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 12;
  h = Math.imul(h, 0x297a2d39);
  return (h ^ (h >>> 15)) | 0;
}

/** FNV-1a over UTF-16 units, finished by `mix`; long texts count by length, head and tail, so that the time is bounded. */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  const { length } = text;
  const head = length > textCharsMax ? textCharsMax / 2 : length;
  for (let at = 0; at < head; at++) h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  for (let at = Math.max(head, length - textCharsMax / 2); at < length; at++)
    h = Math.imul(h ^ text.charCodeAt(at), 0x01000193);
  return mix(h, length);
}

/** Texts beyond this differ in head, tail or length, or are taken for equal by tokens (never by edits). */
const textCharsMax = 512;
