/**
 * A version as blobs: a head (shape, lore, gate, calibration) and the models in a few buckets by key, so that a version shares with the one
 * before it all buckets in which no forest was grown anew. Deflated JSON behind a magic; whatever is no blob is refused by its hash.
 */
import type { Json } from "../../../json/json.ts";
import { createSeal } from "../../lifted/seal.ts";
import type { WrittenConfidence } from "../../lifted/written.ts";
import type { RuleOrder } from "../../rule-orders.ts";
import type { CompanyText } from "../rules/company.ts";
import type { EffectsText } from "../rules/effects.ts";
import type { FactsForm } from "../state/facts.ts";
import type { Rename } from "../state/renames.ts";
import type { WrittenLore, WrittenModel } from "./written.ts";

export interface Head {
  readonly v: 1;
  readonly transitions: number;
  readonly stages: number;
  readonly forms: Json;
  readonly lore: WrittenLore;
  /** The gate's tallies. */
  readonly gate: readonly (readonly [name: string, wins: number, losses: number])[];
  readonly confidence: WrittenConfidence;
  readonly templates: readonly string[];
  readonly surprises: readonly string[];
  readonly renames: readonly Rename[];
  /** By stage, what happens alone; absent in versions from before it was learnt. */
  readonly company?: readonly (readonly CompanyText[])[];
  /** By stage, what comes effects; absent as above. */
  readonly effects?: readonly EffectsText[];
  /** Absent where states are no facts alone. */
  readonly facts?: FactsForm;
  /** Absent where there are none. */
  readonly orders?: readonly RuleOrder[];
}

export interface Bucket {
  readonly v: 1;
  readonly stage: number;
  readonly models: readonly WrittenModel[];
  /** Words of the tokens that the forests ask for. */
  readonly words: readonly (readonly [number, string])[];
}

export const seal = createSeal<Head | Bucket>("DLE1", "lifted-edits");

/** `hash`: of the bytes. Throws `BlobUnreadable`, naming it, where they are no head, or inflate to more than 256 MiB. */
export function decodeHead(bytes: Uint8Array, hash: string): Head {
  const head = seal.decode<Head>(bytes, hash);
  if (
    head.v !== 1 ||
    !Array.isArray(head.gate) ||
    !Array.isArray(head.renames) ||
    !Array.isArray(head.confidence?.records)
  )
    throw seal.unreadable(hash, "it has no head");
  return head;
}

/** The same of models. */
export function decodeBucket(bytes: Uint8Array, hash: string): Bucket {
  const bucket = seal.decode<Bucket>(bytes, hash);
  if (bucket.v !== 1 || !Array.isArray(bucket.models)) throw seal.unreadable(hash, "it has no models");
  return bucket;
}
