/** Numbers that an episode has shown: behind which words the last of them stood, and in which text a sentence said so. */
import type { PageBelief } from "../belief.ts";
import { numbers } from "../numbers.ts";
import { aroundOf } from "./outcomes.ts";
import { piecesOf } from "./pieces.ts";

/** Of what is kept of both, the oldest goes first. */
const keptMax = 512;
const valuesMax = 6;

export function keepValues({ seen, saidIn }: Pick<PageBelief, "seen" | "saidIn">, text: string): void {
  for (const { text: piece } of piecesOf(text) ?? []) {
    let left = valuesMax;
    for (const found of piece.matchAll(numbers)) {
      if (left-- <= 0) break;
      keep(seen, aroundOf(piece.slice(0, found.index)), found[0]);
    }
    if (left < valuesMax) keep(saidIn, piece, text);
  }
}

function keep(map: Map<string, string>, key: string, value: string): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.keys().next().value;
  if (map.size > keptMax && oldest !== undefined) map.delete(oldest);
}
