/** All blobs of something that is made of several. */
import { BlobDamaged, type Blobs } from "./port.ts";

/** In the order of the hashes; null where one is gone or damaged. Throws where that cannot be known now. */
export async function readBlobs(
  blobs: Pick<Blobs, "get">,
  hashes: readonly string[],
): Promise<readonly Uint8Array[] | null> {
  const found: Uint8Array[] = [];
  for (const hash of hashes) {
    const bytes = await blobs.get(hash).catch(goneWhereDamaged);
    if (bytes === null) return null;
    found.push(bytes);
  }
  return found;
}

function goneWhereDamaged(error: unknown): null {
  if (error instanceof BlobDamaged) return null;
  throw error;
}
