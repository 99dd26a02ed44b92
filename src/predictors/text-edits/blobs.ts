/**
 * A version as blobs: a head (structure, confidence), what is remembered, and the choices in a few buckets by form, so that a version shares
 * with the one before it all buckets in which no forest was grown anew.
 */
import { createSeal } from "../lifted/seal.ts";
import type { WrittenConfidence } from "../lifted/written.ts";
import type { RuleOrder } from "../rule-orders.ts";
import type { WrittenStructure } from "./structure.ts";
import type { WrittenTally } from "./tallies.ts";
import type { WrittenTask } from "./tasks.ts";
import type { WrittenChoice, WrittenRemembered } from "./written.ts";

export interface Head {
  readonly v: 1;
  readonly transitions: number;
  readonly structure: WrittenStructure;
  readonly confidence: WrittenConfidence;
  /** Absent in versions from before they were counted. */
  readonly tallies?: readonly WrittenTally[];
  /** Absent in versions from before tasks were told apart. */
  readonly tasks?: readonly WrittenTask[];
  /** Absent where there are none. */
  readonly orders?: readonly RuleOrder[];
}

export interface Bucket {
  readonly v: 1;
  readonly choices: readonly WrittenChoice[];
  /** Words of the tokens that the forests ask for. */
  readonly words: readonly (readonly [number, string])[];
}

export const seal = createSeal<Head | WrittenRemembered | Bucket>("DTE1", "text-edits");

export function decodeHead(bytes: Uint8Array, hash: string): Head {
  const head = seal.decode<Head>(bytes, hash);
  if (head.v !== 1 || !Array.isArray(head.structure?.sources) || !Array.isArray(head.confidence?.records))
    throw seal.unreadable(hash, "it has no head");
  return head;
}

export function decodeRemembered(bytes: Uint8Array, hash: string): WrittenRemembered {
  const remembered = seal.decode<WrittenRemembered>(bytes, hash);
  const { places, habits, constants, sources, texts = [], sights = [], curves = [], calls = [] } = remembered;
  if (![places, habits, constants, sources, texts, sights, curves, calls].every(Array.isArray))
    throw seal.unreadable(hash, "it remembers nothing");
  return remembered;
}

export function decodeBucket(bytes: Uint8Array, hash: string): Bucket {
  const bucket = seal.decode<Bucket>(bytes, hash);
  if (bucket.v !== 1 || !Array.isArray(bucket.choices) || !Array.isArray(bucket.words))
    throw seal.unreadable(hash, "it has no choices");
  return bucket;
}
